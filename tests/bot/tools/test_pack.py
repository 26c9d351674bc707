"""The audit pack: the same twice, verified with and without Vigie, and no forger gets past a witness."""

import gzip
import hashlib
import io
import json
import random
import struct
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from bot.ending import CannotRun, Stop
from bot.tools.pack import PackAsked, is_archive, make, troubles, unpacked, verify
from bot.tools.pack_contents import CHAIN, LINES, MANIFEST, READ_ME, SCRIPT, SILENCES, TRIAGE, zipped
from bot.tools.register import witness_of
from bot.tools.verifier import troubles as troubles_alone
from matchers.lists import ListRow, ListSpec
from storage.articles.model import Sorting
from storage.articles.register import START, seal
from storage.articles.register import written as line_written
from storage.changes.model import Span
from storage.ids import ArticleId
from storage.lists.codec import row_written
from storage.schema import list_event, list_proof
from storage.store import Store
from tests.bot.digest.builders import WATCHLISTS
from tests.bot.tools.forgeries import KINDS, a_chain, a_pack, forged, witnesses
from tests.storage.builders import NOW, a_feed, a_match, an_entry, poll

LINES_KEPT = a_chain(40)
GIVEN = witnesses(LINES_KEPT)
DAY = timedelta(days=1)
SPAN = Span(NOW - DAY, NOW + DAY)


def written(folder: Path, files: Mapping[str, bytes]) -> Path:
    path = folder / "paquet.zip"
    path.write_bytes(zipped(files))
    return path


