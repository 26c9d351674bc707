"""The one reader of JSON that came from outside: what a hand or a template spoilt is mended, and nothing is guessed."""

import html
import json
import re
from typing import Any

_OUTSIDE = re.compile(
    r"""(?P<key>[A-Za-z_$][\w$]{0,80}(?=\s*:))|(?P<block>/\*)|(?P<comment>//[^\n]*|<!--|-->|<!\[CDATA\[|\]\]>)|(?P<comma>,(?=\s*[,}\]])|\+(?=\d))|(?P<text>["'])|(?P<word>(?:undefined|NaN|None|True|False)(?=\s*[,}\]]))
    |(?P<empty>:(?=\s*[,}]))|[^\w$"'/<,+\-\]:]+|[\w$]+|.""",
    re.DOTALL | re.VERBOSE,
)
_WORDS = {"True": "true", "False": "false"}  # any other word that is none of JSON's says nothing
_INSIDE = re.compile(r"""[^"'\\]+|\\u[0-9a-fA-F]{4}|\\["\\/bfnrt]|(?P<escape>\\.?)|(?P<end>["'])""", re.DOTALL)
_CLOSES = re.compile(  # « Le "cloud", c'est… » goes on after a comma
    r"\s*(?:[}\]]|\Z|[,:](?=\s*(?:[\"'{\[\]},\d+-]|/[/*]|<!|\Z|[A-Za-z_$][\w$]{0,80}\s*[:,}\]])))|\s+\"[\w@:-]{1,60}\"\s*:"
)
_ENDS = ('"', "}", "]")
_ASSIGNED = re.compile(r"\s*(?:(?:var|let|const)\s+)?[A-Za-z_$][\w.$]{0,80}\s*=\s*(?=[{\[])")
_BETWEEN = " \t\r\n;,"


def values(text: str) -> list[Any]:
    """The values that stand in `text` one after the other, usually one; empty where it is no JSON.

    Borne: raw line feeds and tabs in strings, comments, CDATA marks, a comma or semicolon too many, wrong escapes, a
    bare quote in a string, words after an object, a comma that is missing before a key, single quotes, entities for
    quotes, a value given to a variable, JavaScript's words for nothing and its keys without quotes. Not borne: what was
    cut, since half a text would be taken for the whole.
    """
    text = text.lstrip("\ufeff")
    found, whole = _values(text)
    if whole:
        return found
    mended, whole = _values(_mended(text))
    return mended if whole or len(mended) > len(found) else found


def whole_ones(text: str, key: str) -> list[Any]:
    """Those values of the list under `key` that stand whole in a text that was cut; empty where none does."""
    opened = re.search(rf'"{re.escape(key)}"\s*:\s*\[', text)
    if opened is None:
        return []
    return _values(_mended(text[opened.end() :]))[0]


def _values(text: str) -> tuple[list[Any], bool]:
    """The values up to what is none, and whether that is the end."""
    decoder = json.JSONDecoder(strict=False)
    found: list[Any] = []
    position = _skip(text, 0)
    try:
        while position < len(text):
            value, position = decoder.raw_decode(text, position)
            found.append(value)
            position = _skip(text, position)
    except (ValueError, RecursionError):
        return [value for value in found if isinstance(value, dict | list)], False
    return found, True


def _skip(text: str, position: int) -> int:
    while position < len(text) and text[position] in _BETWEEN:
        position += 1
    return position


def _mended(text: str) -> str:
    text = text[start.end() :] if (start := _ASSIGNED.match(text)) else text
    if '"' not in text and "&" in text:
        text = html.unescape(text)
    parts: list[str] = []
    position = 0
    while position < len(text):
        token = _OUTSIDE.match(text, position)
        assert token is not None, "anything is at least one character"
        position = token.end()
        if token["block"]:
            end = text.find("*/", position)
            position = end + 2 if end >= 0 else len(text)  # one that never ends hides what follows
        elif token["text"]:
            if next((part.strip() for part in reversed(parts) if part.strip()), "").endswith(_ENDS):
                parts.append(",")
            position = _string(text, position, parts, token["text"])
        elif token["key"]:
            parts.append(f'"{token["key"]}"')
        elif token["word"]:
            parts.append(_WORDS.get(token[0], "null"))
        elif token["empty"]:
            parts.append(": null")
        elif token["comment"] is None and token["comma"] is None:
            parts.append(token[0])
    return "".join(parts)


def _string(text: str, position: int, parts: list[str], quote: str) -> int:
    """Append the string that begins here, and give where it ends: at such a quote before what may follow a string."""
    parts.append('"')
    while position < len(text):
        token = _INSIDE.match(text, position)
        assert token is not None, "anything is at least one character"
        position = token.end()
        if token["end"] == quote and _CLOSES.match(text, position):
            break
        parts.append('\\"' if token[0] == '"' else (token[0][1:] if token["escape"] else token[0]))
    parts.append('"')
    return position
