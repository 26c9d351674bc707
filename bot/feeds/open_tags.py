"""Closes what an item of a feed left open, which else takes the next items into itself."""

import re

_LEAVES = (
    rb"title|link|guid|id|pubdate|published|updated|dc:date|dc:creator|author|category|comments"
    rb"|source(?=[^<>]{0,300}>\s{0,99}[^\s<])"  # that of Atom holds elements
)
_BOXES = rb"description|summary|content:encoded|content"
# The text of a leaf up to the next tag that is not its own: `<title>Un<link>`, `<title>Un</titel>`, `<title>Un</item>`.
_OPEN_LEAF = re.compile(
    rb"<(" + _LEAVES + rb")((?:\s[^<>]{0,300})?)>([^<]{0,4000}|\s*<!\[CDATA\[[^<]{0,4000}\]\]>\s*)"
    rb"(?=<(?!/\1[\s>])(?:(/(?:item|entry)>)|(/)[\w:.-]{1,40}\s*>|(?:" + _LEAVES + rb"|" + _BOXES +
    rb"|enclosure|source|(?:media|dc|slash|wfw|itunes):[\w-]{1,40})[\s/>]))",
    re.IGNORECASE,
)  # fmt: skip
_END = re.compile(rb"</[\w:.-]{1,40}\s*>")
_BOX = re.compile(rb"<(" + _BOXES + rb")(?:\s[^<>]{0,300})?(?<!/)>", re.IGNORECASE)
_LAST = re.compile(rb"</(?:[\w.-]{1,30}:)?(?:item|entry)\s*>\s*\Z", re.IGNORECASE)
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_ITEM_END = re.compile(r"</(?:item|entry)\s*>", re.IGNORECASE)
_OPENED = re.compile(r"<([\w:.-]{1,40})(?:\s[^<>]{0,300})?>\s*\Z")


def closed(item: bytes) -> bytes:
    """One item whose titles, links, dates and texts have an end tag."""
    parts, position = [], 0
    while found := _OPEN_LEAF.search(item, position):
        parts += [item[position : found.end()], b"</" + found[1] + b">"]
        position = found.end()
        if found[5] and (wrong := _END.match(item, position)):  # an end tag with another name stands for its own
            position = wrong.end()
    item = b"".join((*parts, item[position:]))
    last = _LAST.search(item, max(0, len(item) - 100))
    end = last.start() if last else len(item)
    for name in {box[1] for box in _BOX.finditer(item)}:
        if b"</" + name not in item:
            item = item[:end] + b"</" + name + b">" + item[end:]
    return item


def sections_closed(text: str) -> str:
    """The document with an end for each CDATA section that another begins in, past the end of its item: sections do
    not nest, so it was left open."""
    if text.count(_CDATA) <= text.count(_CDATA_END):
        return text
    parts, shown = [], 0
    start, end = text.find(_CDATA), 0
    while start >= 0:
        end = text.find(_CDATA_END, start) if 0 <= end <= start else end  # one look where none is left
        following = text.find(_CDATA, start + 1)
        if following >= 0 and (end < 0 or following < end) and _ITEM_END.search(text, start, following):
            at = _meant_end(text, start, following)
            parts += [text[shown:at], _CDATA_END]
            shown = at + 2 * text.startswith("]]", at)
            start = following
        else:
            start = text.find(_CDATA, end) if end >= 0 else -1
    return "".join((*parts, text[shown:]))


def _meant_end(text: str, start: int, following: int) -> int:
    """Before the end tag of the element that the section stands in; without one before the end of the item."""
    opened = _OPENED.search(text[max(0, start - 400) : start])
    at = text.find(f"</{opened[1]}", start, following) if opened else -1
    if at < 0:
        item = _ITEM_END.search(text, start, following)
        assert item is not None, "asked for by the caller"
        at = item.start()
    return at - 2 * text.endswith("]]", start, at)
