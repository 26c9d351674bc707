"""An operator learns what the watchlists are worth on articles that somebody judged, with every error."""

import gzip
import io
import json
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.ending import CannotRun, Stop
from bot.trials import unseen
from bot.trials.evaluate import EvaluationAsked, run
from bot.trials.labels import Label, Labelled, labelled, read_labelled, written
from bot.trials.measures import Outcome, Share, figures
from bot.trials.unseen import SitemapSample
from matchers.engine.engine import Engine, compile_engine
from matchers.model import Article
from matchers.watchlists.watchlist import WatchlistFile
from storage import open_store
from storage.ids import ArticleId
from tests.file import an_empty_file
from tests.storage.builders import NOW, a_chat, a_feed, a_match, an_entry, poll

ROWS: tuple[dict[str, Any], ...] = (
    {"id": "fire", "title": "Un incendie à Nantes", "label": 2, "lists": ["fire"], "flash": True},
    {"id": "smoke", "title": "Nantes sous la fumée", "label": 1, "lists": ["fire"]},
    {"id": "ballad", "title": "Incendie, un tube de l’été", "label": 0},
    {"id": "passing", "title": "Nantes", "text": "Un incendie l’an passé.", "label": 1, "mention": True},
    {"id": "guide", "title": "Incendie à la pension", "label": 1, "lists": ["fire"], "evergreen": True, "sure": False},
    {"id": "other", "title": "Le marché déménage"},
)


@pytest.fixture
def engine() -> Engine:
    sheet = {"name": "Feu", "any": ["incendie"], "level": "flash", "threshold": 1}
    return compile_engine({"fire": WatchlistFile.model_validate(sheet)}, {})


def lines(rows: Any = ROWS) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def told(engine: Engine, asked: EvaluationAsked) -> str:
    out = io.StringIO()
    assert run(asked, engine, out, io.StringIO()) == 0
    return out.getvalue()


@pytest.fixture
def asked(tmp_path: Path) -> EvaluationAsked:
    file = tmp_path / "jugés.jsonl"
    file.write_bytes(lines())
    return EvaluationAsked(tmp_path / "vigie.db", file)


# --- the figures ---------------------------------------------------------------------------------------------------
def test_every_figure_is_told_with_its_counts_and_interval(engine: Engine, asked: EvaluationAsked) -> None:
    said = " ".join(told(engine, asked).split())
    assert "6 articles jugés, 4 à retenir dont 1 au cœur du sujet" in said
    assert "précision 0,75 [0,30 – 0,95] 3/4" in said
    assert "rappel 0,75 [0,30 – 0,95] 3/4" in said
    assert "rappel de l’essentiel 1,00 [0,21 – 1,00] 1/1" in said
    assert "pour 1 000 500,0 [94,5 – 905,5] 1/2" in said
    assert "flashs justifiés 0,33" in said
    assert "faits urgents qui ont sonné 1,00" in said
    assert "« sujet », précision 0,67" in said
    assert "« sujet », rappel 1,00" in said
    assert "sans les 1 incertains : précision 0,67" in said
    assert "rappel de l’essentiel 1,00 · fausses alertes, pour 1 000 500,0" in said
    assert "fire précision 0,75 [0,30 – 0,95] 3/4 rappel 0,67 [0,21 – 0,94] 2/3" in said


def test_every_error_is_named_with_its_reason(engine: Engine, asked: EvaluationAsked) -> None:
    rings, missed, false, flashes = told(engine, asked).split("\n\n")[3:]
    vigie, silence, *_ = rings.splitlines()[1:]
    assert "utilité +1 [" in vigie
    assert vigie.endswith("1 fait sonné, 2 vaines, utile si un fait vaut plus de 2,00")
    assert silence.endswith("utilité 0 [0] : 0 fait sonné, 0 vaine")
    assert missed.startswith("Manqués\n   [smoke] Nantes sous la fumée\n       fire : ")
    assert "incendie" in missed
    assert false.startswith("Retenus à tort\n   [ballad] Incendie, un tube de l’été\n       fire : +3 incendie, titre,")
    assert "Flashs de trop" in flashes
    assert "[guide] Incendie à la pension (incertain)" in flashes
    assert "guide, avis ou publicité" in flashes


