"""The one reader of text that may hold HTML, in time linear in its size: what is no tag is a word, and stays."""

import html
import re
import unicodedata

from bot.feeds.charset import C1_AS_CP1252
from matchers.language.graphemes import border

MARKS = 30  # combining marks in a row, as in Unicode's stream-safe text: normalising longer runs is quadratic
_ROUNDS = 3  # how often a text may have been escaped
_LONGEST_SOURCE = 2 << 20  # characters of HTML looked at
_LONGEST_TAG = 4000
_BLOCK_NAMES = """
    address article aside blockquote br center dd details dialog dir div dl dt fieldset figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol optgroup option p pre section summary table tbody td
    tfoot th thead tr ul"""
_INLINE_NAMES = """
    a abbr acronym amp-img area audio b base basefont bdi bdo big blink body button canvas caption cite code col
    colgroup data datalist del dfn em embed font frame frameset g head html i img input ins kbd label link
    map mark marquee math meta meter nobr noframes output param path picture progress q rb rp rt rtc ruby s samp
    search select slot small source span strike strong sub sup textarea time title track tt u var video wbr"""
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_CODE = frozenset({"script", "style"})
_HIDDEN = _CODE | {"iframe", "noscript", "template", "svg", "object", "applet"}
_NEVER_BARE = frozenset({"audio", "canvas", "iframe", "object", "svg", "template", "textarea", "video"})
_CLOSED = _HIDDEN | _NEVER_BARE
_ELEMENTS = _BLOCKS | _HIDDEN | frozenset(_INLINE_NAMES.split())
_TAG = re.compile(
    r"<(?:(?P<mark>!--|!\[CDATA\[)|(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9]{0,20}(?:[:-][A-Za-z0-9-]{1,40})?)(?=[\s/>]|\Z)"
    r"|[!?](?=[A-Za-z\[]))"
)
_SAYS = re.compile(r"""[\w:@.-]\s*=\s*(?:["']|[^\s<>"'])""")  # an attribute with its value
_CUT = re.compile(r"""\s+[\w:-]+\s*=\s*["'][^<>]*|/?""")
_FLAGS = re.compile(r"[\s/]*(?:(?:async|autoplay|checked|controls|defer|disabled|hidden|loop|muted|nofollow|novalidate|"
                    r"nowrap|noshade|open|readonly|required|reversed|selected|allowfullscreen|itemscope)[\s/]*)*",
                    re.IGNORECASE)  # fmt: skip
_PROGRAM = re.compile(r"[{}=]|\w\(|\);")
_SPACE = re.compile(r"\s+")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
# « Santé &notre » : names of signs that may lack their semicolon, and begin words of our languages
_WORD = re.compile(
    r"&(?=(?:not|copy|para|sect|times|reg|deg|micro|pound|yen|shy|cent|curren|ord[fm]|divide|macr|uml|lt|gt)[A-Za-z]"
    r"(?![A-Za-z]{0,29};))"
)
_CONTROLS = (*range(9), *range(0x0E, 0x1C), 0x7F)  # the others between are white space
_MEANT = {**C1_AS_CP1252, **dict.fromkeys(_CONTROLS)}
_MISPLACED = re.compile(r"[\0-\x08\x0e-\x1b\x7f-\x9f]")
_FAR = re.compile(rf"[^\x00-\u02ff]{{{MARKS + 1},}}")  # no mark stands below U+0300


def line(source: str, longest: int) -> str:
    """One line: tags gone, entities undone however often they were escaped, white space collapsed, cut at `longest`
    characters."""
    text = source[:_LONGEST_SOURCE]
    for _ in range(_ROUNDS):
        before, text = text, _undone(_without_tags(text))
        if text == before or not ("<" in text or _ENTITY.search(text)):
            break
    return _cut(_SPACE.sub(" ", text).strip(), longest)


def paragraphs(source: str, longest: int) -> str:
    """The same, one paragraph a line; escaped code that stands in HTML is shown as it is."""
    source = source[:_LONGEST_SOURCE]
    text = _without_tags(source)
    if text == source:  # no tag at all: escaped once more than it should, or plain
        text = _without_tags(_undone(source))
    lines = (_SPACE.sub(" ", part).strip() for part in _undone(text).split("\n"))
    return _cut("\n".join(part for part in lines if part), longest)


