import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot import sources
from bot.config import Configuration, Settings, load, settings
from storage import open_store
from storage.model import Feed, FeedId, FeedState

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


def test_a_source_in_difficulty_comes_first_and_says_why(tmp_path: Path) -> None:
    chosen, configuration = opened(tmp_path)
    out = io.StringIO()
    assert sources.show(chosen, configuration, out, NOW) == 0
    first, second, count = out.getvalue().splitlines()
    assert first.startswith("bonne")
    assert "jamais lue" in first
    assert second.startswith("muette")
    assert count == "2 sources suivies, 0 en difficulté, 1 en pause"
    assert open_store(chosen.database).feeds.overview()[0][1].requests == 0, "nothing was polled"


def test_a_round_is_told_in_one_line() -> None:
    feed = Feed(FeedId("a"), "A", "https://a.example/")
    state = FeedState(url=feed.url, due_at=NOW, health="failing")
    assert sources.told(1, 0, []) == "1 source relevée, 0 article nouveau"
    assert sources.told(2, 3, [(feed, state)]) == (
        "2 sources relevées, 3 articles nouveaux, 1 en difficulté (vigie feeds)"
    )


def test_spans_are_said_in_their_largest_unit() -> None:
    said = [sources.span(timedelta(seconds=seconds)) for seconds in (0, 59, 60, 3_600, 86_400 * 3)]
    assert said == ["0 s", "59 s", "1 min", "1 h", "3 j"]
