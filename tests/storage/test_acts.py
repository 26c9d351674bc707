"""Acts in the store: one row an act whatever its names, its press by any of them, and the days that it sets."""

from datetime import date, timedelta

from matchers.model import ActRole
from storage.acts.acts import keep_acts
from storage.acts.deadlines import keep_deadlines
from storage.acts.model import ActFields, ActRecord, DeadlineFact
from storage.articles.model import EntryRecord
from storage.ids import ArticleId, FeedId
from storage.store import Store
from tests.storage.builders import NOW, A, B, an_entry, poll

DECREE = ActFields(
    ("jorf:JORFTEXT000051234567", "nor:TSSD2603214D", "decret:2026-272", "decret@2026-04-02"),
    "Décret n° 2026-272 du 2 avril 2026 relatif à l’hébergement",
    "Ministère de la santé",
    date(2026, 4, 2),
    date(2026, 4, 4),
    "https://www.legifrance.gouv.fr/jorf/id/JORFTEXT000051234567",
)


def told(store: Store, article: ArticleId, record: ActRecord) -> None:
    with store.database.write() as connection:
        keep_acts(connection, article, record)
        keep_deadlines(connection, article, record, NOW)


def inserted(store: Store, number: int, feed: FeedId = A) -> ArticleId:
    """An article of a feed."""
    entry: EntryRecord = an_entry(f"e{number}", f"c{number}", (f"u{number}",))
    poll(store, entry, feed=feed, now=NOW + timedelta(days=number))
    return ArticleId(number)


def roles(**named: ActRole) -> tuple[tuple[str, ActRole], ...]:
    return tuple((name.replace("_", ":", 1).replace("_", "-"), role) for name, role in named.items())


def test_the_press_that_came_first_hangs_under_the_act_by_whatever_name(store: Store) -> None:
    press, other, item = (inserted(store, n) for n in (1, 2, 3))
    told(store, press, ActRecord(roles(decret_2026_272="founds")))
    told(store, other, ActRecord((("decret@2026-04-02", "cites"),)))
    assert store.acts.act("decret:2026-272") is None
    told(store, item, ActRecord(tuple((name, "is") for name in DECREE.names), DECREE))
    found = store.acts.act("nor:TSSD2603214D")
    assert found is not None
    assert (found.names[0], found.article, found.decided) == ("decret:2026-272", item, date(2026, 4, 2))
    assert [(each.article, each.role) for each in store.acts.press("jorf:JORFTEXT000051234567", 10)] == [
        (item, "is"),
        (other, "cites"),
        (press, "founds"),
    ]


def test_a_day_that_two_acts_bear_is_the_name_of_neither(store: Store) -> None:
    press, one, two = (inserted(store, n) for n in (1, 2, 3))
    told(store, press, ActRecord((("arrete@2026-04-02", "founds"),)))
    for item, nor in ((one, "nor:TSSD2603214A"), (two, "nor:TSSD2603215A")):
        names = (nor, "arrete@2026-04-02")
        told(store, item, ActRecord(tuple((name, "is") for name in names), ActFields(names)))
        alone = item == one
        assert (press in [each.article for each in store.acts.press(nor, 10)]) is alone
    assert store.acts.act("arrete@2026-04-02") is None


def test_two_rows_prove_to_be_one_act(store: Store) -> None:
    first, second, third = (inserted(store, n) for n in (1, 2, 3))
    told(store, first, ActRecord((), ActFields(("nor:TSSD2603214D",), "Un titre")))
    told(store, second, ActRecord((), ActFields(("decret:2026-272",), "Un autre")))
    told(store, third, ActRecord((), DECREE))
    found = store.acts.act("decret:2026-272")
    assert found is not None
    assert found == store.acts.act("nor:TSSD2603214D")
    assert (found.title, found.article) == ("Un titre", first)


def test_a_day_is_kept_moved_with_the_old_one_and_ended(store: Store) -> None:
    call, change, award = (inserted(store, n) for n in (1, 2, 3))
    fact = DeadlineFact("tender", date(2027, 1, 12), "Remise des offres", "boamp:26-104512", "12:00", sure=True)
    told(store, call, ActRecord((), ActFields(("boamp:26-104512",)), (fact,)))
    (found,) = store.deadlines.between(date(2027, 1, 1), date(2027, 2, 1))
    assert (found.act, found.state, found.time, found.article) == ("boamp:26-104512", "open", "12:00", call)
    moved = DeadlineFact("tender", date(2027, 1, 26), "Remise des offres", "boamp:26-104512", sure=True)
    told(store, change, ActRecord((), None, (moved,)))
    (found,) = store.deadlines.of_act("boamp:26-104512")
    assert (found.state, found.day, found.old_day) == ("moved", date(2027, 1, 26), date(2027, 1, 12))
    assert (found.key, found.changes) == ("boamp:26-104512\ntender\n" + A, 1)
    told(store, change, ActRecord((), ActFields(("boamp:26-104512", "decret:2027-1")), ()))
    (found,) = store.deadlines.of_act("decret:2027-1")
    assert (found.act, found.key) == ("decret:2027-1", "boamp:26-104512\ntender\n" + A), "a better name, the same day"
    told(store, award, ActRecord((), None, (DeadlineFact("tender", None, "", "boamp:26-104512", ends="done"),)))
    assert store.deadlines.between(date(2027, 1, 1), date(2027, 2, 1)) == ()
    assert store.deadlines.of_act("boamp:26-104512")[0].state == "done"


def test_two_sources_that_disagree_are_both_kept(store: Store) -> None:
    one, other = inserted(store, 1, A), inserted(store, 2, B)
    for item, day in ((one, date(2027, 1, 15)), (other, date(2027, 1, 16))):
        told(store, item, ActRecord((), None, (DeadlineFact("consultation", day, "Ouverte", "com:2026-118"),)))
    assert len(store.deadlines.of_act("com:2026-118")) == 2


def test_a_deadline_without_an_act_is_of_its_item_and_told_once(store: Store) -> None:
    item = inserted(store, 1)
    record = ActRecord((), None, (DeadlineFact("consultation", date(2027, 1, 15), "Ouverte jusqu’au 15 janvier"),))
    told(store, item, record)
    told(store, item, record)
    (found,) = store.deadlines.since(date(2027, 1, 15))
    assert (found.act, found.article) == ("", item)
