"""One poll, on a real store, with scripted answers from outside."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.digest.newsroom import newsroom
from bot.model import Failed, Fetched, Outcome, Why
from bot.pipeline import poll
from bot.polling import asking
from bot.ports import Ports
from bot.reading.matched import article_of
from bot.reading.visit import FATAL
from bot.reading.waiting import read_waiting
from bot.reading.work import open_entries, open_entry, read_fetched
from bot.web.permissions import Permissions
from bot.workers import Killed
from matchers.engine.engine import compile_engine
from matchers.watchlists.watchlist import WatchlistFile
from storage import Store, open_store
from storage.articles.model import ArticleText
from storage.feeds.model import Feed
from storage.ids import FeedId
from storage.place import Place
from storage.schema import article, feed
from tests.storage.builders import pages_waiting

pytestmark = pytest.mark.engines
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
FEED = "https://journal.example/rss"
ENGINE = compile_engine({"essai": WatchlistFile(name="Essai", level="flash", any=["SecNumCloud"], threshold=1)}, {})
PAGE = Fetched(b"<html><body><article>" + b"<p>Cirrova vise SecNumCloud. </p>" * 30 + b"</article>", "", "text/html")
RULES = ("https://journal.example/robots.txt", "https://journal.example/.well-known/tdmrep.json")
ABSENT = Failed(Why.HTTP, "HTTP 404", 404)
DOWN = Failed(Why.HTTP, "HTTP 503", 503)


@dataclass
class World:
    """Answers by address; a list gives one after the other, the last one for ever."""

    store: Store
    answers: dict[str, list[Outcome]] = field(default_factory=dict)
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    busy: bool = False
    killed: bool = False
    keep_texts: bool = True
    now: datetime = NOW
    folder: Path = Path()
    logged_in: list[str] = field(default_factory=list)

    async def get(self, url: str, *, etag: str | None = None, login_of: str | None = None, **_: Any) -> Outcome:
        self.asked.append((url, etag))
        self.logged_in += [url] if login_of == FEED else []
        script = self.answers.get(url, [ABSENT]) if url in RULES else self.answers[url]
        return script.pop(0) if len(script) > 1 else script[0]

    async def run(self, function: Callable[..., Any], *arguments: Any, **_: Any) -> Any:
        if self.killed and function is read_fetched:
            return Killed("time")
        return Killed("busy") if self.busy else function(*arguments)

    async def offload(self, function: Callable[..., Any], *arguments: Any) -> Any:
        return function(*arguments)

    def feed(self, *items: str, etag: str = '"1"') -> None:
        body = f"<rss version='2.0'><channel><title>J</title>{''.join(items)}</channel></rss>"
        self.answers[FEED] = [Fetched(body.encode(), FEED, "application/rss+xml", etag=etag)]

    @property
    def ports(self) -> Ports:
        return Ports(
            self.store, self.offload, self, self, ENGINE,  # type: ignore[arg-type] # the world plays door and workers
            newsroom(ENGINE.watchlists), lambda: self.now, lambda: 0.0,
            Permissions(self.store.sites, self.offload, self, self, lambda: self.now),  # type: ignore[arg-type] # the same
            keep_texts=self.keep_texts,
        )  # fmt: skip

    async def poll(self) -> None:
        self.now += timedelta(hours=1)
        (claim,) = self.store.feeds.claim_all(self.now, "moi", timedelta(minutes=1))
        await poll(claim, self.ports)

    async def wait(self, length: timedelta = timedelta(hours=1)) -> int:
        """Time passes, and the pages whose turn has come are read."""
        self.now += length
        return await read_waiting(self.ports)

    def pages_asked(self) -> list[str]:
        return [url for url, _ in self.asked if url not in (FEED, *RULES)]

    def text(self) -> str:
        """The text of the only article that matches."""
        (shown,) = self.store.digests.preview(["essai"], 9)
        return shown.article.text

    def fresh(self) -> set[str]:
        """The titles of what may be announced."""
        with self.store.database.read() as connection:
            return set(connection.execute(select(article.c.title).where(~article.c.muted)).scalars())

    def kept(self) -> set[str]:
        return {item.article.title for item in self.store.digests.preview(["essai"], 9)}


@pytest.fixture
def world(home: Place, tmp_path: Path) -> Iterator[World]:
    store = open_store(home)
    store.feeds.sync([Feed(FeedId("journal"), "Le Journal", FEED)], NOW)
    yield World(store, folder=tmp_path)
    store.close()


def item(guid: str, link: str, title: str, summary: str = "", when: str = "Tue, 24 Nov 2026 08:30:00 GMT") -> str:
    return (
        f"<item><guid isPermaLink='false'>{guid}</guid><link>{link}</link><title>{title}</title>"
        f"<description>{summary}</description><pubDate>{when}</pubDate></item>"
    )


async def baseline(world: World) -> None:
    world.feed(item("0", "https://journal.example/0", "Ancien"), etag='"0"')
    await world.poll()


def news(world: World, *names: str, answers: Sequence[Outcome] = (PAGE,)) -> None:
    """The feed has these articles, and their pages answer so."""
    world.feed(*(item(name, f"https://journal.example/{name}", f"Une nouvelle {name}") for name in names))
    for name in names:
        world.answers[f"https://journal.example/{name}"] = list(answers)


async def test_a_feed_is_asked_for_with_its_login_and_nothing_else_is(world: World) -> None:
    await baseline(world)
    news(world, "a")
    await world.poll()
    assert world.pages_asked() == ["https://journal.example/a"]
    assert world.logged_in == [FEED, FEED]


def dated(day: datetime, name: str) -> str:
    return item(name, f"https://journal.example/{name}", f"Cirrova et SecNumCloud, {name}", when=day.isoformat())


@pytest.mark.parametrize("later", [False, True])
@pytest.mark.parametrize(
    ("ago", "quiet"),
    [(1, False), (8, False), (10, True), (16, True), (56, True), (90, True)],  # days; the window holds ten
)
async def test_what_slides_in_far_before_the_oldest_of_the_window_waits_for_the_digest(
    world: World, ago: int, quiet: bool, later: bool
) -> None:
    await baseline(world)
    world.now += timedelta(days=100)
    window = [dated(world.now - timedelta(days=n), f"n{n}") for n in range(11)]
    for n in (*range(11), 99):
        world.answers[f"https://journal.example/n{n}"] = [PAGE]
    world.feed(*window, etag='"1"')
    await world.poll()
    slid = dated(world.now - timedelta(days=ago, hours=2), "n99")
    world.answers["https://journal.example/n99"] = [DOWN, PAGE] if later else [PAGE]
    world.feed(*window[:-1], slid, etag='"2"')
    await world.poll()
    while later and await world.wait():
        pass
    (shown,) = [each for each in world.store.digests.preview(["essai"], 99) if each.article.url.endswith("n99")]
    assert [match.quiet for match in shown.matches] == ["dated" if quiet else None]
    assert ("dated" in shown.article.flags) is quiet
    assert shown.article.source == "page"


async def test_where_nothing_is_left_of_a_window_the_old_waits_for_the_digest_and_the_new_rings(world: World) -> None:
    await baseline(world)
    world.now += timedelta(days=100)
    for name in ("n1", "n2", "n3"):
        world.answers[f"https://journal.example/{name}"] = [PAGE]
    world.feed(dated(world.now - timedelta(days=3), "n1"), etag='"1"')
    await world.poll()
    world.feed(dated(world.now - timedelta(days=56), "n2"), dated(world.now, "n3"), etag='"2"')
    await world.poll()
    shown = {each.article.url[-2:]: each.matches[0].quiet for each in world.store.digests.preview(["essai"], 99)}
    assert shown == {"n1": None, "n2": "dated", "n3": None}


async def test_a_draft_of_some_days_rings_though_the_window_holds_hours(world: World) -> None:
    await baseline(world)
    world.now += timedelta(days=100)
    window = [dated(world.now - timedelta(hours=n), f"n{n}") for n in range(5)]
    for n in range(6):
        world.answers[f"https://journal.example/n{n}"] = [PAGE]
    world.feed(*window, etag='"1"')
    await world.poll()
    world.feed(*window, dated(world.now - timedelta(days=2), "n5"), etag='"2"')
    await world.poll()
    assert {match.quiet for each in world.store.digests.preview(["essai"], 99) for match in each.matches} == {None}


@pytest.mark.parametrize("later", [False, True])
@pytest.mark.parametrize(("day", "quiet"), [("2024-03-04T09:00:00+01:00", True), ("2026-11-20T09:00:00+01:00", False)])
async def test_what_only_its_page_dates_long_ago_rings_nobody(world: World, day: str, quiet: bool, later: bool) -> None:
    await baseline(world)
    world.feed(item("n1", "https://journal.example/n1", "Une nouvelle", when=""))
    head = f'<html><head><meta property="article:published_time" content="{day}"></head>'.encode()
    page = replace(PAGE, body=PAGE.body.replace(b"<html>", head))
    world.answers["https://journal.example/n1"] = [DOWN, page] if later else [page]
    await world.poll()
    while later and await world.wait():
        pass
    (shown,) = world.store.digests.preview(["essai"], 9)
    assert [match.quiet for match in shown.matches] == ["dated" if quiet else None]


async def test_what_is_dated_before_the_first_poll_is_told_nowhere(world: World) -> None:
    await baseline(world)
    world.feed(dated(NOW - timedelta(days=40), "n1"))
    world.answers["https://journal.example/n1"] = [PAGE]
    await world.poll()
    assert world.fresh() == set()


async def test_a_page_that_fails_for_now_is_read_later_without_asking_for_the_feed_again(world: World) -> None:
    await baseline(world)
    news(world, "a", answers=(DOWN, DOWN, PAGE))
    await world.poll()
    assert world.kept() == set()
    asked = len(world.asked)
    assert [await world.wait(), await world.wait()] == [1, 1]
    assert world.kept() == {"Une nouvelle a"}
    assert [url for url, _ in world.asked[asked:]] == ["https://journal.example/a"] * 2
    await world.poll()
    assert world.asked[-1] == (FEED, '"1"'), "the validators are kept"
    assert await world.wait() == 0


async def test_what_matches_already_does_not_wait_for_its_page(world: World) -> None:
    await baseline(world)
    world.feed(item("a", "https://journal.example/a", "SecNumCloud pour Cirrova"))
    world.answers["https://journal.example/a"] = [DOWN]
    await world.poll()
    assert world.kept() == {"SecNumCloud pour Cirrova"}


async def test_a_page_that_fails_for_ever_is_given_up_after_a_day(world: World) -> None:
    await baseline(world)
    news(world, "a", answers=(DOWN,))
    await world.poll()
    for _ in range(60):
        await world.wait()
    assert len(world.pages_asked()) == 8
    assert pages_waiting(world.store) == 0


async def test_a_page_refused_for_good_is_asked_for_once(world: World) -> None:
    await baseline(world)
    news(world, "a", answers=(Failed(Why.BLOCKED, "403", 403),))
    await world.poll()
    assert await world.wait() == 0
    assert len(world.pages_asked()) == 1


async def test_a_host_that_is_down_costs_two_requests_and_loses_nothing(world: World) -> None:
    await baseline(world)
    news(world, *"abcdefghijkl", answers=(DOWN, PAGE))
    await world.poll()
    assert len(world.pages_asked()) == 2
    for _ in range(9):
        await world.wait()
    assert len(world.kept()) == 9, "as many as the preview shows"
    assert pages_waiting(world.store) == 0


async def test_a_poll_asks_a_host_for_twenty_pages_and_the_rest_wait_their_turn(world: World) -> None:
    await baseline(world)
    news(world, *(f"n{number}" for number in range(33)))
    await world.poll()
    assert len(world.pages_asked()) == 20
    assert pages_waiting(world.store) == 13
    turns = [await world.wait(timedelta(seconds=10)) for _ in range(4)]
    assert turns == [5, 5, 3, 0]
    assert len(set(world.pages_asked())) == 33


async def test_a_waiting_page_outlives_a_crash(world: World) -> None:
    await baseline(world)
    news(world, "a", answers=(DOWN, PAGE))
    await world.poll()
    world.now += timedelta(hours=1)
    assert len(world.store.pages.claim(world.now, timedelta(minutes=10), 5)) == 1
    assert await world.wait(timedelta(minutes=9)) == 0
    assert await world.wait(timedelta(minutes=2)) == 1
    assert world.kept() == {"Une nouvelle a"}


async def test_an_edit_whose_page_fails_keeps_what_was_found_and_is_read_later(world: World) -> None:
    await baseline(world)
    edited = Fetched(PAGE.body.replace(b"Cirrova", b"Valmorin"), "", "text/html")
    news(world, "a", answers=(PAGE, DOWN, edited))
    await world.poll()
    world.now += timedelta(hours=7)
    world.feed(item("a", "https://journal.example/a", "Une nouvelle, corrigée"))
    await world.poll()
    assert world.kept() == {"Une nouvelle, corrigée"}
    assert "Cirrova" in world.text()
    await world.wait()
    assert "Valmorin" in world.text()


async def test_a_page_is_read_again_for_an_edit_at_most_every_six_hours(world: World) -> None:
    await baseline(world)
    news(world, "a")
    for number in range(12):
        world.feed(item("a", "https://journal.example/a", f"Une nouvelle, version {number}"))
        await world.poll()
        await world.wait(timedelta(0))
    assert len(world.pages_asked()) == 2


async def test_a_live_page_is_read_once(world: World) -> None:
    await baseline(world)
    live = b'<script type="application/ld+json">{"@type": "LiveBlogPosting"}</script>' + PAGE.body
    news(world, "a", answers=(Fetched(live, "", "text/html"),))
    await world.poll()
    world.now += timedelta(hours=12)
    world.feed(item("a", "https://journal.example/a", "Le direct continue"))
    await world.poll()
    assert await world.wait(timedelta(hours=12)) == 0
    assert len(world.pages_asked()) == 1
    assert world.kept() == {"Le direct continue"}


async def test_a_page_that_was_killed_is_left_alone_for_a_week(world: World) -> None:
    await baseline(world)
    news(world, "a")
    world.killed = True
    await world.poll()
    world.killed = False
    for days in (3, 8):
        world.now += timedelta(days=days)
        world.feed(item("a", "https://journal.example/a", f"Une nouvelle, {days} jours plus tard"))
        await world.poll()
        assert len(world.pages_asked()) == (1 if days == 3 else 2)
    assert world.kept() == {"Une nouvelle, 8 jours plus tard"}


# --- rights --------------------------------------------------------------------------------------------------------
def meta(name: str, content: str) -> bytes:
    return f'<meta name="{name}" content="{content}">'.encode()


RESERVED = Fetched(meta("tdm-reservation", "1") + PAGE.body, "https://journal.example/a", "text/html")
REFUSED = replace(PAGE, reservation="1")
LIFTED = replace(PAGE, body=meta("tdm-reservation", "0") + PAGE.body, reservation="1")


def stored(world: World) -> bytes:
    return b"".join(each.read_bytes() for each in world.folder.iterdir())


@pytest.mark.parametrize("answer", [RESERVED, REFUSED], ids=["meta", "header"])
async def test_a_page_that_reserves_its_rights_leaves_no_text_and_spares_the_others(
    world: World, answer: Fetched
) -> None:
    await baseline(world)
    news(world, "a", "b", answers=(replace(answer, url="https://journal.example/b"),))
    await world.poll()
    assert len(world.pages_asked()) == 1
    assert world.kept() == set()
    assert b"Cirrova" not in stored(world)
    assert [notice.kind for notice in world.store.notices.open()] == ["reserved"]
    await world.poll()
    assert len(world.store.notices.open()) == 1


async def test_the_later_word_wins_a_meta_element_over_a_header(world: World) -> None:
    await baseline(world)
    news(world, "a", answers=(LIFTED,))
    await world.poll()
    assert world.kept() == {"Une nouvelle a"}


@pytest.mark.parametrize(
    ("address", "rules", "kind"),
    [
        (RULES[0], b"User-agent: *\nDisallow: /", "robots"),
        (RULES[1], b'[{"location": "/", "tdm-reservation": 1}]', "reserved"),
    ],
)
async def test_no_page_is_asked_for_where_a_file_of_the_site_says_no(
    world: World, address: str, rules: bytes, kind: str
) -> None:
    await baseline(world)
    world.answers[address] = [Fetched(rules, address, "text/plain")]
    news(world, "a", "b")
    await world.poll()
    assert world.pages_asked() == []
    assert [notice.kind for notice in world.store.notices.open()] == [kind]
    assert await world.wait() == 0


async def test_a_robots_txt_that_does_not_answer_makes_the_pages_wait(world: World) -> None:
    await baseline(world)
    world.answers[RULES[0]] = [DOWN, DOWN, ABSENT]
    news(world, *"abcd")
    await world.poll()
    assert world.pages_asked() == []
    for _ in range(3):
        await world.wait()
    assert len(world.kept()) == 4


async def test_a_site_that_wants_minutes_between_two_pages_is_told_of_and_obeyed(world: World) -> None:
    await baseline(world)
    world.answers[RULES[0]] = [Fetched(b"User-agent: *\nCrawl-delay: 120", "", "text/plain")]
    news(world, *"abc")
    await world.poll()
    assert len(world.pages_asked()) == 1
    assert [notice.kind for notice in world.store.notices.open()] == ["spaced"]
    await world.wait(timedelta(seconds=90))
    assert len(world.pages_asked()) == 1
    for _ in range(3):
        await world.wait(timedelta(seconds=130))
    assert len(world.kept()) == 3


async def test_a_licence_lifts_a_reservation(world: World) -> None:
    world.store.feeds.sync([Feed(FeedId("journal"), "Le Journal", FEED, permission="licence X, 2026-01-05")], NOW)
    await baseline(world)
    world.answers[RULES[1]] = [Fetched(b'[{"location": "/", "tdm-reservation": 1}]', "", "")]
    news(world, "a", answers=(RESERVED,))
    await world.poll()
    assert world.kept() == {"Une nouvelle a"}


@pytest.mark.parametrize(
    "answer",
    [replace(PAGE, body=meta("robots", "noarchive") + PAGE.body), replace(PAGE, robots_tags=("noarchive",))],
    ids=["meta", "header"],
)
async def test_a_page_that_may_not_be_archived_is_matched_and_its_text_forgotten(world: World, answer: Fetched) -> None:
    await baseline(world)
    news(world, "a", answers=(answer,))
    await world.poll()
    assert world.kept() == {"Une nouvelle a"}
    assert world.text() == ""
    assert b"Cirrova vise" not in stored(world)


# --- identity ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("answer", [PAGE, replace(PAGE, robots_tags=("noarchive",))], ids=["none kept", "noarchive"])
async def test_what_was_found_in_a_text_that_is_not_kept_outlives_an_edit_whose_page_fails(
    world: World, answer: Fetched
) -> None:
    await baseline(world)
    world.keep_texts = answer is not PAGE
    news(world, "a", answers=(answer, DOWN))
    await world.poll()
    assert world.text() == ""
    world.feed(item("a", "https://journal.example/a", "Une nouvelle, corrigée"))
    await world.poll()
    for _ in range(50):
        await world.wait()
    assert world.kept() == {"Une nouvelle a"}
    assert pages_waiting(world.store) == 0


async def numbered(world: World, known: int, *, title: str) -> int:
    """How many articles there are after one of `known` numbered ones comes back under another address."""
    start = "https://journal.example/"
    addresses = [f"{start}sujet-divers-{50_000 + number}.html" for number in range(known)]
    one, other = f"{start}hdh-change-77777.html", f"{start}autre-77777.html"
    world.answers |= {address: [ABSENT] for address in (*addresses, one, other)}
    others = [item(address, address, f"Divers {number}") for number, address in enumerate(addresses)]
    world.feed(*others, item("a", one, "Le HDH change bientôt son hébergeur"))
    await world.poll()
    world.feed(*others, item("b", other, title))
    await world.poll()
    return world.store.digests.read_count(NOW - timedelta(days=1)) - known


@pytest.mark.parametrize(
    ("known", "title", "articles"),
    [
        (6, "Le HDH change son hébergeur", 1),
        (6, "Un tout autre sujet du même numéro", 2),
        (3, "Le HDH change son hébergeur", 2),
    ],
    ids=["renamed", "another title", "a site that numbers little"],
)
async def test_a_renamed_address_is_known_by_its_number_and_its_title(
    world: World, known: int, title: str, articles: int
) -> None:
    assert await numbered(world, known, title=title) == articles


async def test_entries_that_share_an_address_stay_apart(world: World) -> None:
    await baseline(world)
    shared = ["https://journal.example/", "https://journal.example/numero.html"]
    world.answers |= {"https://journal.example/": [DOWN], "https://journal.example/numero.html": [DOWN]}
    world.feed(*(item(f"{n}", shared[n % 2], f"SecNumCloud {n}") for n in range(1, 5)))
    await world.poll()
    assert world.kept() == {f"SecNumCloud {n}" for n in range(1, 5)}


async def test_a_busy_worker_is_not_the_fault_of_the_feed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "CRAWL_DELAY", timedelta())  # the rules of the site wait for a worker too
    await baseline(world)
    world.feed(item("a", "https://journal.example/a", "SecNumCloud"))
    world.busy = True
    before = world.store.feeds.overview()[0][1]
    await world.poll()
    assert world.store.feeds.overview()[0][1] == before


async def test_a_source_term_knows_the_feed_even_of_a_page_read_later(world: World) -> None:
    await baseline(world)
    news(world, "a", answers=(DOWN, PAGE))
    wanted = WatchlistFile(name="Essai", all=["SecNumCloud", "source:=Le Journal"], none=["source:Gazette"])
    ports = replace(world.ports, engine=compile_engine({"essai": wanted}, {}))
    world.now += timedelta(hours=1)
    (claim,) = world.store.feeds.claim_all(world.now, "moi", timedelta(minutes=1))
    await poll(claim, ports)
    assert world.kept() == set()
    world.now += timedelta(hours=1)
    await read_waiting(replace(ports, clock=lambda: world.now))
    assert world.kept() == {"Une nouvelle a"}


def test_an_article_names_its_feed_and_its_site_once_each() -> None:
    reading = ArticleText(title="x", summary="", text="", url="", site="Le Monde")
    assert article_of(reading, "Veille").source == "Veille\nLe Monde"
    assert article_of(reading, "Le Monde").source == "Le Monde"
    assert article_of(replace(reading, site=None)).source == ""


# --- sources without a feed ----------------------------------------------------------------------------------------
def source(world: World, url: str, **given: Any) -> None:
    world.store.feeds.sync([Feed(FeedId("journal"), "Le Journal", url, reading="summary", **given)], NOW)


def html(*links: str) -> list[Outcome]:
    body = "".join(f"<a href='/actu/{name}'>SecNumCloud {name}</a>" for name in links)
    return [Fetched(f"<html><body><main>{body}</main></body></html>".encode(), LIST, "text/html")]


LIST = "https://journal.example/actualites"
MAP = "https://journal.example/sitemap.xml"


async def test_a_page_is_compared_by_its_links(world: World) -> None:
    source(world, LIST, kind="page", selector="main")
    world.answers[LIST] = html("a", "b")
    await world.poll()
    assert world.fresh() == set(), "a baseline, as for any source"
    world.answers[LIST] = html("c", "b")
    await world.poll()
    assert world.fresh() == {"SecNumCloud c"}
    world.answers[LIST] = html()
    await world.poll()
    assert world.store.feeds.overview()[0][1].health == "unparsable"


async def test_an_index_leads_to_the_sitemaps_that_changed(world: World) -> None:
    source(world, MAP, kind="sitemap")

    def index(date: str) -> Fetched:
        row = f"<sitemap><loc>{MAP}?p=1</loc><lastmod>{date}</lastmod></sitemap>"
        return Fetched(f"<sitemapindex>{row}</sitemapindex>".encode(), MAP, "text/xml", etag=f'"{date}"')

    def child(*names: str) -> list[Outcome]:
        rows = "".join(f"<url><loc>https://journal.example/actu/{name}-secnumcloud</loc></url>" for name in names)
        return [Fetched(f"<urlset>{rows}</urlset>".encode(), f"{MAP}?p=1", "text/xml")]

    world.answers |= {MAP: [index("2026-11-23")], f"{MAP}?p=1": child("un")}
    await world.poll()
    await world.poll()
    assert [url for url, _ in world.asked if url.startswith(MAP)] == [MAP, f"{MAP}?p=1", MAP]
    world.answers |= {MAP: [index("2026-11-24")], f"{MAP}?p=1": [DOWN]}
    await world.poll()
    state = world.store.feeds.overview()[0][1]
    assert (state.failures, state.etag) == (1, '"2026-11-23"')
    world.answers[f"{MAP}?p=1"] = child("deux", "un")
    await world.poll()
    assert world.fresh() == {"deux secnumcloud…"}


@pytest.mark.parametrize(("kind", "asked"), [("feed", True), ("page", False), ("sitemap", False)])
async def test_a_page_that_lists_articles_obeys_robots_txt_and_a_feed_is_there_to_be_asked(
    world: World, kind: Any, asked: bool
) -> None:
    source(world, LIST, kind=kind, links="/actu/*" if kind != "feed" else "")
    world.answers |= {LIST: html("a"), RULES[0]: [Fetched(b"User-agent: *\nDisallow: /", RULES[0], "text/plain")]}
    await world.poll()
    state = world.store.feeds.overview()[0][1]
    assert (LIST in [url for url, _ in world.asked]) == asked
    assert (state.health == "blocked") == (not asked)


async def test_a_feed_whose_site_forbids_it_to_us_by_name_is_asked_no_more_and_told(world: World) -> None:
    world.feed(item("1", "https://journal.example/a", "Un"))
    world.answers[RULES[0]] = [Fetched(b"User-agent: Vigie\nDisallow: /rss", RULES[0], "text/plain")]
    await world.poll()
    assert [url for url, _ in world.asked] == [FEED], "nothing before its first poll"
    for _ in range(3):
        await world.poll()
    assert [url for url, _ in world.asked] == [FEED, RULES[0]]
    ((_, state),) = world.store.feeds.overview()
    assert (state.health, state.error) == ("blocked", "robots.txt nomme Vigie et lui interdit ce flux")
    assert [notice.kind for notice in world.store.notices.open()] == ["blocked"]


@pytest.mark.file  # slow, and nothing in it depends on the engine
async def test_a_feed_too_long_to_be_read_whole_is_told_once_until_it_is_read_whole_again(world: World) -> None:
    items = [item(str(number), f"https://journal.example/{number}", f"Texte {number}") for number in range(2100)]
    world.feed(*items)
    await world.poll()
    (notice,) = world.store.notices.open()
    assert (notice.kind, notice.detail) == ("long", "100")
    world.feed(*items, "<!-- asked again -->", etag='"2"')
    await world.poll()
    assert [notice.kind for notice in world.store.notices.open()] == ["long"]
    world.feed(*items[:5], etag='"3"')
    await world.poll()
    assert world.store.notices.open() == ()


async def test_while_our_own_link_is_down_one_line_says_so_and_no_feed_is_blamed(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    names = [f"s{number}" for number in range(9)]
    world.store.feeds.sync([Feed(FeedId(name), name, f"https://{name}.example/rss") for name in names], NOW)
    world.answers |= {f"https://{name}.example/rss": [Failed(Why.NETWORK, "le nom n’existe pas")] for name in names}
    ports = world.ports
    for claim in world.store.feeds.claim_all(NOW, "moi", timedelta(minutes=1)):
        await poll(claim, ports)
    said = [record.message for record in caplog.records]
    assert said.count("our own link is down: most sites do not answer") == 1
    assert said.count("feed failed") == 3, "before four hosts have been asked, nobody can tell"


async def test_the_entries_of_a_poll_are_opened_in_one_go(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    run = World.run

    async def noted(self: World, function: Callable[..., Any], *arguments: Any, **limits: Any) -> Any:
        asked.append(function.__name__)
        return await run(self, function, *arguments, **limits)

    monkeypatch.setattr(World, "run", noted)
    await baseline(world)
    news(world, *"abcdefgh")
    asked.clear()
    await world.poll()
    assert asked.count("open_entries") == 1
    assert asked.count("open_entry") == 0
    assert world.kept() == {f"Une nouvelle {name}" for name in "abcdefgh"}


async def test_an_entry_that_ends_its_worker_spoils_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    run = World.run

    async def killed(self: World, function: Callable[..., Any], *arguments: Any, **limits: Any) -> Any:
        opened = arguments[0] if function is open_entries else [arguments] if function is open_entry else []
        if any(entry.title == "Une nouvelle b" for entry, *_ in opened):
            return Killed("time")
        return await run(self, function, *arguments, **limits)

    monkeypatch.setattr(World, "run", killed)
    await baseline(world)
    news(world, *"abc")
    await world.poll()
    with world.store.database.read() as connection:
        flags = {row.title: row.flags for row in connection.execute(select(article.c.title, article.c.flags))}
    assert world.kept() == {"Une nouvelle a", "Une nouvelle c"}
    assert [title for title in flags if "killed" in flags[title]] == ["Une nouvelle b"]


async def test_a_feed_whose_every_entry_ends_its_reader_is_left_alone_after_a_few(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, ended = World.run, []

    async def killed(self: World, function: Callable[..., Any], *arguments: Any, **limits: Any) -> Any:
        if function in (open_entry, open_entries):
            ended.append(function)
            return Killed("time")
        return await run(self, function, *arguments, **limits)

    monkeypatch.setattr(World, "run", killed)
    await baseline(world)
    ended.clear()
    world.feed(*(item(str(n), f"https://journal.example/{n}", f"Cirrova vise SecNumCloud, {n}") for n in range(1, 41)))
    await world.poll()
    assert len(ended) == FATAL
    assert len(world.fresh()) == 40, "each is kept by its title"


async def test_a_source_is_known_as_one_that_rings_from_the_day_it_brings_what_a_list_that_rings_keeps(
    world: World,
) -> None:
    def rang() -> datetime | None:
        with world.store.database.read() as connection:
            return connection.execute(select(feed.c.flashed_at)).scalar_one()

    await baseline(world)
    assert rang() is None
    news(world, "1")
    await world.poll()
    assert rang() == (at := world.now)
    await world.poll()
    assert rang() == at


async def test_a_source_whose_page_rings_when_it_is_read_later_is_known_as_one_that_rings(world: World) -> None:
    await baseline(world)
    news(world, "1", answers=[DOWN, PAGE])
    await world.poll()
    assert world.kept() == set()
    assert await world.wait() == 1
    ((_, state),) = world.store.feeds.overview()
    assert (state.flashed_at, world.kept()) == (world.now, {"Une nouvelle 1"})
