"""A brief as an OpenDocument text: paragraphs with styles, links, and nothing that runs, updates or loads."""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from bot.archive import archived
from bot.briefs.text import COUNTRIES, BlockKind, Piece, TextBlock, name_of
from bot.messages.texts import Language

KIND = "application/vnd.oasis.opendocument.text"
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NS = "urn:oasis:names:tc:opendocument:xmlns"
_NAMES = (
    f'xmlns:office="{_NS}:office:1.0" xmlns:text="{_NS}:text:1.0" xmlns:style="{_NS}:style:1.0" '
    f'xmlns:fo="{_NS}:xsl-fo-compatible:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2"'
)
_LOOKS: dict[BlockKind, tuple[str, str]] = {  # of the paragraph, of the letters
    "title": ('fo:margin-bottom="0.1cm"', 'fo:font-size="20pt" fo:font-weight="bold"'),
    "subtitle": ('fo:margin-bottom="0.1cm"', 'fo:font-size="12pt"'),
    "heading": ('fo:margin-top="0.5cm" fo:margin-bottom="0.15cm" fo:keep-with-next="always"',
                'fo:font-size="14pt" fo:font-weight="bold"'),
    "story": ('fo:margin-top="0.35cm" fo:margin-bottom="0.04cm" fo:keep-with-next="always"',
              'fo:font-size="11.5pt" fo:font-weight="bold"'),
    "line": ('fo:margin-top="0.15cm" fo:margin-bottom="0.04cm"', 'fo:font-size="11pt"'),
    "small": ('fo:margin-bottom="0.04cm"', 'fo:font-size="9pt" fo:color="#555555"'),
    "quote": ('fo:margin-left="0.6cm" fo:margin-top="0.07cm"', 'fo:font-size="10pt" fo:font-style="italic"'),
    "comment": ('fo:margin-left="0.6cm" fo:margin-top="0.07cm" fo:background-color="#f2f2f2"', 'fo:font-size="10.5pt"'),
}  # fmt: skip
_LEVELS: dict[BlockKind, int] = {"heading": 1, "story": 2}


def odt(blocks: Sequence[TextBlock], language: Language) -> bytes:
    """The document."""
    body = "".join(map(_paragraph, blocks))
    content = (
        f"{_XML}<office:document-content {_NAMES}>"
        f"<office:automatic-styles>{_styles(language)}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return archived(
        (
            ("content.xml", content),
            ("meta.xml", _meta(name_of(blocks), language)),
            ("META-INF/manifest.xml", _MANIFEST),
        ),
        first=("mimetype", KIND),
    )


def _meta(name: str, language: Language) -> str:
    """What a list of files or a screen reader says of it before it is opened."""
    return (
        f'{_XML}<office:document-meta xmlns:office="{_NS}:office:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'office:version="1.2"><office:meta><dc:title>{escape(name)}</dc:title><dc:language>{language}</dc:language>'
        "</office:meta></office:document-meta>"
    )


def _paragraph(block: TextBlock) -> str:
    style = f"{block.kind}-new" if block.new_page else block.kind
    runs = "".join(map(_run, block.pieces))
    level = _LEVELS.get(block.kind)
    if level is None:
        return f'<text:p text:style-name="{style}">{runs}</text:p>'
    return f'<text:h text:style-name="{style}" text:outline-level="{level}">{runs}</text:h>'


def _run(piece: Piece) -> str:
    text = _spaced(escape(piece.text))
    return f'<text:a xlink:type="simple" xlink:href={quoteattr(piece.url)}>{text}</text:a>' if piece.url else text


def _spaced(text: str) -> str:
    """Blanks at either end are an element here, or a reader drops them."""
    start, end = text[: len(text) - len(text.lstrip(" "))], text[len(text.rstrip(" ")) :] if text.strip(" ") else ""
    return "<text:s/>" * len(start) + text.strip(" ") + "<text:s/>" * len(end)


def _styles(language: Language) -> str:
    spoken = f'fo:language="{language}" fo:country="{COUNTRIES[language]}"'
    return "".join(
        f'<style:style style:name="{kind}{suffix}" style:family="paragraph"><style:paragraph-properties '
        f"{paragraph}{fresh}/><style:text-properties {letters} {spoken}/></style:style>"
        for kind, (paragraph, letters) in _LOOKS.items()
        for suffix, fresh in (("", ""), ("-new", ' fo:break-before="page"'))
    )


_MANIFEST = (
    f'{_XML}<manifest:manifest xmlns:manifest="{_NS}:manifest:1.0" manifest:version="1.2">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.2" manifest:media-type="{KIND}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    '<manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)