@pytest.mark.parametrize("seed", range(60))
def test_whatever_touches_a_line_older_than_a_witness_is_found(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    kind, sealed = KINDS[seed % len(KINDS)], seed % 4 != 0
    witness = chance.choice(GIVEN)
    files = a_pack(LINES_KEPT, since=chance.choice((1, 5)))
    assert list(troubles(files, GIVEN)) == []
    touched, made = forged(files, kind, chance, sealed=sealed)
    path = written(tmp_path, made)
    found = bool(list(troubles(unpacked(path), [witness])))
    assert found == bool(troubles_alone(str(path), [witness.witness])), "both tell the same"
    if touched <= witness.number or not sealed:
        assert found
    else:  # newer than what was witnessed, and sealed again: nobody can tell, and nobody says so
        assert not found


def test_an_honest_pack_passes_with_every_witness_and_its_script_says_so_too(tmp_path: Path) -> None:
    path = written(tmp_path, a_pack(LINES_KEPT, since=12, watchlist="hds"))
    known = [each.witness for each in GIVEN if each.number >= 11]
    out = io.StringIO()
    assert verify(tmp_path / "none.db", str(path), [*map(witness_of, known)], out) == 0
    assert out.getvalue().endswith("rien n’a été touché\n")
    with zipfile.ZipFile(path) as pack:
        pack.extract(SCRIPT, tmp_path)
    told = subprocess.run(
        [sys.executable, "-I", str(tmp_path / SCRIPT), str(path), *known], capture_output=True, text=True
    )
    assert (told.returncode, told.stdout) == (0, "rien n'a été touché\n")
    told = subprocess.run(
        [sys.executable, "-I", str(tmp_path / SCRIPT), str(path), "20:000000000000"], capture_output=True
    )
    assert told.returncode == 1


def test_a_pack_is_known_by_its_name_or_by_how_it_begins(tmp_path: Path) -> None:
    path = written(tmp_path, a_pack(LINES_KEPT)).rename(tmp_path / "paquet")
    (tmp_path / "registre.csv").write_text("numéro")
    assert is_archive(str(path))
    assert is_archive(str(tmp_path / "absent.ZIP"))
    assert not is_archive(str(tmp_path / "registre.csv"))
    assert not is_archive(str(tmp_path / "absent"))


def test_the_script_is_short_enough_to_be_read() -> None:
    assert len(a_pack(LINES_KEPT)[SCRIPT].decode().splitlines()) <= 52


def test_a_file_missing_added_or_changed_is_named(tmp_path: Path) -> None:
    files = a_pack(LINES_KEPT)
    missing = {name: content for name, content in files.items() if name != SILENCES}
    assert list(troubles(missing)) == ["fichier absent : silences.csv"]
    assert list(troubles({**files, "veilles/hds.json": b"{}"})) == ["fichier en trop : veilles/hds.json"]
    assert list(troubles({**files, READ_ME: b"Tout va bien."})) == ["fichier modifié : LISEZMOI.txt"]
    _, made = forged(files, "alter", random.Random(1), sealed=True)
    assert "lignes.csv ne dit pas ce que dit registre.json" in list(troubles({**made, LINES: files[LINES]}))


@pytest.mark.parametrize("gone", [CHAIN, TRIAGE, LINES])
def test_a_pack_whose_manifest_forgets_a_part_is_not_whole(tmp_path: Path, gone: str) -> None:
    """Else who takes the register out of the manifest, too, has touched nothing, whatever was witnessed."""
    files = {name: content for name, content in a_pack(LINES_KEPT).items() if name != gone}
    manifest = json.loads(files[MANIFEST])
    del manifest["files"][gone]
    made = {**files, MANIFEST: json.dumps(manifest).encode()}
    assert f"fichier absent : {gone}" in list(troubles(made, GIVEN[:1]))
    assert f"absent : {gone}" in troubles_alone(str(written(tmp_path, made)), [GIVEN[0].witness])


def test_what_a_pack_calls_its_files_is_told_harmlessly(tmp_path: Path) -> None:
    """A name of the manifest would wipe the line that tells of it off a terminal, or stop the telling."""
    files = a_pack(LINES_KEPT)
    manifest = json.loads(files[MANIFEST])
    for name in ("a\r\x1b[2Krien n’a été touché", "\ud800", "b\n0 anomalie", "x" * 5_000):
        manifest["files"][name] = "x"
    path, out = written(tmp_path, {**files, MANIFEST: json.dumps(manifest).encode()}), io.StringIO()
    assert verify(tmp_path / "none.db", str(path), (), out) == 1
    told = out.getvalue().encode().decode()
    assert len(told.splitlines()) == 5
    assert told.replace("\n", "").isprintable()
    assert len(told) < 1_000
    for line in troubles_alone(str(path), []):
        assert line.isprintable()


@pytest.mark.parametrize(
    "text", ["", "12", "12:abc", "12:" + "g" * 12, "-1:" + "a" * 12, "\u0661:" + "a" * 12, ":" + "a" * 12]
)
def test_a_witness_that_never_was_given_is_refused(text: str) -> None:
    with pytest.raises(Stop, match="n’est pas un témoin de la forme"):
        witness_of(text)


def test_a_witness_of_another_register_or_from_before_the_pack_is_one_line() -> None:
    files = a_pack(LINES_KEPT, since=12)
    assert list(troubles(files, [witness_of(f"20:{'0' * 12}")])) == ["ligne 20 : n’est pas celle que le témoin a reçue"]
    (beyond,) = troubles(files, [witness_of(f"99:{'0' * 12}")])
    assert beyond == "ligne 99 : n’y est pas : ce registre s’arrête avant le témoin, coupé ou plus ancien que lui"
    with pytest.raises(CannotRun, match="le témoin 3 est d’avant ce fichier, qui suit la ligne 11"):
        list(troubles(files, [witness_of(f"3:{'0' * 12}")]))


def _bomb() -> bytes:
    """Some kilobytes that say they are a gigabyte."""
    whole = bytearray(zipped({MANIFEST: b"{}"}))
    at = whole.index(b"PK\x01\x02")
    whole[at + 24 : at + 28] = struct.pack("<I", 2**30)
    return bytes(whole)


def _dated(start: str) -> bytes:
    """A pack whose span begins at no moment."""
    files = a_pack(LINES_KEPT)
    return zipped({**files, MANIFEST: json.dumps({**json.loads(files[MANIFEST]), "from": start}).encode()})


def _packed(way: int) -> bytes:
    """A pack made small in a way that is not ours, and damaged."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", way) as pack:
        pack.writestr(MANIFEST, "{}" * 999)
    whole = bytearray(out.getvalue())
    whole[60:80] = bytes(20)
    return bytes(whole)


def _twice() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as pack:
        pack.writestr(MANIFEST, "{}")
        with pytest.warns(UserWarning, match="Duplicate name"):
            pack.writestr(MANIFEST, "[]")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "n’en est pas une"),
        (b"PK\x03\x04 coup\xc3\xa9", "n’en est pas une"),
        (zipped(a_pack(LINES_KEPT))[:-90], "n’en est pas une"),
        (_bomb(), "démesuré"),
        (zipped({"../../etc/cron.d/x": b"x"}), "sort du dossier"),
        (zipped({"/etc/passwd": b"x"}), "sort du dossier"),
        (zipped({"a\\..\\b": b"x"}), "sort du dossier"),
        (zipped({}), f"{MANIFEST} manque"),
        (zipped({MANIFEST: b"[" * 99_999}), f"{MANIFEST} manque"),
        (zipped({MANIFEST: b'{"files": 3}'}), f"{MANIFEST} manque"),
        (zipped({**a_pack(LINES_KEPT), CHAIN: b'{"lines": [3]}'}), "registre.json ne se lit pas"),
        (zipped({**a_pack(LINES_KEPT), CHAIN: b'"' + b"a" * 200_000}), "registre.json ne se lit pas"),
        (_dated("hier"), f"{MANIFEST} manque"),
        (_dated("2026-11-23T00:00:00"), f"{MANIFEST} manque"),
        (_packed(zipfile.ZIP_LZMA), "n’en est pas une"),
        (_packed(zipfile.ZIP_BZIP2), "n’en est pas une"),
    ],
)
def test_what_is_no_pack_is_one_line(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "paquet.zip"
    path.write_bytes(content)
    with pytest.raises(CannotRun, match=why) as refused:
        verify(tmp_path / "none.db", str(path), (), io.StringIO())
    assert "\n" not in str(refused.value)


def test_a_name_that_stands_twice_and_a_file_that_is_not_there_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "paquet.zip").write_bytes(_twice())
    with pytest.raises(CannotRun, match="deux fois"):
        unpacked(tmp_path / "paquet.zip")
    with pytest.raises(CannotRun, match="fichier illisible"):
        unpacked(tmp_path / "autre.zip")


# --- of a store ----------------------------------------------------------------------------------------------------
def a_month(store: Store) -> None:
    store.feeds.sync([a_feed()], NOW - 2 * DAY, {"watchlists/hds.yaml": '{"any":["a"]}', "entities.yaml": "{}"})
    for number in range(5):
        poll(store, an_entry(str(number), urls=(f"u{number}",), title=f"=Titre {number}", matches=[a_match()]))
    store.triage.note(ArticleId(1), Sorting(owner="Anne"), "abc", NOW)
    store.feeds.sync([a_feed()], NOW + DAY / 2, {"watchlists/hds.yaml": '{"any":["b"]}'})


def test_the_pack_of_a_store_is_the_same_twice_and_is_verified_against_it(store: Store, tmp_path: Path) -> None:
    a_month(store)
    packs = [tmp_path / f"{name}.zip" for name in "ab"]
    for path in packs:
        assert make(store.database.path, PackAsked(SPAN, "hds", str(path)), WATCHLISTS, io.StringIO()) == 0
    assert packs[0].read_bytes() == packs[1].read_bytes()
    head = store.register.head()
    assert head is not None
    assert verify(store.database.path, str(packs[0]), [head], io.StringIO()) == 0
    files = unpacked(packs[0])
    assert [name[12:] for name in sorted(files) if name.startswith("veilles/")] == [
        "20261122T070000Z-entities.json", "20261122T070000Z-hds.json",
        "20261124T190000Z-entities.json", "20261124T190000Z-hds.json",
    ]  # fmt: skip
    assert json.loads(files["tri.json"])["lines"][0]["owner"] == "Anne"
    assert "'=Titre 0" in files[LINES].decode()
    assert "valeur probante" not in files[READ_ME].decode()
    assert "preuve d’intégrité" in files[READ_ME].decode()


def test_what_official_lists_said_is_there_with_the_readings_that_prove_it(store: Store, tmp_path: Path) -> None:
    store.feeds.sync([a_feed(listing=ListSpec(("Nom",)))], NOW - 2 * DAY)
    body, row = b"<table>Nebulis</table>", ListRow(("=Nébulis",), "qualifié")
    digest = hashlib.sha256(body).hexdigest()
    with store.database.write() as connection:
        connection.execute(insert(list_event).values(
            feed_id="a", told_at=NOW, at=NOW, kind="added", listed=row_written(row), field="", before="",
            after="qualifié", quiet=False, url="https://anssi.example/", sha256=digest, old_sha256="0" * 64,
        ))  # fmt: skip
        connection.execute(insert(list_proof).values(
            feed_id="a", sha256=digest, at=NOW, content_type="text/html", body=gzip.compress(body, mtime=0),
        ))  # fmt: skip
    made = tmp_path / "listes.zip"
    assert make(store.database.path, PackAsked(SPAN, None, str(made)), WATCHLISTS, io.StringIO()) == 0
    files = unpacked(made)
    assert files[f"preuves/{digest}"] == body
    assert "added;'=Nébulis;;;qualifié;https://anssi.example/" in files["statuts.csv"].decode()
    assert "Rappel inconnu" in files[READ_ME].decode()
    assert list(troubles({**files, f"preuves/{digest}": b"autre"})) == [
        f"fichier modifié : preuves/{digest}", f"preuves/{digest} n’est pas ce que dit son empreinte",
    ]  # fmt: skip
    assert troubles_alone(str(written(tmp_path, files)), []) == []
    forged_proof = written(tmp_path, _with(files, f"preuves/{digest}", b"autre"))
    assert troubles_alone(str(forged_proof), []) == [f"modifié : preuves/{digest}"]


def test_a_pack_of_another_register_is_foreign_and_an_empty_one_is_a_pack(store: Store, tmp_path: Path) -> None:
    made = tmp_path / "vide.zip"
    assert make(store.database.path, PackAsked(SPAN, None, str(made)), WATCHLISTS, io.StringIO()) == 0
    assert verify(store.database.path, str(made), (), io.StringIO()) == 0
    a_month(store)
    out = io.StringIO()
    assert verify(store.database.path, str(written(tmp_path, a_pack(LINES_KEPT))), (), out) == 1
    assert "n’est pas celle de la base" in out.getvalue()


def test_a_list_that_is_not_there_is_one_line(store: Store) -> None:
    with pytest.raises(Stop, match="pas de veille « hsd »"):
        make(store.database.path, PackAsked(SPAN, "hsd"), WATCHLISTS, io.StringIO())


def _with(files: Mapping[str, bytes], name: str, content: bytes) -> dict[str, bytes]:
    """The pack with this file instead, and a manifest that agrees with it."""
    manifest = json.loads(files[MANIFEST])
    manifest["files"][name] = hashlib.sha256(content).hexdigest()
    return {**files, name: content, MANIFEST: json.dumps(manifest).encode()}


@pytest.mark.parametrize("watchlist", [None, "hds"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (";Titre 7;", ";Titre 8;"),
        (";score;seuil;", ";seuil;score;"),
        ("\r\n7;", "\r\n77;"),
        (";Titre 7;", ";Titre 7;de plus;"),
        (";Titre 7;", ';"Titre 7\r\n";'),
        (";hds;", ";cloud;"),
        ("\ufeff", "\ufeff\r\n"),
    ],
)
def test_a_table_that_no_longer_says_what_the_register_says_is_found_by_both(
    tmp_path: Path, watchlist: str | None, before: str, after: str
) -> None:
    files = a_pack(LINES_KEPT, watchlist=watchlist)
    table = files[LINES].decode()
    assert before in table
    made = _with(files, LINES, table.replace(before, after, 1).encode())
    said = "lignes.csv ne dit pas ce que dit registre.json"
    assert list(troubles(made, GIVEN[:1])) == [said]
    assert troubles_alone(str(written(tmp_path, made)), [GIVEN[0].witness]) == [said]


@pytest.mark.parametrize("title", ["=1+1", "'=1+1", "''", "' -x", 'l\'an ; "dit"', "a\r\nb", "a\u2028b", "\t-2", "é"])
def test_a_table_made_harmless_for_a_spreadsheet_is_no_forgery(tmp_path: Path, title: str) -> None:
    lines, sealed = [], START
    for line in (replace(each, title=title) for each in LINES_KEPT[:9]):
        sealed = seal(sealed, line_written(line))
        lines.append(replace(line, digest=sealed))
    files = a_pack(tuple(lines))
    assert list(troubles(files)) == []
    assert troubles_alone(str(written(tmp_path, files)), []) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"title": "Titre 7"', '"title": "Faux",\n   "title": "Titre 7"'),
        ('"lines": [', '"lines": [],\n "lines": ['),
        ('"title": "Titre 7"', '"title": "\\ud800"'),
        ('"title": "Titre 7"', '"avis": "Faux",\n   "title": "Titre 7"'),
    ],
)
def test_a_register_that_says_more_than_what_is_sealed_is_refused(before: str, after: str) -> None:
    """Who opens it reads the first of two keys, who verifies it the last."""
    files = a_pack(LINES_KEPT)
    text = files[CHAIN].decode()
    assert before in text
    with pytest.raises(CannotRun, match=CHAIN):
        list(troubles(_with(files, CHAIN, text.replace(before, after, 1).encode())))
