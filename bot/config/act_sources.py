"""Where acts are published as data, and how often they are asked for: what `kind` alone says of a source. Pure."""

from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlencode

from storage.feeds.model import FeedKind

_DILA = "https://echanges.dila.gouv.fr/OPENDATA"
_BOAMP = "https://boamp-datadila.opendatasoft.com/api/explore/v2.1/catalog/datasets/boamp/records"
_CONSULTATIONS = "https://ec.europa.eu/info/law/better-regulation/brpapi/searchInitiatives"
PACES: dict[FeedKind, tuple[timedelta, timedelta]] = {
    "jorf": (timedelta(hours=1), timedelta(hours=6)),
    "cnil": (timedelta(hours=6), timedelta(hours=6)),
    "boamp": (timedelta(hours=2), timedelta(hours=2)),
    "consultations": (timedelta(days=1), timedelta(days=1)),
}
"""Kind -> least and most between two looks, where feeds.yaml says nothing."""


def address(kind: FeedKind, query: str | None, topics: Sequence[str]) -> str:
    """The address of such a source; "" for a kind that has none of its own."""
    match kind:
        case "jorf":
            return f"{_DILA}/JORFSIMPLE/"
        case "cnil":
            return f"{_DILA}/CNIL/"
        case "boamp":
            asked = {"where": query} if query else {}
            return f"{_BOAMP}?{urlencode({**asked, 'order_by': 'dateparution desc', 'limit': '100'})}"
        case "consultations":
            asked = {"topic": ",".join(topics)} if topics else {}
            open_ones = {"receivingFeedbackStatus": "OPEN", "size": "100", "language": "FR"}
            return f"{_CONSULTATIONS}?{urlencode({**asked, **open_ones})}"
        case _:
            return ""
