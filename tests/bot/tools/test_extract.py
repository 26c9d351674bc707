"""`vigie extract`: one answer for each line, whatever the file holds."""

import argparse
import gzip
import json

import pytest

from bot.tools.extract import run
from tests.bot.reading.pages import BODY, LOCKED, PARAGRAPHS, TEXT, WORDPRESS, ld, page

KEYS = ["id", "title", "text", "author", "published", "url", "site", "lang", "source", "flags"]


def arguments(**fields):
    return argparse.Namespace(**{"file": None, "url": None, "summary": "", "jsonl": None, **fields})


def test_one_file_gives_one_object_with_its_ten_keys(tmp_path, capsys):
    (tmp_path / "p.html").write_bytes(WORDPRESS)
    code = run(arguments(file=tmp_path / "p.html", url="https://exemple.fr/a?xtor=1"))
    answer = json.loads(capsys.readouterr().out)
    assert (code, list(answer)) == (0, KEYS)
    assert (answer["id"], answer["url"], answer["source"]) == ("p.html", "https://exemple.fr/a", "page")
    assert answer["title"] == "Valmorin choisit son hébergeur"


def test_a_list_is_answered_line_by_line_and_a_bad_line_costs_only_itself(tmp_path, capsys):
    (tmp_path / "a.html").write_bytes(WORDPRESS)
    (tmp_path / "b.gz").write_bytes(gzip.compress(LOCKED))
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(b"\0" * (20 << 20)))
    url = "https://exemple.fr/a"
    lines = [
        {"id": "p1", "path": str(tmp_path / "a.html"), "url": url},
        {"id": 2, "path": str(tmp_path / "b.gz"), "url": url},
        {"path": str(tmp_path / "absent.html"), "url": url},
        {"id": "dossier", "path": str(tmp_path), "url": None, "summary": "Un chapô."},
        {"id": "zip", "path": str(tmp_path / "bomb.gz"), "url": "javascript:1"},
        {"id": "nul", "path": "a\0b"},
    ]
    source = tmp_path / "liste.jsonl"
    source.write_text("\n".join([*map(json.dumps, lines), "pas du JSON", "[]", "", json.dumps(lines[0])]))
    code = run(arguments(jsonl=str(source)))
    printed = capsys.readouterr()
    answers = [json.loads(line) for line in printed.out.splitlines()]
    assert code == 2
    assert "ligne 7" in printed.err
    assert "ligne 8" in printed.err
    assert [answer["id"] for answer in answers] == ["p1", 2, "absent.html", "dossier", "zip", "nul", "p1"]
    assert PARAGRAPHS[2] in answers[0]["text"]
    assert answers[1]["flags"] == ["paywalled"]
    assert [answer["source"] for answer in answers[2:6]] == ["none", "feed_summary", "none", "none"]
    assert [answer["flags"] for answer in answers[2:6]] == [["unreadable"], ["unreadable"], ["too_big"], ["unreadable"]]
    assert answers[6] == answers[0]


def answer(tmp_path, capsys, body: bytes = WORDPRESS, **fields):
    (tmp_path / "p.html").write_bytes(body)
    (tmp_path / "l.jsonl").write_text(json.dumps({"id": "x", "path": str(tmp_path / "p.html"), **fields}))
    assert run(arguments(jsonl=str(tmp_path / "l.jsonl"))) == 0
    return json.loads(capsys.readouterr().out)


def test_what_the_feed_gave_counts_as_in_the_bot(tmp_path, capsys):
    full = answer(tmp_path, capsys, url="https://exemple.fr/a", title="Du flux", content=TEXT)
    assert (full["source"], full["title"]) == ("feed_full", "Du flux")
    short = answer(tmp_path, capsys, content="Un début de texte […]", summary="Un chapô.")
    assert (short["source"], short["url"]) == ("page", "")
    news = answer(tmp_path, capsys, url="https://news.google.com/rss/articles/CBMi", summary="Un chapô.")
    assert (news["source"], news["flags"], news["text"]) == ("feed_summary", ["aggregator"], "Un chapô.")


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("2026-03-04T08:15:00+01:00", "2026-03-04T08:15:00+01:00"),
        ("Wed, 04 Mar 2026 07:15:00 GMT", "2026-03-04T07:15:00+00:00"),
        ("2026-03-04T08:15:00", "2026-03-04T08:15:00+01:00"),
        ("hier", None),
        (3, None),
    ],
)
def test_a_date_is_iso_with_its_offset_or_null(tmp_path, capsys, written, published):
    assert answer(tmp_path, capsys, url="https://exemple.fr/a", published=written)["published"] == published


def test_a_bare_day_stays_one(tmp_path, capsys):
    body = page(f"<article>{BODY}</article>", ld(datePublished="2026-03-04", author=[{"name": "A B"}, {"name": "C D"}]))
    found = answer(tmp_path, capsys, body, url="https://exemple.fr/a")
    assert (found["published"], found["author"], found["flags"]) == ("2026-03-04", "A B; C D", ["day_only"])


def test_a_reservation_does_not_bind_who_has_the_page(tmp_path, capsys):
    body = page(f"<article>{BODY}</article>", '<meta name="tdm-reservation" content="1">')
    assert answer(tmp_path, capsys, body)["source"] == "page"


def test_the_same_input_gives_the_same_bytes(tmp_path, capsys):
    (tmp_path / "p.html").write_bytes(LOCKED)
    printed = []
    for _ in range(2):
        assert run(arguments(file=tmp_path / "p.html", url="https://exemple.fr/a", summary="Un chapô.")) == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]


def test_a_missing_list_is_a_wrong_call(tmp_path, capsys):
    assert run(arguments(jsonl=str(tmp_path / "absente"))) == 2
    assert "lecture impossible" in capsys.readouterr().err
