import csv
import io
import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import cells, cli
from bot.tools.register import KEPT, SORTED, WRITERS, NotARegister, RegisterSheet, flaws_of, parse, sheet_of, to_csv
from storage.articles.model import Kept, Sorting
from storage.articles.register import START, seal, written
from storage.ids import ArticleId
from storage.schema import triage
from storage.store import open_store
from tests.file import an_empty_file
from tests.storage.builders import A, a_feed, a_match, an_entry, poll

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
WORDS = st.text(st.characters(codec="utf-8"), max_size=60)


def sheet(*titles: str, first: int = 1, before: str = START) -> RegisterSheet:
    lines, last = [], before
    for number, title in enumerate(titles, start=first):
        held = " ".join(title.split())
        line = Kept(
            number, NOW + timedelta(minutes=number), "hds", "3f9a12", "flash", 14, 3, held, "https://fil.example/1",
            "Le Fil", "fil", None, "page", True, "",
        )  # fmt: skip
        last = seal(last, written(line))
        lines.append((written(line), last))
    return RegisterSheet(before, tuple(lines), last)


@pytest.mark.parametrize("form", WRITERS)
@given(titles=st.lists(WORDS, max_size=5))
def test_every_form_gives_back_what_was_sealed(form: str, titles: list[str]) -> None:
    made = sheet(*titles)
    read = parse(WRITERS[form](made))  # type: ignore[index]
    assert read == made
    assert flaws_of(read) == ()


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize(
    "title",
    [
        "Un | dans un titre \\",
        "\\| \\\\",
        "&lt;b&gt; & <b>",
        "'=1+1",
        "=cmd|'/c calc'!A0",
        "`code` **gras**",
        "« é ’ œ »",
        "-",
    ],
)
def test_odd_titles_survive(form: str, title: str) -> None:
    made = sheet(title)
    assert parse(WRITERS[form](made)) == made  # type: ignore[index]


def test_a_spreadsheet_shows_accents_and_runs_nothing() -> None:
    text = to_csv(sheet("L’été à l’hôpital", "=HYPERLINK(1)", "+33", "@nom", "-1"))
    assert text.encode("utf-8").startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert tuple(rows[0]) == KEPT.heads
    titles = [row[KEPT.heads.index("titre")] for row in rows[1:-1]]
    assert titles[0] == "L’été à l’hôpital"
    assert all(title.startswith("'") for title in titles[1:])


def altered(lines: list[list[str]], at: int) -> None:
    lines[at][7] += " !"


def removed(lines: list[list[str]], at: int) -> None:
    del lines[at]


def moved(lines: list[list[str]], at: int) -> None:
    lines.insert(at - 1 if at else 1, lines.pop(at))


def repeated(lines: list[list[str]], at: int) -> None:
    lines.insert(at, lines[at])


@pytest.mark.parametrize("harm", [altered, removed, moved, repeated])
@pytest.mark.parametrize("first", [1, 41])
def test_any_harm_to_any_line_is_found(harm: Callable[[list[list[str]], int], None], first: int) -> None:
    made = sheet(*(f"Titre {number}" for number in range(8)), first=first, before=START if first == 1 else "ab" * 32)
    for at in range(8):
        lines = [[*words, digest] for words, digest in made.lines]
        harm(lines, at)
        touched = RegisterSheet(made.before, tuple((tuple(line[:-1]), line[-1]) for line in lines), made.last)
        assert flaws_of(touched), at


def test_every_character_counts() -> None:
    made = sheet("Titre un", "Titre deux")
    text = json.loads(WRITERS["json"](made))
    choose = random.Random(7)
    for _ in range(40):
        touched = json.loads(json.dumps(text))
        line = choose.choice(touched["lines"])
        key = choose.choice(sorted(line))
        line[key] = line[key][:-1] + ("x" if not line[key].endswith("x") else "y")
        assert flaws_of(parse(json.dumps(touched))), key


@pytest.mark.parametrize(
    "text", ["", "n'importe quoi", "{}", "{", "# Registre", "numéro;autre\r\n1;2\r\n", '{"lines": 3}']
)
def test_what_is_no_register_is_said_to_be_none(text: str) -> None:
    with pytest.raises(ValueError) as refused:
        parse(text)
    assert isinstance(refused.value, NotARegister | json.JSONDecodeError)


def test_a_sheet_whose_seal_was_cut_is_refused() -> None:
    with pytest.raises(NotARegister, match="sceau"):
        parse("\r\n".join(to_csv(sheet("a", "b")).splitlines()[:-1]))


# --- the commands --------------------------------------------------------------------------------------------------
@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "vigie.sqlite"
    monkeypatch.setenv("VIGIE_DATABASE", str(path))
    store = open_store(an_empty_file(path))
    store.feeds.sync([a_feed(A)], NOW)
    for number in range(3):
        entry = an_entry(str(number), urls=(str(number),), title=f"Titre n° {number}", matches=[a_match()])
        poll(store, entry, now=NOW + timedelta(days=number))
    store.close()
    return path


