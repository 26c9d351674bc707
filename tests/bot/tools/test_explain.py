import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.config.configuration import Rules
from bot.config.folder import load_rules
from bot.config.settings import Settings, starter
from bot.demo.site import FOUNDING, DemoSite
from bot.ending import CannotRun
from bot.tools import explain
from bot.web.urls import url_keys
from storage import open_store
from tests.file import an_empty_file
from tests.storage.builders import NOW, a_feed, an_entry, poll

CHOSEN = Settings(database=Path("unused"), folder=starter(), allow_private_networks=True)


@pytest.fixture(scope="module")
def rules() -> Rules:
    read = load_rules(starter())
    assert isinstance(read, Rules)
    return read


async def test_a_page_on_the_web_and_its_copy_on_disk_tell_the_same(
    rules: Rules, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with DemoSite(stage=2) as site:
        (tmp_path / "page.html").write_bytes(site.answer(FOUNDING).body)
        assert await explain.run(site.url + FOUNDING, CHOSEN, rules.engine, as_json=False) == 0
        online = capsys.readouterr().out
    assert await explain.run(str(tmp_path / "page.html"), CHOSEN, rules.engine, as_json=False) == 0
    on_disk = capsys.readouterr().out
    assert "✔ health-data-hub" in online
    assert "[Health Data Hub]" in online
    assert online.partition("✔")[2] == on_disk.partition("✔")[2]


@pytest.mark.parametrize("target", ["nulle-part.html", "http://127.0.0.1:1/", "https://[::1/", "."])
async def test_what_cannot_be_read_is_one_line(rules: Rules, target: str) -> None:
    with pytest.raises(CannotRun) as refusal:
        await explain.run(target, CHOSEN, rules.engine, as_json=True)
    assert "\n" not in str(refusal.value)


@pytest.fixture
def archive(tmp_path: Path) -> Settings:
    """A base of one article: it matches nothing, for want of one word."""
    path = tmp_path / "archive.db"
    with closing(open_store(an_empty_file(path))) as store:
        store.feeds.sync([a_feed()], NOW)
        entry = an_entry(urls=url_keys("https://site.example/1"), title="Un label SecNumClood", text="Rien d’autre.")
        poll(store, entry)
    return replace(CHOSEN, database=path)


@pytest.mark.parametrize("target", ["1", "https://www.site.example/1?utm_source=x"])
async def test_a_stored_article_is_found_by_number_and_by_address(
    rules: Rules, archive: Settings, target: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await explain.why(target, "secnumcloud", archive, rules.engine, as_json=False) == 0
    told = capsys.readouterr().out
    assert "archive, article n° 1 du 24/11/2026" in told
    assert "✘ secnumcloud" in told
    assert "«\u00a0SecNumClood\u00a0», titre, une lettre d'écart" in told
    assert await explain.run(target, archive, rules.engine, as_json=False) == 0
    assert "Aucune veille ne retient cet article." in capsys.readouterr().out


async def test_why_gives_the_same_tree_in_json(
    rules: Rules, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "article.json"
    file.write_text('{"title": "Outscale, seul", "text": "\\ud800 ANSSI"}', encoding="utf-8")
    assert await explain.why(str(file), "secnumcloud", CHOSEN, rules.engine, as_json=True) == 0
    tree = json.loads(capsys.readouterr().out)
    assert tree["title"] == "Outscale, seul"
    assert tree["matched"] is False
    assert any("near, jamais ensemble" in below["message"] for below in tree["lacks"][0]["lacks"])
    assert tree["parts"][0]["point"]["term"] == "@outscale"


@pytest.mark.parametrize("target", ["7", "99999999999999999999999"])
async def test_a_number_that_is_not_in_the_archive_is_one_line(rules: Rules, archive: Settings, target: str) -> None:
    with pytest.raises(CannotRun, match=f"pas d’article n° {target}"):
        await explain.run(target, archive, rules.engine, as_json=False)
    assert not CHOSEN.database.exists()


async def test_a_bad_json_article_is_one_line(rules: Rules, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"id": 1}\n{"id": 2}', encoding="utf-8")
    with pytest.raises(CannotRun, match="JSON illisible"):
        await explain.run(str(tmp_path / "a.json"), CHOSEN, rules.engine, as_json=False)
