"""The forms in which a brief is handed over, by name."""

from collections.abc import Mapping
from typing import Literal, assert_never, get_args

from bot.briefs import page
from bot.briefs.docx import docx
from bot.briefs.odt import odt
from bot.briefs.text import BriefMaterial, document, lines_of, told
from bot.briefs.usage import declaration
from matchers.model import Watchlist

BriefForm = Literal["docx", "odt", "html", "eml", "csv"]
FORMS: tuple[BriefForm, ...] = get_args(BriefForm)


def written(
    form: BriefForm, material: BriefMaterial, watchlists: Mapping[str, Watchlist], recipients: int | None = None
) -> bytes:
    """The brief for Word, as OpenDocument, as a page that prints, as a draft of a letter; or who is cited how often."""
    if form == "csv":
        lines = told(lines_of(material, watchlists))
        return declaration(lines, recipients, material.language, material.zone).encode()
    blocks = document(material, watchlists)
    match form:
        case "docx":
            return docx(blocks, material.language)
        case "odt":
            return odt(blocks, material.language)
        case "html":
            return page.page(blocks, material.language).encode()
        case "eml":
            return page.draft(blocks)
        case _:
            assert_never(form)
