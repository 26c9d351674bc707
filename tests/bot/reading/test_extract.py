"""`vigie extract`: one answer for each line, whatever the file holds."""

import argparse
import gzip
import json

from bot.reading.extract import run
from tests.bot.reading.pages import LOCKED, PARAGRAPHS, WORDPRESS

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
    assert [answer["id"] for answer in answers] == ["p1", "2", "absent.html", "dossier", "zip", "nul", "p1"]
    assert PARAGRAPHS[2] in answers[0]["text"]
    assert answers[1]["flags"] == ["paywalled"]
    assert [answer["source"] for answer in answers[2:6]] == ["none", "feed_summary", "none", "none"]
    assert [answer["flags"] for answer in answers[2:6]] == [["unreadable"], ["unreadable"], ["too_big"], ["unreadable"]]
    assert answers[6] == answers[0]


def test_a_missing_list_is_a_wrong_call(tmp_path, capsys):
    assert run(arguments(jsonl=str(tmp_path / "absente"))) == 2
    assert "lecture impossible" in capsys.readouterr().err
