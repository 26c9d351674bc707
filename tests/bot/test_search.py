"""What a query means, and what it finds."""

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import days
from bot.ending import Stop
from bot.search import Confusing, parse, plain, words
from bot.tools import finding
from storage import Store, open_store
from storage.articles.model import SearchQuery
from storage.place import Place
from tests.storage.builders import NOW, A, B, a_feed, an_entry, poll

pytestmark = pytest.mark.engines
ARTICLES = (
    ("Les données de santé quittent leur hébergeur", "Le marché est attribué à Nébulis."),
    ("Un hébergeur certifié HDS", "L'hébergement des hôpitaux régionaux change de main. Œuvre commune."),
    ("Nouveaux réseaux régionaux", "La donnée circule ; la santé aussi."),
    ("Offre d'emploi : ingénieur données", "Un poste chez Nébulis, à Rennes."),
    ("SecNumCloud : la qualification", "ANSSI et Cloud Act, encore."),
)


def read(query: str, now: datetime = NOW, zone: str = "Europe/Paris") -> SearchQuery | Confusing:
    return parse(query, partial(days.begun, now=now, zone=zone))


@pytest.fixture
def store(home: Place) -> Iterator[Store]:
    opened = open_store(home)
    opened.feeds.sync([a_feed(A, name="Courrier e-santé"), a_feed(B, name="Le Fil")], NOW)
    for number, (title, text) in enumerate(ARTICLES):
        feed = A if number % 2 else B
        entry = an_entry(str(number), urls=[f"u{number}"], title=title, text=text)
        poll(opened, entry, feed=feed, now=NOW + timedelta(days=number))
    yield opened
    opened.close()


def found(store: Store, query: str) -> list[int]:
    wanted = read(query, NOW + timedelta(days=5))
    assert isinstance(wanted, SearchQuery)
    result = store.search.find(wanted, 0, 10)
    assert result.count == len(result.findings)
    return sorted(each.article.id - 1 for each in result.findings)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("donnees de sante", [0, 2]),
        ("DONNÉES SANTÉ", [0, 2]),
        ('"données de santé"', [0]),
        ("« données de santé »", [0]),
        ("hébergeurs", [0, 1]),
        ("hébergement", [1]),
        ("l'hôpital régional", [1]),
        ("l’hopital", [1]),
        ("réseau", [2]),
        ("oeuvre", [1]),
        ("œuvres", [1]),
        ("nébulis", [0, 3]),
        ("nebulis -emploi", [0]),
        ('nebulis -"offre d\'emploi"', [0]),
        ("titre:données", [0, 3]),
        ("title:hébergeur nebulis", [0]),
        ("source:courrier", [1, 3]),
        ("source:courrier hébergeur", [1]),
        ('source:"le fil" santé', [0, 2]),
        ("depuis:3j", [2, 3, 4]),
        ("since:2026-11-28", [4]),
        ("depuis:3d données", [2, 3]),
        ("cloud act", [4]),
        ("de la", []),
        ("introuvable", []),
    ],
)
def test_a_query_finds_what_a_reader_means(store: Store, query: str, expected: list[int]) -> None:
    if query == "de la":
        assert read(query) == Confusing()
    else:
        assert found(store, query) == expected


@pytest.mark.parametrize(
    ("title", "text", "query", "hit"),
    [
        ("SecNumCloud/HDS", "", "hds", True),
        ("Voir cert.ssi.gouv.fr et contact@anssi.fr", "", "anssi", True),
        ("L’étude d’impact", "", '"etude d impact"', True),
        ("Health-data hosting", "", '"data hosting"', True),
        ("ΔΙΑΥΓΕΙΑ, ДАННЫЕ et ŒUVRE", "", "διαυγεια данные œuvre", True),
        ("Le décret 2025-1234 du 7 mai", "", "decret 1234", True),
        ("Un 🏥 hôpital「nouveau」", "", "hopital nouveau", True),
        ("La fin du titre", "Début du texte", '"titre resume"', False),
        ("La fin du titre", "Début du texte", '"resume debut"', False),
        ("Titre", "caf\u0065\u0301 crème", "café", True),
        ("Titre", " ".join(f"mot{number}" for number in range(60_000)), "mot7", True),
    ],
)
def test_words_are_found_however_they_are_written(store: Store, title: str, text: str, query: str, hit: bool) -> None:
    poll(store, an_entry("77", urls=["u77"], title=title, text=text), feed=B)
    assert (5 in found(store, query)) == hit


