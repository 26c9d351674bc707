"""The pages that the address of a paged list stands for. Pure."""

import re

MOST_PAGES = 30  # of one list

_PAGES = re.compile(r"\{([^{}]{1,300})\}")


def page_names(written: str) -> list[str]:
    """The pages that « ?lettre={A-Z} », « ?page={1-9} » or « {iaas,saas} » stand for; empty where nothing is named."""
    found = _PAGES.search(written)
    if found is None:
        return []
    return [written[: found.start()] + each + written[found.end() :] for each in _spelt(found[1])]


def _spelt(inside: str) -> list[str]:
    first, dash, last = inside.partition("-")
    if dash and first.isdecimal() and last.isdecimal() and len(first + last) < 10:
        return [str(number) for number in range(int(first), min(int(last), int(first) + 1000) + 1)]
    if dash and len(first) == len(last) == 1 and first.isascii() and last.isascii():
        return [chr(code) for code in range(ord(first), ord(last) + 1)]
    return [part.strip() for part in inside.split(",") if part.strip()]