def test_the_same_in_json(engine: Engine, asked: EvaluationAsked) -> None:
    told_json = json.loads(told(engine, EvaluationAsked(asked.database, asked.file, as_json=True)))
    assert told_json["articles"] == 6
    assert told_json["figures"]["recall"]["part"] == 3
    assert told_json["sure"]["recall"]["n"] == 3
    assert told_json["watchlists"]["fire"]["recall"]["n"] == 3
    assert told_json["rings"]["everything"]["pain"] == 5
    assert {error["kind"] for error in told_json["errors"]} == {"missed", "false", "unjustified"}


# --- by the values of a key ----------------------------------------------------------------------------------------
def grouped(tmp_path: Path, *groups: Any) -> EvaluationAsked:
    """The rows, each with its group; None for a line that says none."""
    file = tmp_path / "jugés.jsonl"
    pairs = zip(ROWS, groups, strict=True)
    file.write_bytes(lines([row if group is None else row | {"corpus": group} for row, group in pairs]))
    return EvaluationAsked(tmp_path / "vigie.db", file, by="corpus")


def test_each_value_of_a_key_has_its_figures_the_most_numerous_first(engine: Engine, tmp_path: Path) -> None:
    asked = grouped(tmp_path, "presse", "presse", "presse", "alertes", "alertes", None)
    groups = told(engine, asked).split("\n\n")[3]
    assert groups.startswith("par « corpus »\npresse, 3 articles\n   précision ")
    press, alerts, rest = (" ".join(part.split()) for part in groups.replace("\n   ", " ").splitlines()[1:])
    assert "précision 0,50 [0,09 – 0,91] 1/2 rappel 0,50 [0,09 – 0,91] 1/2" in press
    assert press.endswith("fausses alertes, pour 1 000 1000,0 [206,5 – 1000,0] 1/1")
    assert alerts.startswith("alertes, 2 articles précision 1,00 [0,34 – 1,00] 2/2")
    assert rest.startswith("(rien), 1 article précision – 0/0")


def test_groups_stand_in_json_with_their_sure_part(engine: Engine, tmp_path: Path) -> None:
    asked = replace(grouped(tmp_path, 1, 1, True, 2, 2, " "), as_json=True)
    groups = json.loads(told(engine, asked))["groups"]
    assert list(groups) == ["1", "2", "", "true"]
    assert groups["2"]["articles"] == 2
    assert (groups["2"]["figures"]["precision"]["n"], groups["2"]["sure"]["precision"]["n"]) == (2, 1)


def test_without_a_key_nothing_is_grouped(engine: Engine, asked: EvaluationAsked) -> None:
    assert "par «" not in told(engine, asked)
    assert "groups" not in json.loads(told(engine, replace(asked, as_json=True)))


def test_a_key_that_no_line_has_is_one_line(engine: Engine, asked: EvaluationAsked) -> None:
    with pytest.raises(CannotRun, match="aucune ligne ne dit « outlet »"):
        run(replace(asked, by="outlet"), engine, io.StringIO(), io.StringIO())


def test_a_group_is_no_list(engine: Engine, tmp_path: Path) -> None:
    asked = grouped(tmp_path, "presse", ["presse"], None, None, None, None)
    with pytest.raises(Stop, match=r"jugés.jsonl:2 : « corpus » groupe les articles"):
        run(asked, engine, io.StringIO(), io.StringIO())


def test_what_a_display_would_obey_in_a_group_is_not_printed(engine: Engine, tmp_path: Path) -> None:
    asked = grouped(tmp_path, "pre\x1b[31msse", *[None] * 5)
    assert "\x1b" not in told(engine, asked)


