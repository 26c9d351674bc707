"""What a reader sees of Telegram HTML: runs of text with their style and link. Pure."""

import unicodedata
from dataclasses import dataclass
from html.parser import HTMLParser

from matchers.language.graphemes import border

LIMIT = 4096  # code points of one message, after parsing


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style. `tags` are those open around it, outermost first; `url` is "" outside a link."""

    text: str
    tags: tuple[str, ...] = ()
    url: str = ""


class _Runs(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.runs: list[Run] = []
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append((tag, dict(attrs).get("href") or ""))

    def handle_endtag(self, tag: str) -> None:
        for index in range(len(self._open) - 1, -1, -1):
            if self._open[index][0] == tag:
                del self._open[index:]
                return

    def handle_data(self, data: str) -> None:
        url = next((href for tag, href in reversed(self._open) if tag == "a"), "")
        self.runs.append(Run(data, tuple(tag for tag, _ in self._open), url))


def runs(html: str) -> tuple[Run, ...]:
    """The runs of `html`, in order. Markup that is wrong is read as well as it can be, and never refused."""
    parser = _Runs()
    parser.feed(html)
    parser.close()
    return tuple(parser.runs)


def sendable(text: str) -> str:
    """`text` without what no server, mail reader or terminal takes: controls but the line feed, lone surrogates."""
    if text.isprintable():
        return text
    return "".join(char for char in text if char == "\n" or unicodedata.category(char) not in ("Cc", "Cs"))


def plain(html: str) -> str:
    """`html` as text that no server can refuse for its markup, held to `LIMIT`; an address follows what it links.

    Lone surrogates and control characters, which cannot be sent at all, are left out.
    """
    parts: list[str] = []
    linked = ""
    for run in (*runs(html), Run("")):
        if linked and run.url != linked:
            parts.append(f" ({linked})")
        linked = run.url
        parts.append(run.text)
    text = sendable("".join(parts))
    return text if len(text) <= LIMIT else text[: border(text, LIMIT - 1)] + "…"
