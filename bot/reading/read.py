"""Which text stands for an article, and whether its page is needed. Pure: a decision table (docs/architecture.md)."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, assert_never

from bot.feeds import dates
from bot.feeds.dates import PARIS
from bot.feeds.plain_text import bounded_marks
from bot.messages.forged import harmless, imitating, unmarked
from bot.model import Entry, Failed, Why
from bot.reading import tree, walls
from bot.reading.page import SHORT, Meta, Page
from bot.reading.text import normalise, one_line
from bot.web import urls
from bot.web.robots import ANY
from bot.workers import Crashed, Killed
from storage.articles.model import ArticleText
from storage.feeds.model import TextPolicy

FULL = 1_200  # characters of feed content that need no page
PARAGRAPHS = 3
_TITLE_AT = 4  # lines at the top of a text: a label, the way to the page, its title

Unasked = Literal["waiting", "unreachable", "killed"]


@dataclass(frozen=True, slots=True)
class NotYet:
    """The page was not asked for: it waits for its turn, its host does not answer, or it killed its last reader."""

    flag: Unasked


PageAnswer = Page | Failed | Killed | Crashed | NotYet | None


@dataclass(frozen=True, slots=True)
class _Choice:
    text: str
    source: str
    flags: tuple[str, ...] = ()


def needs_page(entry: Entry, policy: TextPolicy) -> bool:
    """Whether the article's page must be fetched: not if the feed holds the text, or the policy forbids it."""
    if policy != "page" or urls.clean(entry.link) is None:
        return False
    return lacks_text(entry)


def lacks_text(entry: Entry) -> bool:
    """Whether a page of this entry would say more than its feed: an aggregator's would not."""
    return not urls.aggregator(entry.link) and not _is_full(normalise(entry.content))


def read(
    entry: Entry, policy: TextPolicy, page: PageAnswer = None, url: str = "", now: datetime | None = None
) -> ArticleText:
    """The reading of an entry. `page` is None where none was asked for; `url` is its final address.

    `now` (aware) is what a date is judged by: later than a day after it, it is dropped.
    """
    if isinstance(page, Page) and urls.consent(url) and not urls.consent(entry.link):
        page = replace(page, problem="consent")
    entry = _normalised(entry, policy)
    meta = page.meta if isinstance(page, Page) else Meta()
    choice = _choose(entry, policy, page)
    link, keys = _identity(entry, meta, url, usable=choice.source in {"page", "json_ld"})
    published, date_flags = _published(entry, meta, now)
    tags = page.tags if isinstance(page, Page) else ANY
    seen = {
        "charset_repaired": isinstance(page, Page) and page.repaired,
        "list": meta.kind == "list",
        "live": meta.kind == "live",
        "maybe_incomplete": isinstance(page, Page) and page.doubtful and choice.source in {"page", "json_ld"},
        "noarchive": not tags.keep,
        "nosnippet": not tags.quote,
    }
    title = unmarked(_shown(_title(entry, meta)))
    seen["imitation"] = imitating(title) is not None
    source = choice.source if choice.text or choice.source != "title_only" or title else "none"
    return ArticleText(
        title=title,
        summary=_shown(entry.summary or meta.description),
        text=_shown(_untitled(choice.text, title)),
        url=link,
        url_keys=keys,
        author=_shown(one_line(entry.author or "") or meta.author or "") or None,
        published=published,
        site=_shown(entry.source_name or meta.site or "") or None,
        lang=meta.lang,
        source=source,
        flags=tuple(sorted({*choice.flags, *date_flags, *(flag for flag, holds in seen.items() if holds)})),
        links=page.links if isinstance(page, Page) and choice.source in {"page", "json_ld"} else (),
    )


def _shown(text: str) -> str:
    """A stranger's words as they may be kept and shown: what stood between combining marks is gone, so they are counted
    again."""
    return bounded_marks(harmless(text))


def _normalised(entry: Entry, policy: TextPolicy) -> Entry:
    outlet = one_line(entry.source_name or "")
    title = one_line(entry.title)
    if outlet and urls.aggregator(entry.link):  # « Le titre - Le Journal »
        title = title.removesuffix(f" - {outlet}")
    return Entry(
        key=entry.key,
        link=entry.link,
        title=title,
        summary=normalise(entry.summary)[: 500 if policy == "summary" else None],
        content=normalise(entry.content) if policy != "summary" else "",
        published=entry.published,
        author=entry.author,
        source_name=outlet or None,
    )


