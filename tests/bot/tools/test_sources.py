import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.config.configuration import Configuration
from bot.config.folder import load
from bot.config.settings import Settings, settings
from bot.digest.newsroom import newsroom
from bot.polling import schedule
from bot.tools import sources
from storage import open_store
from storage.articles.model import PollRecord
from storage.feeds.model import Feed, FeedState
from storage.ids import FeedId
from storage.stories.model import SourceLead

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


def opened(folder: Path) -> tuple[Settings, Configuration]:
    (folder / "watchlists").mkdir()
    (folder / "entities.yaml").write_text("anssi: {name: ANSSI, kind: org}\n", encoding="utf-8")
    (folder / "watchlists/essai.yaml").write_text("name: Essai\nany: [SecNumCloud]\nthreshold: 1\n", encoding="utf-8")
    (folder / "feeds.yaml").write_text(
        "feeds:\n"
        "- {id: bonne, url: 'https://bonne.example/rss'}\n"
        "- {id: muette, url: 'https://muette.example/rss'}\n"
        "- {id: pause, url: 'https://pause.example/rss', enabled: false}\n",
        encoding="utf-8",
    )
    chosen = settings({"VIGIE_DATABASE": str(folder / "base"), "VIGIE_CONFIG": str(folder)})
    configuration = load(folder)
    assert isinstance(chosen, Settings)
    assert isinstance(configuration, Configuration)
    return chosen, configuration


def told(chosen: Settings, configuration: Configuration) -> list[str]:
    out = io.StringIO()
    assert sources.show(chosen, configuration, out, NOW) == 0
    return out.getvalue().splitlines()


def test_a_look_creates_nothing(tmp_path: Path) -> None:
    chosen, configuration = opened(tmp_path)
    first, second, count = told(chosen, configuration)
    assert first.startswith("bonne")
    assert "jamais lue" in second
    assert count == "2 sources suivies, 0 en difficulté, 1 en pause"
    assert not chosen.database.exists()


def test_a_source_in_difficulty_comes_first_and_says_why(tmp_path: Path) -> None:
    chosen, configuration = opened(tmp_path)
    store = open_store(chosen.database)
    store.feeds.sync(configuration.feeds, NOW)
    for claim in store.feeds.claim_due(NOW, "moi", timedelta(minutes=1), 9):
        failed = claim.feed.id == "muette"
        health = replace(claim.state, health="failing", error="HTTP 500", failures=6) if failed else claim.state
        store.polls.record(PollRecord(claim, replace(health, due_at=NOW + timedelta(hours=3)), NOW), newsroom({}))
    store.close()
    first, why, second, count = told(chosen, configuration)
    assert first.startswith("muette")
    assert "en panne" in first
    assert "dans 3 h" in first
    assert why == "    HTTP 500 (6 échecs de suite)"
    assert second.startswith("bonne")
    assert "1 en difficulté" in count


def row(**changes: object) -> tuple[Feed, FeedState]:
    feed = Feed(FeedId("a"), "A", "https://a.example/")
    return feed, replace(FeedState(url=feed.url, due_at=NOW), **changes)  # type: ignore[arg-type]


def test_a_round_is_told_in_one_line() -> None:
    fine, failed = row(checked_at=NOW), row(checked_at=NOW, failures=1, error="HTTP 500")
    earlier = row(checked_at=NOW - timedelta(hours=1))
    assert sources.told(NOW, 0, [earlier]) == ("0 source relevée, 0 article nouveau", True)
    assert sources.told(NOW, 1, [fine, earlier]) == ("1 source relevée, 1 article nouveau", True)
    assert sources.told(NOW, 3, [fine, failed]) == (
        "2 sources relevées, 3 articles nouveaux, 1 sans réponse (vigie feeds)", True
    )  # fmt: skip
    offline = row(checked_at=NOW, error=schedule.OFFLINE)
    said, answered = sources.told(NOW, 0, [failed, offline, earlier])
    assert not answered, "a link that is down is nobody's failure, and no answer either"
    assert said.startswith("aucune source n’a répondu sur 2")


def test_a_source_that_is_never_grouped_says_so(tmp_path: Path) -> None:
    chosen, _ = opened(tmp_path)
    sheet = tmp_path / "feeds.yaml"
    sheet.write_text(sheet.read_text(encoding="utf-8").replace("id: bonne", "id: bonne, dedup: off"), encoding="utf-8")
    configuration = load(tmp_path)
    assert isinstance(configuration, Configuration)
    assert [feed.dedup for feed in configuration.feeds] == [False, True, True]
    lines = told(chosen, configuration)
    assert lines[1].startswith("    regroupement : non (dedup: false)")
    assert sum("regroupement" in line for line in lines) == 1, "of the source that asked for it alone"


def test_a_source_says_how_often_it_was_first() -> None:
    lead = SourceLead(31, 9, timedelta(hours=6), 40, 2)
    assert sources.led(lead) == (
        "vue d’abord 9 fois sur 31 sujets partagés d’un trimestre, 6 h d’avance en médiane, 2 copies sur 40"
    )
    assert sources.led(SourceLead(1, 0, None, 1, 0)) == "vue d’abord 0 fois sur 1 sujet partagé d’un trimestre"