def test_a_label_may_name_a_watchlist_that_is_not_there(engine: Engine, asked: EvaluationAsked) -> None:
    assert asked.file
    asked.file.write_bytes(lines([{"title": "Grêle", "label": 1, "lists": ["hail"]}]))
    assert "hail : il n’y a pas cette veille" in told(engine, asked)


def test_a_watchlist_that_is_not_there_is_told_with_its_line(engine: Engine, asked: EvaluationAsked) -> None:
    assert asked.file
    one, other = {"title": "Feu", "label": 1, "lists": ["fires"]}, {"title": "b", "label": 1, "lists": ["hail", "fire"]}
    asked.file.write_bytes(lines([{"title": "Incendie"}, one, other, one]))
    notes = io.StringIO()
    assert run(asked, engine, io.StringIO(), notes) == 0
    assert notes.getvalue().replace("\u00a0", " ").splitlines() == [
        f"{asked.file}:2 : pas de veille « fires » ; vouliez-vous « fire » ? (2 articles)",
        f"{asked.file}:3 : pas de veille « hail » (1 article)",
    ]


def test_votes_on_a_watchlist_that_is_gone_are_not_told(base: Path) -> None:
    notes = io.StringIO()
    assert run(EvaluationAsked(base), compile_engine({}, {}), io.StringIO(), notes) == 0
    assert notes.getvalue() == ""


def test_articles_of_one_event_count_once(engine: Engine) -> None:
    said = ("Un incendie", "Nantes brûle", "Rennes brûle")
    events = ("nantes", "nantes", "")
    outcomes = [
        Outcome(Labelled(title, article, Label(2, flash=True, event=event)), engine.match(article))
        for title, event, article in zip(said, events, (Article(title=each) for each in said), strict=True)
    ]
    assert figures(outcomes).events_rung == Share(1, 2)


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),  # as R's prop.test(correct = FALSE) gives them
    [(0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (5, 10, 0.237, 0.763), (81, 145, 0.477, 0.637), (0, 0, 0.0, 1.0)],
)
def test_intervals_are_wilsons(part: int, whole: int, low: float, high: float) -> None:
    found = Share(part, whole).interval
    assert [round(bound, 3) for bound in found] == [low, high]


# --- the file ------------------------------------------------------------------------------------------------------
def test_a_packed_file_is_read_as_it_is(engine: Engine, asked: EvaluationAsked, tmp_path: Path) -> None:
    packed = tmp_path / "jugés.jsonl.gz"
    packed.write_bytes(gzip.compress(lines()))
    assert told(engine, EvaluationAsked(asked.database, packed)) == told(engine, asked)


BROKEN = (
    ('{"title": "a", "label": 3}', "« label » vaut 2 (le sujet même), 1 (à côté) ou 0 (à laisser), pas 3"),
    ('{"title": "a", "label": true}', "« label » vaut 2"),
    ('{"title": "a", "label": "2"}', "« label » vaut 2"),
    ('{"title": "a", "label": [2]}', "« label » vaut 2"),
    ('{"title": "a", "label": 1, "lists": "hds"}', "« lists » est une liste"),
    ('{"title": "a", "label": 1, "lists": [1]}', "« lists » est une liste"),
    ('{"title": "a", "label": 1, "flash": "oui"}', "« flash » vaut true ou false"),
    ('{"title": "a", "label": 1, "sure": 0}', "« sure » vaut true ou false"),
    ('{"title": "a", "label": 1, "event": 7}', "« event » est un texte"),
    ('{"title": "a", "label": 0, "flash": true}', "« flash » vaut true et « label » 0"),
    ('{"title": 7, "label": 1}', "« title » doit être un texte"),
    ('{"title": "a", "published": "hier"}', "« published » est une date, comme 2026-11-30"),
    ('{"title": "a", "published": "2026-13-01"}', "« published » est une date, comme 2026-11-30"),
    ('{"title": "a", "published": 20261130}', "« published » doit être un texte"),
    ("[]", "un objet JSON est attendu"),
    ("{", "JSON illisible, colonne 2"),
    ("\udcff", "ce n'est pas du texte en JSON"),
    ('{"title": "\udcff"}', "JSON illisible : enregistrez le fichier en UTF-8"),
    ("[" * 100_000, "JSON illisible : trop de niveaux"),
)


