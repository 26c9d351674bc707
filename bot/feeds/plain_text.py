"""From a feed's HTML to plain text, in time linear in its size."""

import html
import re

from bot.feeds.charset import C1_AS_CP1252

_LONGEST_SOURCE = 2 << 20  # characters of HTML looked at
_LONGEST_ATTRIBUTE = 2000
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "figure", "footer", "h1",
    "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "table", "tr", "ul",
})  # fmt: skip
_HIDDEN = frozenset({"script", "style", "iframe", "noscript", "template", "svg", "object"})
_CODE = frozenset({"script", "style"})
_TAG = re.compile(r"<(?:!--|/?([A-Za-z][A-Za-z0-9]{0,20})|[!?])")
_SPACE = re.compile(r"\s+")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_MARKUP = re.compile(r"</?(?:a|b|br|div|em|i|img|p|span|strong|u)(?:\s[^<>]{0,500})?/?>", re.IGNORECASE)


def line(source: str, longest: int) -> str:
    """One line: tags gone, entities undone, white space collapsed, cut at `longest` characters."""
    text = _undone(_without_tags(source))
    if _MARKUP.search(text) or _ENTITY.search(text):  # escaped twice by its publisher
        text = _undone(_MARKUP.sub(" ", text))
    return _cut(_SPACE.sub(" ", text).strip(), longest)


def paragraphs(source: str, longest: int) -> str:
    """The same, one paragraph a line."""
    lines = (_SPACE.sub(" ", part).strip() for part in _undone(_without_tags(source)).split("\n"))
    return _cut("\n".join(part for part in lines if part), longest)


def _undone(text: str) -> str:
    return html.unescape(text).translate(C1_AS_CP1252).replace("\0", "")


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _without_tags(source: str) -> str:
    source = source[:_LONGEST_SOURCE]
    if "<" not in source:
        return source
    kept: list[str] = []
    open_for_ever: set[str] = set()  # searched once: else a page of such tags would take for ever as well
    position = 0
    while tag := _TAG.search(source, position):
        kept.append(source[position : tag.start()].replace("\n", " "))
        position = _end(source, tag, open_for_ever)
        if position < 0:
            return "".join(kept)
        if (tag[1] or "").lower() in _BLOCKS:
            kept.append("\n")
    kept.append(source[position:].replace("\n", " "))
    return "".join(kept)


def _end(source: str, tag: "re.Match[str]", open_for_ever: set[str]) -> int:
    """Where what this tag hides ends; -1 if it never does."""
    name = (tag[1] or "").lower()
    if tag[0] == "<!--":
        return _after(source, "-->", tag.end())
    if name in _HIDDEN and name not in open_for_ever and source[tag.start() + 1] != "/":
        closing = re.compile(rf"</{name}\b[^<>]*>", re.IGNORECASE).search(source, tag.end())
        if closing:
            return closing.end()
        if name in _CODE:
            return -1  # what follows is no text, however long
        open_for_ever.add(name)
    end = _after(source, ">", tag.end())
    if end > 0 and source.count('"', tag.end(), end) % 2:  # the ">" stands in a quoted attribute
        quote = source.find('"', end, end + _LONGEST_ATTRIBUTE)
        return _after(source, ">", quote) if quote >= 0 else end
    return end


def _after(source: str, mark: str, start: int) -> int:
    at = source.find(mark, start)
    return at + len(mark) if at >= 0 else -1