def as_written(source: str, longest: int) -> str:
    """One line of what its publisher declares to hold no tags."""
    return _cut(_SPACE.sub(" ", _undone(source[:_LONGEST_SOURCE])).strip(), longest)


def bounded_marks(text: str) -> str:
    """The text less the combining marks beyond 30 in a row: they hold up whoever normalises them."""
    return text if text.isascii() else _FAR.sub(_fewer_marks, text)


def _fewer_marks(found: re.Match[str]) -> str:
    kept, marks = [], 0
    for char in found[0]:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= MARKS:
            kept.append(char)
    return "".join(kept)


def _undone(text: str) -> str:
    if "&" in text:
        text = html.unescape(_WORD.sub("&amp;", text))
    return legible(text)


def legible(text: str) -> str:
    """The text less its control characters, those of cp1252 in disguise read as they are meant."""
    return text.translate(_MEANT) if _MISPLACED.search(text) else text


def _cut(text: str, longest: int) -> str:
    text = bounded_marks(text)
    return text if len(text) <= longest else text[: border(text, longest - 1)].rstrip() + "…"


def _without_tags(source: str) -> str:
    if "<" not in source:
        return source
    kept: list[str] = []
    open_for_ever: set[str] = set()  # searched once: else a page of such tags would take for ever as well
    position = shown = 0
    while tag := _TAG.search(source, position):
        end = _end(source, tag, open_for_ever)
        if end < 0:  # no tag: a word
            position = tag.end()
            continue
        kept.append(source[shown : tag.start()].replace("\n", " "))
        if (tag["name"] or "").lower() in _BLOCKS:
            kept.append("\n")
        elif tag["mark"] == "![CDATA[":
            kept.append(source[tag.end() : end].removesuffix("]]>").replace("\n", " "))
        position = shown = end
    if not kept:
        return source
    kept.append(source[shown:].replace("\n", " "))
    return "".join(kept)


def _end(source: str, tag: re.Match[str], open_for_ever: set[str]) -> int:
    """Where this tag, and what it hides, ends; -1 if it is none."""
    if tag["mark"]:
        return _marked(source, tag, open_for_ever)
    name = (tag["name"] or "").lower()
    end = _tag_end(source, tag, name)
    if end < 0 or name not in _CLOSED or tag["end"]:
        return end
    known_open = name in open_for_ever
    closing = None if known_open else re.compile(rf"</{name}\b[^<>]{{0,200}}>", re.IGNORECASE).search(source, end)
    if closing is None:
        open_for_ever.add(name)
    if name in _CODE:
        return end if known_open else _code_end(source, end, closing.end() if closing else len(source))
    if closing is None and source[tag.end() : end] == ">" and name in _NEVER_BARE:
        return -1  # « une faille dans <iframe> » names the tag
    return closing.end() if closing and name in _HIDDEN else end


def _code_end(source: str, start: int, stop: int) -> int:
    """-1 where no program stands there: « <script> : la CNIL… » names the tag."""
    return stop if not source[start:stop].strip() or _PROGRAM.search(source, start, min(stop, start + 5000)) else -1


def _marked(source: str, tag: re.Match[str], open_for_ever: set[str]) -> int:
    """A comment, or a CDATA mark that was escaped with what it holds."""
    mark = tag["mark"]
    if mark in open_for_ever:
        return -1
    closing = "-->" if mark == "!--" else "]]>"
    at = source.find(closing, tag.end())
    if at < 0:
        open_for_ever.add(mark)
    return at + len(closing) if at >= 0 else -1


def _tag_end(source: str, tag: re.Match[str], name: str) -> int:
    """Past the `>` of a tag; -1 where none is meant."""
    start, limit = tag.end(), tag.end() + _LONGEST_TAG
    end = source.find(">", start, limit)
    if end >= 0 and source.count('"', start, end) % 2:  # the ">" may stand in a quoted attribute
        quote = source.find('"', end, limit)
        end = source.find(">", quote, limit) if quote >= 0 else end
    if end < 0:
        last = source[start:limit]  # of a text that was cut, perhaps
        return len(source) if name in _ELEMENTS and limit > len(source) and _CUT.fullmatch(last) else -1
    return end + 1 if not name or _is_tag(name, source[start:end]) else -1


def _is_tag(name: str, inside: str) -> bool:
    known = name in _ELEMENTS or ":" in name
    return (known and bool(_FLAGS.fullmatch(inside))) or (bool(_SAYS.search(inside)) and (known or '"' in inside))