@pytest.mark.parametrize(("line", "reason"), BROKEN)
def test_a_broken_line_is_refused_by_its_number(tmp_path: Path, line: str, reason: str) -> None:
    file = tmp_path / "jugés.jsonl"
    file.write_bytes(b'{"title": "fine"}\n\n' + line.encode(errors="surrogateescape") + b"\n")
    with pytest.raises(Stop) as refused:
        read_labelled(file)
    assert refused.value.code == 2
    (told_line,) = str(refused.value).splitlines()[1:]
    assert told_line.startswith(f"  {file}:3 : {reason}")


@pytest.mark.parametrize(
    "published", [None, "", " ", "2026-11-30", "2026-11-30T08:00:00+01:00", "2026-11-30T07:00:00Z"]
)
def test_an_article_has_a_date_or_none(published: str | None) -> None:
    assert labelled(json.dumps({"title": "a", "published": published}).encode(), "1").label == Label(0)


def test_broken_lines_are_all_told_at_once_up_to_twenty(tmp_path: Path) -> None:
    file = tmp_path / "jugés.jsonl"
    file.write_text("{\n" * 50, encoding="utf-8")
    with pytest.raises(Stop) as refused:
        read_labelled(file)
    assert len(str(refused.value).splitlines()) == 22
    assert str(refused.value).endswith("et 30 de plus")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.jsonl", None, "introuvable"),
        ("a.jsonl.gz", b"not packed", "gzip entier"),
        ("a.jsonl.gz", gzip.compress(b"{}\n" * 999, mtime=0)[:-9], "gzip entier"),
        ("a.jsonl.gz", gzip.compress(b"{}\n" * 999, mtime=0)[:12] + b"\0" * 40, "gzip entier"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line(tmp_path: Path, name: str, content: bytes | None, reason: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(CannotRun, match=reason):
        read_labelled(tmp_path / name)


@pytest.mark.parametrize("content", [b"", b"\n \n"])
def test_nothing_judged_is_said(engine: Engine, asked: EvaluationAsked, content: bytes) -> None:
    assert asked.file
    asked.file.write_bytes(content)
    with pytest.raises(CannotRun, match="aucun article jugé"):
        run(asked, engine, io.StringIO(), io.StringIO())


# --- votes ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Three articles with votes, one that a reader missed, and one that nobody spoke of."""
    path = tmp_path / "vigie.db"
    with closing(open_store(an_empty_file(path))) as store:
        store.feeds.sync([a_feed()], NOW)
        titles = ("Un incendie", "Incendie, un tube", "Feu de joie", "Nantes brûle", "Rien")
        matches = [a_match("fire")]
        poll(store, *(an_entry(str(n), urls=(f"u{n}",), title=t, matches=matches) for n, t in enumerate(titles)))
        chat = a_chat(store).key
        one, two, three, four = map(ArticleId, (1, 2, 3, 4))
        for article, voter, useful in ((one, "a", True), (two, "a", False), (three, "a", True), (three, "b", False)):
            store.votes.cast(article, voter, useful, NOW)
        number = store.missed.record(chat, "https://site.example/3", four, "none", NOW)
        assert number
        store.missed.confirm(number, "fire")
        lost = store.missed.record(chat, "https://elsewhere.example", None, "none", NOW)
        assert lost
        store.missed.confirm(lost, "fire")
    return path


def test_votes_are_labels_and_what_was_missed_is_one(engine: Engine, base: Path, tmp_path: Path) -> None:
    out = tmp_path / "votes.jsonl"
    said = told(engine, EvaluationAsked(base, out=out))
    assert said.startswith("4 articles jugés, 3 à retenir")
    exported = {each.article.title: each.label for each in read_labelled(out)}
    assert exported == {
        "Un incendie": Label(1, ("fire",)),
        "Incendie, un tube": Label(0),
        "Feu de joie": Label(1, ("fire",), sure=False),
        "Nantes brûle": Label(1, ("fire",)),
    }


@pytest.mark.parametrize(
    ("votes", "flash"),
    [
        (((True, True),), True),
        (((True, False),), False),
        (((True, None),), False),
        (((True, True), (True, False)), False),
        (((True, True), (True, True), (True, False)), True),
        (((False, None), (False, None), (True, True)), False),
    ],
)
def test_a_flash_is_worth_one_where_most_say_so(
    engine: Engine, base: Path, tmp_path: Path, votes: tuple[tuple[bool, bool | None], ...], flash: bool
) -> None:
    with closing(open_store(base)) as store:
        for number, (useful, urgent) in enumerate(votes):
            store.votes.cast(ArticleId(5), f"v{number}", useful, NOW, urgent)
    told(engine, EvaluationAsked(base, out=tmp_path / "votes.jsonl"))
    (label,) = (each.label for each in read_labelled(tmp_path / "votes.jsonl") if each.article.title == "Rien")
    assert label.flash is flash


def test_what_is_exported_is_evaluated_alike(engine: Engine, base: Path, tmp_path: Path) -> None:
    out = tmp_path / "votes.jsonl"
    assert told(engine, EvaluationAsked(base, out=out)) == told(engine, EvaluationAsked(base, out))


def test_a_line_written_is_the_line_read() -> None:
    label = Label(1, ("fire",), event="e", sure=False)
    for published in (NOW, None):
        row = Labelled("7", Article("7", "t", "s", "x", "https://a.example", published, "A"), label)
        assert labelled(written(row), "") == row


def test_a_base_without_votes_says_so(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "vigie.db"
    with pytest.raises(CannotRun, match="pas de base"):
        run(EvaluationAsked(path), engine, io.StringIO(), io.StringIO())
    open_store(path).close()
    with pytest.raises(CannotRun, match="aucun vote"):
        run(EvaluationAsked(path), engine, io.StringIO(), io.StringIO())


def test_an_export_that_cannot_be_written_is_one_line(engine: Engine, base: Path, tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match="impossible d’écrire"):
        run(EvaluationAsked(base, out=tmp_path), engine, io.StringIO(), io.StringIO())


def test_what_sitemaps_list_and_was_never_seen_stands_beside_the_bound(engine: Engine, base: Path) -> None:
    sample = SitemapSample(date(2026, 11, 26), 3, 50, (0, 1, 4), ())
    with closing(open_store(base)) as store:
        store.key_values.put(unseen.MEMO, unseen.written(sample))
    line = "2026-11-26 : 5 titres jamais vus, sur 50 que listent les plans de site de 3 sources"
    assert line in told(engine, EvaluationAsked(base)).splitlines()
    assert json.loads(told(engine, EvaluationAsked(base, as_json=True)))["sitemaps"]["counts"] == [0, 1, 4]


def test_what_a_display_would_obey_is_not_printed(engine: Engine, tmp_path: Path) -> None:
    row = {"id": "a\u009b31m", "title": "Un incendie \u2066là\u202e-bas\x1b[2J", "label": 0}
    (tmp_path / "a.jsonl").write_bytes(lines([row]))
    printed = told(engine, EvaluationAsked(tmp_path / "vigie.db", tmp_path / "a.jsonl"))
    assert "Un incendie" in printed
    assert not set("\u009b\u2066\u202e\x1b") & set(printed)
