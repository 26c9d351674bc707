"""From damaged characters to text that terms can be found in. Pure."""

import re
import unicodedata

from bot.feeds.plain_text import bounded_marks

_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]|[\x00-\x08\x0e-\x1f\x7f]")
_NOT_TEXT = re.compile("[\x01-\x08\x0e-\x1a\x1c-\x1f\ufffd]")  # NUL apart: some sites write one for a space
_SURROGATES = re.compile("[\ud800-\udfff]")
_CONTROLS = re.compile("[\u0080-\u009f]")
_TABLE_RULE = re.compile(r"^[ \t]*+\|[ \t|:]*+-[ \t|:-]*+$", re.MULTILINE)
_TABLE_ROW = re.compile(r"^[ \t]*\|.*\|[ \t]*$", re.MULTILINE)


def _decoded(codec: str) -> dict[str, int]:
    """Every character a byte may have become, unassigned bytes standing for themselves."""
    return {bytes([code]).decode(codec, "ignore") or chr(code): code for code in range(256)}


_CODECS = tuple(_decoded(codec) for codec in ("cp1252", "latin-1", "cp1250"))
_C1 = {code: char for char, code in _CODECS[0].items() if 0x80 <= code <= 0x9F}
_CONTINUATION = "".join({char for codec in _CODECS for char, code in codec.items() if 0x80 <= code <= 0xBF})
_LEADS = "ÃÂĂĹ"  # looked for one by one: a class of letters takes ten times as long over a whole page
_MARK = re.compile(f"[{_LEADS}â][{re.escape(_CONTINUATION)}]")
_QUOTES = re.compile(f"â[{re.escape(_CONTINUATION)}]")


def is_binary(text: str) -> bool:
    """Whether this was no text at all before it was decoded."""
    start = text[:4_000]
    return len(_NOT_TEXT.findall(start)) * 50 > len(start)


def normalise(text: str) -> str:
    """Mojibake repaired, NFC, nothing invisible; white space is one space, or one line break where it held one.

    Linear: of combining marks in a row, which are put in order, few are kept.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    text = _SURROGATES.sub("\ufffd", text)
    if _CONTROLS.search(text):
        text = text.translate(_C1)
    text = unscrambled(text)
    text = unicodedata.normalize("NFC", bounded_marks(_INVISIBLE.sub("", text)))
    lines = (" ".join(line.split()) for line in text.replace("\r", "\n").split("\n"))
    return "\n".join(line for line in lines if line)


def unscrambled(text: str) -> str:
    """UTF-8 that was once read as something else, line by line; to be done before white space is touched."""
    if not any(letter in text for letter in _LEADS) and not _QUOTES.search(text):
        return text
    return "\n".join(_repaired(line) for line in text.split("\n"))


def visible(text: str) -> str:
    """`text` less what no reader sees: soft hyphens, blanks without width. Most texts hold none, which is soon seen."""
    return text if text.isprintable() else _INVISIBLE.sub("", text)


def one_line(text: str) -> str:
    """The same on one line: a title, a name."""
    return normalise(text).replace("\n", " ")


def without_pipes(text: str) -> str:
    """Table rows as words: a phrase that crosses a cell border is found again."""
    text = _TABLE_RULE.sub("", text)
    return _TABLE_ROW.sub(lambda row: row[0].replace("|", " "), text)


def _repaired(line: str) -> str:
    """The line read once more, or twice, with the codec that clears at least 80 % of the marks; else as it is."""
    marks = len(_MARK.findall(line))
    if not marks:
        return line
    # `à` is `Ã` and a no-break space, which whoever tidied the white space made a plain one
    for damaged in dict.fromkeys((line, line.replace("Ã ", "Ã\u00a0 "))):
        once = [fixed for codec in _CODECS if (fixed := _reread(damaged, codec)) is not None]
        twice = [text for one in once for codec in _CODECS if (text := _reread(one.translate(_C1), codec)) is not None]
        better = next((fixed for fixed in once + twice if _improves(fixed, marks)), None)
        if better is not None:
            return better
    return line


def _reread(line: str, codec: dict[str, int]) -> str | None:
    try:
        return bytes([codec[char] for char in line]).decode()
    except (KeyError, UnicodeDecodeError):
        return None


def _improves(fixed: str, marks: int) -> bool:
    return "\ufffd" not in fixed and len(_MARK.findall(fixed)) <= marks * 0.2
