"""The notice of a decree in the JO: whom it concerns and when it enters into force, in its own words. Pure."""

import re

_HEADS = (
    r"publics?\s+concern[ée]s?|objet|(?:dates?\s+d['’])?entr[ée]e\s+en\s+vigueur|application|notice|r[ée]f[ée]rences?"
    r"|personnes?\s+concern[ée]e?s?|champ\s+d['’]application"
)
_HEAD = re.compile(
    rf"(?:(?<=^)|(?<=[\n.;»)]))[\s«*–—-]{{0,9}}({_HEADS})(?:\s+et\s+[^\W\d][^\n:.;]{{0,40}})?\s*[:：]\s*", re.IGNORECASE
)
_END = re.compile(
    r"\n\s{0,9}(?:le\s+premier\s+ministre|la\s+première\s+ministre|sur\s+le\s+rapport|vu\s+l|article\s+(?:1|premier))",
    re.IGNORECASE,
)
LONGEST = 600


def concerned(text: str) -> str:
    """« établissements de santé, hébergeurs »; "" where the text has no such notice."""
    return _field(text, r"(?:publics?|personnes?)\s+concern")


def in_force(text: str) -> str:
    """« le texte entre en vigueur le 1er janvier 2027 »; "" where the text has no such notice."""
    return _field(text, r"(?:dates?\s+d['’])?entr[ée]e\s+en\s+vigueur")


def _field(text: str, name: str) -> str:
    text = text[:20_000]
    heads = list(_HEAD.finditer(text))
    ends = [*(each.start() for each in heads[1:]), len(text)]
    for head, end in zip(heads, ends, strict=False):
        if re.match(name, head[1], re.IGNORECASE):
            stop = _END.search(text, head.end(), end)
            words = " ".join(text[head.end() : stop.start() if stop else end].split())
            return words[:LONGEST].strip(" ;.,-–—*")
    return ""