@pytest.mark.parametrize("query", ["nébulis", "hébergement hôpitaux", "titre:secnumcloud"])
def test_the_passage_shows_the_words_sought(store: Store, query: str) -> None:
    wanted = read(query)
    assert isinstance(wanted, SearchQuery)
    spelt = {form for forms in (*wanted.words.anywhere, *wanted.words.title) for form in forms}
    for each in store.search.find(wanted, 0, 9).findings:
        marked = re.findall("\x02(.*?)\x03", each.passage)
        assert marked
        assert {plain(word) for word in marked} <= spelt


def shown(store: Store, text: str, query: str) -> str:
    """The passage of one more article."""
    poll(store, an_entry("78", urls=["u78"], title="Titre", text=text), feed=B)
    wanted = read(query)
    assert isinstance(wanted, SearchQuery)
    return store.search.find(wanted, 0, 1).findings[0].passage


def test_a_passage_is_short_and_holds_the_most_of_the_words_sought(store: Store) -> None:
    text = f"Un quasar. {'mot ' * 80}Ici le quasar et le pulsar ensemble. {'fin ' * 80}"
    told = shown(store, text, "quasar pulsar")
    assert "Ici le \x02quasar\x03 et le \x02pulsar\x03 ensemble" in told
    assert told.startswith("…")
    assert told.endswith("…")
    assert len(told) <= 120 + 2 + 4


@pytest.mark.parametrize(
    "text", ["quasar " * 70_000, "x" * 300 + "quasar", "Un quasar.", "quasar " + "y" * 5_000, "a quasar b " * 20_000]
)
def test_a_text_that_repeats_itself_has_a_passage_like_any_other(store: Store, text: str) -> None:
    poll(store, an_entry("79", urls=["u79"], title="Un quasar", text=text), feed=B)
    told = shown(store, text, "quasar")
    assert "\x02quasar\x03" in told
    assert len(told.replace("\x02", "").replace("\x03", "")) <= 122


def test_what_is_in_the_title_comes_first(store: Store) -> None:
    for number, text in enumerate(
        ("Leur qualification, la qualification.", "Autre chose.", "Rien.", "Et encore."), start=10
    ):
        poll(store, an_entry(str(number), urls=[f"u{number}"], title="Titre", text=text), feed=B)
    wanted = read("qualification")
    assert isinstance(wanted, SearchQuery)
    assert [each.article.id for each in store.search.find(wanted, 0, 3).findings] == [5, 6]


def test_pages_hold_everything_once(store: Store) -> None:
    wanted = read("depuis:90j")
    assert isinstance(wanted, SearchQuery)
    pages = [store.search.find(wanted, offset, 2) for offset in (0, 2, 4)]
    assert [page.count for page in pages] == [5, 5, 5]
    assert [each.article.id for page in pages for each in page.findings] == [5, 4, 3, 2, 1]


def test_the_words_there_are_are_known_though_no_text_was_purged(store: Store) -> None:
    assert store.prune(NOW).texts == 0
    assert "hebergeur" in store.search.near("hebergeur")


def test_a_purged_text_leaves_the_index_and_its_title_stays(store: Store) -> None:
    store.prune(NOW + timedelta(days=31))
    assert found(store, "attribué") == []
    assert found(store, "hébergeur santé") == [0]
    assert "attribue" not in store.search.near("attribue")
    assert "hebergeur" in store.search.near("hebergeur")


