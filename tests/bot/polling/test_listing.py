"""A list that is polled: events that become articles, holds that tell nothing, pages that are all had or none."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.model import Failed, Fetched, NotModified, Outcome, Why
from bot.pipeline import poll
from matchers.lists import ListSpec
from storage import Store, open_store
from storage.feeds.model import Feed
from storage.ids import FeedId
from storage.operators.model import Notice
from storage.schema import article, article_match, list_proof, register
from tests.bot.test_pipeline import World
from tests.file import an_empty_file

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
URL = "https://journal.example/catalogue"
SPEC = ListSpec(("Prestataire", "Service"), "table", "Statut", "Fin", tracker="secnumcloud")
SOURCE = FeedId("qualifies")
LIST = Feed(SOURCE, "Liste SecNumCloud", URL, kind="list", reading="feed", every=timedelta(days=1), listing=SPEC)
NAMES = ("Nébulis", "Cirrova", "Altocumul", "Stratonet", "Cumulor", "Brumaire")


def page(rows: dict[str, str], until: str = "31/07/2029") -> Fetched:
    head = "<tr><th>Prestataire</th><th>Service</th><th>Statut</th><th>Fin</th></tr>"
    body = "".join(
        f"<tr><td>{name}</td><td>{name} IaaS</td><td>{said}</td><td>{until}</td></tr>" for name, said in rows.items()
    )
    text = f"<html><body><table>{head}{body}</table></body></html>"
    return Fetched(text.encode(), URL, "text/html", etag='"1"')


ROWS = dict.fromkeys(NAMES, "J3")


@dataclass
class Watched(World):
    """A world with lists only."""

    source: Feed = field(default=LIST)

    async def day(self, *outcomes: Outcome, url: str = URL, hours: int = 24) -> None:
        self.answers[url] = list(outcomes)
        self.now += timedelta(hours=hours)
        (claim,) = (
            each
            for each in self.store.feeds.claim_all(self.now, "moi", timedelta(minutes=1))
            if each.feed.id == self.source.id
        )
        await poll(claim, self.ports)

    def titles(self) -> list[str]:
        with self.store.database.read() as connection:
            told = select(article.c.title).where(~article.c.muted).order_by(article.c.id)
            found = connection.execute(told).scalars()
            return [title.replace("\u00a0:", " :") for title in found]

    def told(self) -> tuple[Notice, ...]:
        return tuple(each for each in self.store.notices.open() if each.kind == "held")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Watched]:
    store: Store = open_store(an_empty_file(tmp_path / "v.db"))
    store.feeds.sync([LIST], NOW)
    yield Watched(store, folder=tmp_path)
    store.close()


async def test_what_a_list_says_anew_is_an_article_of_its_source(world: Watched) -> None:
    await world.day(page(ROWS))
    await world.day(page(ROWS | {"Brumaire": "Qualifié"}))
    assert world.titles() == [
        "Brumaire, Brumaire IaaS : J3 → Qualifié (Liste SecNumCloud, 26 nov. 2026, jusqu’au 31 juil. 2029)"
    ]
    with world.store.database.read() as connection:
        told = select(article.c.url, article_match.c.level).join(article_match).where(~article.c.muted)
        link, level = connection.execute(told).one()
        sealed = connection.execute(select(register.c.watchlist, register.c.title, register.c.version)).all()
    assert link.startswith(f"{URL}#Brumaire")
    assert level == "flash"
    event = world.store.lists.views()[0].events[0]
    assert (
        "list/qualifies",
        "changed · Brumaire | Brumaire IaaS · Statut · J3 · Qualifié",
        event.after.sha256,
    ) in sealed
    assert world.store.register.flaws() == ()


async def test_each_event_has_the_readings_before_and_after_it(world: Watched) -> None:
    await world.day(page(ROWS))
    await world.day(page(ROWS | {"Brumaire": "Qualifié"}))
    event = world.store.lists.views()[0].events[0]
    assert event.before is not None
    for proof, outcome in ((event.before, page(ROWS)), (event.after, page(ROWS | {"Brumaire": "Qualifié"}))):
        assert world.store.lists.proof(SOURCE, proof.sha256) == outcome.body
    assert (event.before.at, event.after.at) == (NOW + timedelta(days=1), NOW + timedelta(days=2))


async def test_only_the_last_reading_and_those_of_events_are_kept(world: Watched) -> None:
    for day in range(5):
        await world.day(replace(page(ROWS), body=page(ROWS).body + b" " * day))
    with world.store.database.read() as connection:
        assert len(connection.execute(select(list_proof.c.sha256)).all()) == 1


async def test_a_withdrawal_needs_two_readings_though_the_page_is_the_same(world: Watched) -> None:
    gone = {name: said for name, said in ROWS.items() if name != "Cumulor"}
    await world.day(page(ROWS))
    await world.day(page(gone))
    assert world.titles() == []
    assert world.asked[-1] == (URL, '"1"')
    await world.day(page(gone))
    assert world.asked[-1] == (URL, None)  # it is not to be answered by « not modified »
    assert [title.split(" (")[0] for title in world.titles()] == ["Cumulor, Cumulor IaaS : retiré de la liste"]
    assert "26 nov. 2026" in world.titles()[0]


async def test_a_held_reading_is_told_once_to_the_operators_and_ended_by_the_next(world: Watched) -> None:
    await world.day(page(ROWS))
    for _ in range(3):
        await world.day(Fetched(b"<html><body><p>Maintenance</p></body></html>", URL, "text/html"))
        (notice,) = world.told()
    assert notice.detail == "- 6 ? « table » ne trouve rien : la page a changé, ou ce n’est pas elle"
    await world.day(page(ROWS | {"Brumaire": "Qualifié"}))
    assert world.told() == ()
    assert len(world.titles()) == 1
    assert world.store.lists.get(SOURCE).why == ""


async def test_a_reading_that_an_operator_accepts_is_believed(world: Watched) -> None:
    half = dict.fromkeys(NAMES[:3], "J3")
    await world.day(page(ROWS))
    await world.day(page(half))
    (notice,) = world.told()
    assert not world.store.lists.accept(SOURCE, "00000000", world.now)
    assert world.store.lists.accept(SOURCE, notice.detail.split()[0], world.now)
    await world.day(page(half), hours=1)
    assert len(world.titles()) == 3
    assert all("retiré" in title for title in world.titles())


async def test_another_reading_than_the_one_accepted_is_held_again(world: Watched) -> None:
    await world.day(page(ROWS))
    await world.day(page(dict.fromkeys(NAMES[:3], "J3")))
    (notice,) = world.told()
    assert world.store.lists.accept(SOURCE, notice.detail.split()[0], world.now)
    await world.day(page(dict.fromkeys(NAMES[:1], "J3")))
    assert world.titles() == []
    assert len(world.told()) == 1


async def test_a_hold_that_an_operator_ignores_is_told_no_more(world: Watched) -> None:
    bad = Fetched(b"<html><body></body></html>", URL, "text/html")
    await world.day(page(ROWS))
    await world.day(bad)
    world.store.lists.ignore(SOURCE, world.now)
    await world.day(bad)
    assert world.told() == ()
    await world.day(page(ROWS))
    await world.day(bad)
    assert len(world.told()) == 1


async def test_an_end_passes_though_nothing_is_modified(world: Watched) -> None:
    await world.day(page(ROWS, "27/11/2026"))
    await world.day(page(ROWS, "27/11/2026"))
    for _ in range(4):
        await world.day(NotModified())
    assert len(world.titles()) == 6
    assert "fin de validité passée (27/11/2026), toujours inscrit" in world.titles()[0]


async def test_a_candidate_that_leaves_because_it_is_qualified_was_not_withdrawn(world: Watched) -> None:
    other = replace(LIST, id=FeedId("candidats"), url="https://journal.example/candidats", name="Candidats")
    world.store.feeds.sync([LIST, other], NOW)
    qualified, waiting = {f"Firme {n}": "Qualifié" for n in range(6)}, dict.fromkeys(NAMES, "J3")
    await world.day(page(qualified))
    candidates = replace(world, source=other)
    await candidates.day(page(waiting), url=other.url)
    world.now = candidates.now
    await world.day(page(qualified | {"Brumaire": "Qualifié"}))
    assert [title.split(" (")[0] for title in world.titles()] == ["Brumaire, Brumaire IaaS : J3 → Qualifié"]
    candidates.now = world.now
    del waiting["Brumaire"]
    for _ in range(2):
        await candidates.day(page(waiting), url=other.url)
    assert len(world.titles()) == 1
    assert [each.event.kind for view in world.store.lists.views() for each in view.events] == ["removed", "added"]


async def test_the_end_of_a_row_is_a_sure_deadline_that_moves_and_ends_with_it(world: Watched) -> None:
    def ends() -> list[tuple[str, date, date | None, bool]]:
        known = world.store.deadlines.since(date(2026, 1, 1))
        return [(each.state, each.day, each.old_day, each.sure) for each in known if "Brumaire" in each.sentence]

    first, then = date(2029, 7, 31), date(2030, 7, 31)
    granted = ROWS | {"Brumaire": "Qualifié"}
    await world.day(page(ROWS))
    await world.day(page(granted))
    assert ends() == [("open", first, None, True)]
    longer = page(granted).body.replace(b"fi\xc3\xa9</td><td>31/07/2029", b"fi\xc3\xa9</td><td>31/07/2030")
    await world.day(replace(page(granted), body=longer))
    assert ends() == [("moved", then, first, True)]
    for _ in range(2):
        await world.day(replace(page(granted), body=longer.replace(b"Brumaire IaaS", b"Brumaire IaaS+")))
    assert ends() == [("cancelled", then, first, True), ("open", then, None, True)]
    for _ in range(2):
        await world.day(page(dict.fromkeys(NAMES[:5], "J3")))
    assert [each[0] for each in ends()] == ["cancelled", "cancelled"]


async def test_the_ends_that_a_first_reading_finds_are_known_and_told_to_nobody(world: Watched) -> None:
    await world.day(Fetched(b"<html><body><p>Maintenance</p></body></html>", URL, "text/html"))

    def partly(rows: dict[str, str]) -> Fetched:
        body = page(rows).body.replace(b"31/07/2029", b"31/07/2026", 1).replace(b"31/07/2029", b"", 1)
        return replace(page(rows), body=body)

    await world.day(partly(ROWS))
    known = world.store.deadlines.since(date(2026, 1, 1))
    assert [each.sentence for each in known] == [
        f"{name}, {name} IaaS\u00a0: fin de validité le 31/07/2029" for name in reversed(NAMES[2:])
    ]
    assert {(each.state, each.kind, each.sure) for each in known} == {("open", "expiry", True)}
    assert world.titles() == []
    for _ in range(2):
        await world.day(partly(dict.fromkeys(NAMES[:5], "J3")))
    told = [each for each in world.store.deadlines.since(date(2026, 1, 1)) if "Brumaire" in each.sentence]
    assert [each.state for each in told] == ["cancelled"]


async def test_a_list_that_names_no_column_of_ends_sets_no_deadline(world: Watched) -> None:
    world.store.feeds.sync([replace(LIST, listing=replace(SPEC, until=""))], NOW)
    await world.day(page(ROWS))
    await world.day(page(ROWS | {"Brumaire": "Qualifié"}))
    assert len(world.titles()) == 1
    assert world.store.deadlines.since(date(2026, 1, 1)) == ()


@pytest.fixture
def paged(world: Watched) -> Watched:
    spec = replace(SPEC, pages="?lettre={A-C}")
    world.store.feeds.sync([replace(LIST, listing=spec)], NOW)
    return world


def letters(paged: Watched, outcomes: Sequence[Outcome]) -> None:
    paged.answers |= {f"{URL}?lettre={letter}": [each] for letter, each in zip("ABC", outcomes, strict=True)}


async def test_pages_are_one_reading_or_none(paged: Watched) -> None:
    parts: list[Outcome] = [page(dict.fromkeys(NAMES[place : place + 2], "J3")) for place in (0, 2, 4)]
    letters(paged, parts)
    await paged.day()
    stored = paged.store.lists.get(SOURCE).known
    assert stored is not None
    assert len(stored.rows) == 6
    letters(paged, [parts[0], Failed(Why.HTTP, "HTTP 500", 500), parts[2]])
    await paged.day()
    after = paged.store.lists.get(SOURCE).known
    assert after is not None
    assert after.read_at == stored.read_at
    assert paged.titles() == []


async def test_pages_that_never_end_are_no_reading(world: Watched) -> None:
    world.store.feeds.sync([replace(LIST, listing=replace(SPEC, follow="a[rel=next]"))], NOW)
    for number in range(40):
        link = f"<a rel=next href='{URL}?p={number + 1}'>suite</a></body>"
        body = page(ROWS).body.replace(b"</body>", link.encode())
        world.answers[URL if number == 0 else f"{URL}?p={number}"] = [replace(page(ROWS), body=body, url=URL)]
    await world.day(*world.answers[URL])
    assert [each.detail for each in world.told()] == ["- 0 ? plus de 30 pages"]
    assert len([url for url, _ in world.asked if url.startswith(URL)]) == 30


async def test_a_poll_that_dies_in_its_transaction_loses_and_doubles_nothing(
    world: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.day(page(ROWS))
    with monkeypatch.context() as broken:
        broken.setattr("storage.feeds.polls._entries", _dies)
        with pytest.raises(KeyboardInterrupt):
            await world.day(page(ROWS | {"Brumaire": "Qualifié"}))
    assert world.store.lists.views()[0].events == ()
    await world.day(page(ROWS | {"Brumaire": "Qualifié"}))
    await world.day(page(ROWS | {"Brumaire": "Qualifié"}))
    assert len(world.titles()) == len(world.store.lists.views()[0].events) == 1


def _dies(*_: object) -> None:
    raise KeyboardInterrupt