def said(capsys: pytest.CaptureFixture[str], *arguments: object, code: int = 0) -> str:
    assert cli.main([str(each) for each in arguments]) == code
    printed = capsys.readouterr()
    return printed.out or printed.err


@pytest.mark.parametrize("form", WRITERS)
def test_an_export_is_verified_against_itself_and_the_base(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    assert "3 lignes" in said(capsys, "register", "--format", form, "--out", tmp_path / "registre")
    assert "rien n’a été touché" in said(capsys, "verify", tmp_path / "registre")
    whole = (tmp_path / "registre").read_text("utf-8")
    (tmp_path / "registre").write_text(whole.replace("Titre n° 1", "Titre n° 9"), encoding="utf-8")
    assert "ligne 2 : a été modifiée" in said(capsys, "verify", tmp_path / "registre", code=1)


def test_the_register_of_the_base_is_verified(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "3 lignes : rien n’a été touché" in said(capsys, "verify")


@pytest.mark.parametrize("form", WRITERS)
def test_the_triage_is_exported_and_verified_as_the_register_is(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    store = open_store(base)
    for wish in (Sorting("applies", note="= à | relire\\ <b>"), Sorting("done", owner="Claire M."), Sorting(note="")):
        store.triage.note(ArticleId(1), wish, "abc", NOW)
    store.close()
    assert "3 lignes" in said(capsys, "register", "--triage", "--format", form, "--out", tmp_path / "tri")
    assert "tri, 3 lignes : rien n’a été touché" in said(capsys, "verify", tmp_path / "tri")
    assert "tri, 3 lignes : rien n’a été touché" in said(capsys, "verify")
    whole = (tmp_path / "tri").read_text("utf-8")
    read = parse(whole)
    assert read.form is SORTED
    assert [words[5:8] for words, _ in read.lines] == [
        ("applies", "", "= à | relire\\ <b>"), ("done", "Claire M.", "= à | relire\\ <b>"), ("done", "Claire M.", ""),
    ]  # fmt: skip
    (tmp_path / "tri").write_text(whole.replace("Claire", "Claude", 1), encoding="utf-8")
    assert "tri, ligne 2 : a été modifiée" in said(capsys, "verify", tmp_path / "tri", code=1)


def test_a_triage_touched_in_the_base_is_told(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = open_store(base)
    for state in ("open", "applies", "done"):
        store.triage.note(ArticleId(2), Sorting(state), "abc", NOW)
    with store.database.write() as connection:
        connection.execute(triage.update().where(triage.c.number == 2).values(owner="un autre"))
        connection.execute(triage.delete().where(triage.c.number == 3))
    store.close()
    told = said(capsys, "verify", code=1)
    assert "tri, ligne 2 : a été modifiée" in told
    assert "tri, ligne 3 : et les suivantes manquent" in told
    assert "\n3 lignes : rien n’a été touché" in f"\n{told}", "the register itself is whole"


def test_a_register_made_up_elsewhere_is_foreign(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "invente").write_text(WRITERS["json"](sheet("a", "b", "c")), encoding="utf-8")
    assert "ligne 3 : n’est pas celle de la base" in said(capsys, "verify", tmp_path / "invente", code=1)


def test_a_register_may_start_on_a_day(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    read = parse(said(capsys, "register", "--since", "2026-11-25", "--format", "json"))
    assert [words[7] for words, _ in read.lines] == ["Titre n° 1", "Titre n° 2"]
    assert flaws_of(read) == ()
    assert "2026-11-24" in said(capsys, "register", "--since", "hier", code=2)


def test_what_can_not_be_read_is_one_line(base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "image").write_bytes(b"\x89PNG\xff")
    assert "registre" in said(capsys, "verify", tmp_path / "image", code=1)
    assert "illisible" in said(capsys, "verify", tmp_path / "absent", code=1)
    assert "impossible d’écrire" in said(capsys, "register", "--out", tmp_path, code=1)
    base.unlink()
    assert "n’existe pas" in said(capsys, "verify", code=1)


def test_an_empty_register_is_one_too() -> None:
    made = sheet_of(START, ())
    for write in WRITERS.values():
        assert parse(write(made)) == made
        assert flaws_of(made) == ()


# --- cells that a spreadsheet would run ----------------------------------------------------------------------------
RUN = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(1)",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "﹦1",
    "﹢1",
    "﹣1",
    "﹫a",
    " =1",
    "\u00a0=1",
    "\u200b=1",
    "\ufeff＝1",
    "'=1",
]


@pytest.mark.parametrize("title", RUN)
def test_no_cell_runs_and_every_cell_comes_back(title: str) -> None:
    assert cells.runs(title)
    harmless = cells.harmless(title)
    assert harmless == f"'{title}"
    assert cells.unharmed(harmless) == title


def test_what_runs_behind_a_tab_is_harmless_there_too() -> None:
    assert cells.harmless("\t=1") == "'\t'=1"
    assert cells.unharmed("'\t'=1") == "\t=1"


@pytest.mark.parametrize("title", ["ANSSI", "1+1=2", "« = »", "", "a'b", "—", "é"])
def test_other_cells_are_left(title: str) -> None:
    assert cells.harmless(title) == title == cells.unharmed(title)
