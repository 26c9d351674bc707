"""The CSS selectors that feeds.yaml may use, made into XPath; the only door to cssselect."""

from cssselect import HTMLTranslator, SelectorError, SelectorSyntaxError
from cssselect import parse as selectors_of

LONGEST = 300  # characters

_EXAMPLE = "par exemple : main .actualites"


class Unclear(ValueError):
    """The selector can't be used; the text says why, in French."""


def to_xpath(selector: str) -> str:
    """An XPath expression that finds what the selector does, in the whole document. Raises Unclear."""
    if len(selector) > LONGEST:
        raise Unclear(f"plus de {LONGEST} caractères")
    try:
        parts = selectors_of(selector)
        path = " | ".join(HTMLTranslator().selector_to_xpath(part) for part in parts)
    except SelectorSyntaxError as problem:
        raise Unclear(f"« {selector[:60]} » n’est pas compris ({_place(problem)}) ; {_EXAMPLE}") from None
    except (SelectorError, RecursionError, ValueError, OverflowError):
        raise Unclear(f"« {selector[:60]} » demande ce que Vigie ne sait pas chercher ; {_EXAMPLE}") from None
    never = "[0]" in path  # how a state is written that no stored page has: :hover, :visited
    if never or any(part.pseudo_element for part in parts) or not (selector + path).isprintable():
        raise Unclear(f"« {selector[:60]} » ne désigne aucun élément d’une page ; {_EXAMPLE}")
    return path


def _place(problem: SelectorSyntaxError) -> str:
    """Where the parser stopped; its own words end with the column, in English."""
    column = str(problem).rpartition(" at ")[2].rstrip(">")
    return f"caractère {int(column) + 1}" if column.isdigit() else "à la fin"
