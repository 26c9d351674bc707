"""What the news sitemaps of a day list and Vigie never saw, with the reason. Pure."""

import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Literal, get_args
from urllib.parse import urlsplit

from storage.feeds.model import FeedState, Health

MEMO = "sitemaps"  # the fact of the store that holds the last sample
MOST_TITLES = 60  # of one sample that are kept with their reasons
FEWEST = 10  # known addresses of a site that tell which sections its feeds carry

UnseenReason = Literal["failing", "section", "absent"]
REASONS: tuple[UnseenReason, ...] = get_args(UnseenReason)
_DOWN: tuple[Health, ...] = ("failing", "blocked", "dead", "gone", "unparsable", "degraded", "throttled")


@dataclass(frozen=True, slots=True)
class UnseenTitle:
    """A title that a sitemap lists and no feed brought. `why` — failing: the feed did not answer on that day · section:
    none of its articles is of that part of the site · absent: it answered, and the feed did not have it."""

    title: str
    url: str
    source: str
    why: UnseenReason


@dataclass(frozen=True, slots=True)
class SitemapSample:
    """A day of the news sitemaps: of how many sources, how many titles they list, and those never seen. `counts`: how
    many for each reason, in the order of REASONS, those included of which no title is kept."""

    day: date
    sources: int
    listed: int
    counts: tuple[int, ...]
    titles: tuple[UnseenTitle, ...]

    @property
    def unseen(self) -> int:
        return sum(self.counts)


def sampled(day: date, sources: int, listed: int, unseen: Sequence[UnseenTitle]) -> SitemapSample:
    """The sample that these titles make; those kept are of each reason in turn, as they came."""
    found = Counter(each.why for each in unseen)
    return SitemapSample(day, sources, listed, tuple(found[why] for why in REASONS), tuple(unseen[:MOST_TITLES]))


def reason(url: str, known: Collection[str], state: FeedState, until: datetime) -> UnseenReason:
    """Why an address was not seen by `until`. `known`: addresses that the source's feeds brought lately."""
    if state.health in _DOWN and (state.succeeded_at is None or state.succeeded_at < until):
        return "failing"
    if len(known) >= FEWEST and _section(url) not in {_section(each) for each in known}:
        return "section"
    return "absent"


def _section(url: str) -> str:
    """The first part of a path that has several: `/sport/le-match` is of « sport »."""
    parts = [part for part in urlsplit(url).path.split("/") if part]
    return parts[0] if len(parts) > 1 else ""


def written(sample: SitemapSample) -> str:
    return json.dumps(asdict(sample) | {"day": sample.day.isoformat()}, ensure_ascii=False)


def read(memo: str | None) -> SitemapSample | None:
    """The sample that a store keeps; None where none was taken yet, or it can't be read."""
    if not memo:
        return None
    try:
        value = json.loads(memo)
        titles = tuple(UnseenTitle(**each) for each in value["titles"])
        day, counts = date.fromisoformat(value["day"]), tuple(value["counts"])
        return SitemapSample(day, value["sources"], value["listed"], counts, titles)
    except (ValueError, TypeError, LookupError, RecursionError):
        return None
