"""A brief as a page that prints, and as the draft of a letter: HTML that loads nothing."""

from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import SMTP
from html import escape

from bot.briefs.text import BlockKind, Piece, TextBlock, name_of
from bot.messages.texts import Language

_TAGS: dict[BlockKind, tuple[str, str]] = {  # an element, its look: a letter keeps no style sheet
    "title": ("h1", "font-size:1.7em;margin:0 0 .2em"),
    "subtitle": ("p", "font-size:1.1em;margin:0 0 .2em"),
    "heading": ("h2", "font-size:1.25em;margin:1.4em 0 .3em"),
    "story": ("h3", "font-size:1.05em;margin:1em 0 .1em"),
    "line": ("p", "margin:.5em 0 .1em"),
    "small": ("p", "font-size:.85em;color:#555;margin:.1em 0"),
    "quote": ("blockquote", "font-style:italic;margin:.3em 0 .3em 1.2em"),
    "comment": ("p", "background:#f2f2f2;margin:.3em 0 .3em 1.2em;padding:.2em .4em"),
}
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_WHOLE = "font-family:sans-serif;line-height:1.4;max-width:46em;margin:auto;padding:1em"


def page(blocks: Sequence[TextBlock], language: Language) -> str:
    """The page whole; on paper the detail begins on a sheet of its own."""
    title = escape(blocks[0].text)
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f'<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n</head>\n{_body(blocks)}\n</html>\n'
    )


def draft(blocks: Sequence[TextBlock]) -> bytes:
    """A letter without sender or recipient, that a mail program opens to be sent: text, and HTML."""
    made = EmailMessage(policy=SMTP)
    made["Subject"] = name_of(blocks)
    made["X-Unsent"] = "1"
    made.set_content("\n".join(block.text for block in blocks), cte="quoted-printable")
    made.add_alternative(f"<!doctype html><html>{_body(blocks)}</html>", subtype="html", cte="quoted-printable")
    made.set_boundary("vigie-brief-5f1c0a")  # else it is drawn anew each time
    return made.as_bytes()


def _body(blocks: Sequence[TextBlock]) -> str:
    return f'<body style="{_WHOLE}">\n{"".join(map(_paragraph, blocks))}</body>'


def _paragraph(block: TextBlock) -> str:
    tag, look = _TAGS[block.kind]
    fresh = ";break-before:page" if block.new_page else ""
    return f'<{tag} style="{look}{fresh}">{"".join(map(_run, block.pieces))}</{tag}>\n'


def _run(piece: Piece) -> str:
    text = escape(piece.text, quote=False)
    return f'<a href="{escape(piece.url)}" rel="noopener noreferrer">{text}</a>' if piece.url else text
