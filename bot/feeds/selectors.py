"""The CSS selectors that feeds.yaml may use, made into XPath: tags, #id, .class, [attribute], descendants, children."""

import re

LONGEST = 300

_STEP = re.compile(r"([A-Za-z][A-Za-z0-9-]*|\*)?((?:[#.][A-Za-z_][\w-]*|\[[^\[\]]*\])*)")
_PART = re.compile(
    r"([#.])([A-Za-z_][\w-]*)|\[\s*([A-Za-z_][\w-]*)\s*(?:([~^$*]?=)\s*(?:\"([^\"]*)\"|'([^']*)'|([\w-]+))\s*)?\]"
)
_GAP = re.compile(r"\s*>\s*|\s+")


class Unclear(ValueError):
    """The selector can't be used; the text says why, in French."""


def to_xpath(selector: str) -> str:
    """An XPath expression that finds what the selector does, in the whole document. Raises Unclear."""
    if len(selector) > LONGEST:
        raise Unclear(f"plus de {LONGEST} caractères")
    return " | ".join(_path(part.strip()) for part in selector.split(","))


def _path(text: str) -> str:
    if not text:
        raise Unclear("il manque un sélecteur")
    path, position, axis = "", 0, "//"
    while True:
        step = _STEP.match(text, position)
        if step is None or not step[0]:
            raise Unclear(
                f"« {text[position : position + 20] or text} » n’est pas compris ; par exemple : main .actualites"
            )
        path += axis + (step[1] or "*").lower() + "".join(_condition(part) for part in _PART.finditer(step[2]))
        position = step.end()
        if position == len(text):
            return path
        gap = _GAP.match(text, position)
        if gap is None:
            raise Unclear(f"« {text[position : position + 20]} » n’est pas compris")
        axis, position = ("/" if ">" in gap[0] else "//"), gap.end()


def _condition(part: "re.Match[str]") -> str:
    if part[1] == "#":
        return f"[@id={_literal(part[2])}]"
    if part[1] == ".":
        return f"[contains(concat(' ', normalize-space(@class), ' '), {_literal(f' {part[2]} ')})]"
    name, value = f"@{part[3].lower()}", next((each for each in part.group(5, 6, 7) if each is not None), "")
    match part[4]:
        case None:
            return f"[{name}]"
        case "=":
            return f"[{name}={_literal(value)}]"
        case "~=":
            return f"[contains(concat(' ', normalize-space({name}), ' '), {_literal(f' {value} ')})]"
        case "^=":
            return f"[starts-with({name}, {_literal(value)})]"
        case "*=":
            return f"[contains({name}, {_literal(value)})]"
        case _:  # $=
            start = f"string-length({name}) - {len(value) - 1}"
            return f"[substring({name}, {start}) = {_literal(value)}]"


def _literal(value: str) -> str:
    quote = "'" if "'" not in value else '"'
    if quote in value:
        raise Unclear("guillemets et apostrophe dans une même valeur")
    return f"{quote}{value}{quote}"
