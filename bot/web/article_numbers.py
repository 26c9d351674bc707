"""The number that many sites give an article, in its address: the headline may change, and the words there. Pure.

A wrong merge loses an article, a missed one only shows it twice. So the number alone never decides: its site must be
known to number its articles, the two be days apart at most, and their titles have most of their words in common.
"""

import re
import unicodedata
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from bot.web import urls

APART = timedelta(days=7)
COMMON = 3  # words, and more than half of the shorter title's

_SHAPES = (
    ("_N_", re.compile(r"[^\d/][^/]*_(\d{5,12})_\d{1,6}(?:\.html?)?")),
    ("-N", re.compile(r"[^/]*[a-z][^/]*[-_.,](\d{5,12})(?:\.(?:html?|php|aspx?))?", re.IGNORECASE)),
    ("N-", re.compile(r"(\d{5,12})[-_.,][^/]*[a-z][^/]*", re.IGNORECASE)),
)
_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-3]\d)?\d{0,4}")
_WORD = re.compile(r"[a-z0-9]{3,}")


def number_key(url: str) -> str:
    """`#host/shape/number`, "" where the last part of the path is not words with a number of 5 to 12 digits.

    The `#` keeps it apart from the identities of addresses; all before the number names the site's way of numbering.
    """
    address = urls.clean(url)
    if address is None:
        return ""
    name = urlsplit(address).path.rstrip("/").rpartition("/")[2]
    for shape, pattern in _SHAPES:
        found = pattern.fullmatch(name)
        if found is not None and not _DATE.fullmatch(found[1]):
            return f"#{urls.host(address)}/{shape}/{found[1]}"
    return ""


def same_article(title: str, other: str, published: datetime | None, seen: datetime) -> bool:
    """Whether two articles with one number may be one: `published` is the new one's date, `seen` that of the known."""
    if published is not None and abs(published - seen) > APART:
        return False
    words, others = _words(title), _words(other)
    common = len(words & others)
    return common >= COMMON and 2 * common > min(len(words), len(others))


def _words(title: str) -> set[str]:
    folded = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    return set(_WORD.findall(folded))