# --- which text ----------------------------------------------------------------------------------------------------
def _choose(entry: Entry, policy: TextPolicy, page: PageAnswer) -> _Choice:
    if policy != "summary" and _is_full(entry.content):
        return _Choice(walls.trim(entry.content, wall=False), "feed_full")
    if urls.aggregator(entry.link):
        return _fallback(entry, "aggregator")
    match page:
        case None:
            return _fallback(entry)
        case Page(problem=None, wall=True):
            return _partial(entry, page)
        case Page(problem=None):
            return _open(entry, page)
        case Page(problem=problem):
            return _fallback(entry, str(problem))
        case _:
            return _fallback(entry, unread(page))


def unread(answer: Failed | Killed | Crashed | NotYet) -> str:
    """Why there is no page, as a flag."""
    match answer:
        case NotYet(flag):
            return flag
        case Failed(why=Why.TOO_BIG):
            return "too_big"
        case Failed(why=Why.ROBOTS | Why.RESERVED as why):
            return str(why)
        case Failed():
            return "unreachable"
        case Killed("busy" | "stopped"):
            return "waiting"
        case Killed() | Crashed():
            return "killed"
        case _:
            assert_never(answer)


def _partial(entry: Entry, page: Page) -> _Choice:
    texts = [
        (walls.trim(normalise(page.text), wall=True), "page"),
        (_feed_text(entry), "feed_summary"),
    ]
    text, source = max(texts, key=lambda one: len(one[0]))
    return _Choice(text, source, ("paywalled",)) if text else _fallback(entry, "paywalled")


def _open(entry: Entry, page: Page) -> _Choice:
    if page.ld_body:
        body = walls.trim(normalise(page.ld_body), wall=False)
        description = page.meta.description
        lead = f"{description}\n" if description and description not in body else ""
        return _Choice(lead + body, "json_ld")
    text = walls.trim(normalise(page.text), wall=False)
    if len(text) >= SHORT and len(text) >= len(_feed_text(entry)):
        return _Choice(text, "page")
    if len(text) > len(_feed_text(entry)):  # little, yet all we have
        return _Choice(text, "page", ("short",))
    return _fallback(entry, "short")


def _untitled(text: str, title: str) -> str:
    """The text without the title that many pages repeat on its first line, and without the crumbs before it: one
    mention must not count twice."""
    lines = text.split("\n")
    place = next((n for n, line in enumerate(lines[:_TITLE_AT]) if line.casefold() == title.casefold()), -1)
    crumbs = all(len(line) < tree.PARAGRAPH for line in lines[:place])
    return "\n".join(lines[place + 1 :]) if 0 <= place < len(lines) - 1 and crumbs else text


def _fallback(entry: Entry, *flags: str) -> _Choice:
    text = _feed_text(entry)
    return _Choice(text, "feed_summary" if text else "title_only", flags)


def _feed_text(entry: Entry) -> str:
    return max(walls.trim(entry.content, wall=False), entry.summary, key=len)


def _is_full(content: str) -> bool:
    return len(content) >= FULL and content.count("\n") >= PARAGRAPHS - 1 and not walls.is_cut(content)


# --- metadata ------------------------------------------------------------------------------------------------------
def _title(entry: Entry, meta: Meta) -> str:
    title = entry.title
    return title if title and not title.endswith(("…", "...")) and not title.isupper() else meta.title or title


def _identity(entry: Entry, meta: Meta, url: str, *, usable: bool) -> tuple[str, tuple[str, ...]]:
    """The address to show and all identities. Only a page that held the article may name it: a login page that every
    article is sent to would make them all one."""
    own = urls.clean(entry.link) or ""
    if not usable:
        return own, urls.url_keys(entry.link)
    known = url or entry.link or next(iter(meta.canonicals), "")  # a saved page may be all that tells its address
    article = urls.canonical(known, meta.canonicals, meta.shared_url)
    link = urls.clean(article) or own
    return link, tuple(dict.fromkeys(urls.url_keys(link) + urls.url_keys(entry.link)))


def _published(entry: Entry, meta: Meta, now: datetime | None) -> tuple[datetime | None, tuple[str, ...]]:
    """The feed's date if it can be true, else the page's."""
    if entry.published is not None and dates.plausible(entry.published, now):
        return entry.published, ()
    dated = meta.date.dated
    if dated is None or not dates.plausible(dated.moment, now):
        odd = entry.published is not None or meta.date.odd or dated is not None
        return None, ("odd_date",) if odd else ()
    flags = () if dated.zoned else ("day_only",) if dated.day_only else ("assumed_zone",)
    return dated.moment.astimezone(PARIS), flags