def test_a_revised_article_is_found_by_its_new_words_alone(store: Store) -> None:
    poll(store, an_entry("0", content="c2", urls=["u0"], title="Le marché est annulé", text="Rien."), feed=B, now=NOW)
    assert found(store, "annulé") == [0]
    assert found(store, "attribué") == []


@pytest.mark.parametrize(("query", "when"), [("depuis:bientôt x", "bientôt"), ("-emploi", ""), ("", "")])
def test_a_query_that_cannot_be_read_says_why(query: str, when: str) -> None:
    assert read(query) == Confusing(when)


HALF_PAST_MIDNIGHT = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # in Paris: a Tuesday, the 24th; in Tahiti: Monday noon


@pytest.mark.parametrize(
    ("said", "zone", "midnight"),
    [
        ("hier", "Europe/Paris", "2026-11-23T00:00+01:00"),
        ("hier", "Pacific/Tahiti", "2026-11-22T00:00-10:00"),
        ("aujourd’hui", "Europe/Paris", "2026-11-24T00:00+01:00"),
        ("lundi", "Europe/Paris", "2026-11-23T00:00+01:00"),
        ("7j", "Europe/Paris", "2026-11-17T00:00+01:00"),
        ("2s", "Europe/Paris", "2026-11-10T00:00+01:00"),
        ("3mois", "Europe/Paris", "2026-08-24T00:00+02:00"),
        ("1y", "Europe/Paris", "2025-11-24T00:00+01:00"),
        ("2026-11-01", "Europe/Paris", "2026-11-01T00:00+01:00"),
        ("2026-11-01", "America/Montreal", "2026-11-01T00:00-04:00"),
        ("01/11", "Europe/Paris", "2026-11-01T00:00+01:00"),
        ("novembre", "Europe/Paris", "2026-11-01T00:00+01:00"),
        ('"1er octobre"', "Europe/Paris", "2026-10-01T00:00+02:00"),
    ],
)
def test_since_is_a_day_where_the_reader_lives(said: str, zone: str, midnight: str) -> None:
    wanted = read(f"depuis:{said}", HALF_PAST_MIDNIGHT, zone)
    assert isinstance(wanted, SearchQuery)
    assert wanted.since == datetime.fromisoformat(midnight)


@pytest.mark.parametrize("said", ["demain", "2027-01-01"])
def test_nothing_was_published_since_a_day_to_come(said: str) -> None:
    assert read(f"depuis:{said}") == Confusing(said)


@pytest.mark.file
@given(st.text(max_size=80) | st.from_regex(r'[-"«» :a-zé*()^]{0,30}', fullmatch=True))
def test_no_query_makes_the_store_stumble(query: str) -> None:
    wanted = read(query)
    words(query)
    if isinstance(wanted, SearchQuery):
        with open_memory() as store:
            store.search.find(wanted, 0, 1)


class open_memory:  # noqa: N801 - reads as a verb
    """One store for all examples: making one takes longer than searching it."""

    held: Store | None = None

    def __enter__(self) -> Store:
        import tempfile

        if open_memory.held is None:
            open_memory.held = open_store(Path(tempfile.mkdtemp()) / "vigie.sqlite")
        return open_memory.held

    def __exit__(self, *_: object) -> None: ...


def test_the_command_prints_what_it_finds(store: Store) -> None:
    out = io.StringIO()
    assert finding.show(store.database.place, "nébulis -emploi", 5, NOW, out) == 0
    lines = out.getvalue().splitlines()
    assert lines[0] == "1 article pour « nébulis -emploi »"
    assert lines[2] == "1. Les données de santé quittent leur hébergeur"
    assert "[Nébulis]" in lines[4]
    assert finding.show(store.database.place, "rien", 5, NOW, io.StringIO()) == 1
    with pytest.raises(Stop, match="au moins un mot"):
        finding.show(store.database.place, "-rien", 5, NOW, out)
