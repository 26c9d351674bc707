"""Alternatives of a regular expression, written as lists that a person reads and adds to. Pure."""


def words(listed: str) -> str:
    """Any of these patterns of one word, a blank between two."""
    return "|".join(listed.split())


def lines(listed: str) -> str:
    """Any of these patterns, one or several a line."""
    return "|".join(line.strip() for line in listed.strip().splitlines())
