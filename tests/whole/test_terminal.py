"""Without a token: the terminal is the chat. In the test's own process: nothing here needs another."""

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.app import once
from bot.clock import now
from bot.daemon.lock import sole_sender
from bot.demo.site import DemoSite
from bot.ending import CannotRun
from bot.pipeline import LEASE
from bot.trials import backtest
from storage import StoreError, open_store
from tests.whole.daemon import WATCHLIST, folder, opened


def flash() -> dict[str, str]:
    return {"essai": WATCHLIST.replace("level: daily", "level: flash")}


async def said(config: Path, capsys: pytest.CaptureFixture[str], *, everything: bool = False) -> tuple[str, str]:
    """What `vigie once` prints: to the reader, and to the operator."""
    assert await once(*opened(config), everything=everything) == 0
    printed = capsys.readouterr()
    return printed.out, printed.err


async def test_once_shows_what_is_new_and_only_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with DemoSite.empty() as site:
        site.publish("essai", "Ancien article sur SecNumCloud")
        config = folder(tmp_path / "config", site.feeds_yaml(every="1h"), flash())
        first = await said(config, capsys)
        site.publish("essai", "Cirrova obtient SecNumCloud")
        early = await said(config, capsys)
        second = await said(config, capsys, everything=True)
        third = await said(config, capsys, everything=True)
    assert "0 source relevée" in early[1], "its hour has not come"
    assert "1 article nouveau" in second[1]
    assert ["Cirrova" in shown for shown, _ in (first, early, second, third)] == [False, False, True, False]


async def test_a_first_round_tells_what_it_would_have_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with DemoSite.empty() as site:
        site.publish("essai", "Ancien article sur SecNumCloud")
        site.publish("essai", "Une école ouvre")
        shown, counted = await said(folder(tmp_path / "config", site.feeds_yaml()), capsys)
    assert "Ancien article sur SecNumCloud" in shown
    assert "Une école ouvre" not in shown
    assert "2 articles nouveaux" in counted


async def test_a_dead_source_hurts_nobody_and_shows_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with DemoSite.empty() as site:
        site.publish("essai", "Cirrova obtient SecNumCloud")
        config = folder(tmp_path / "config", site.feeds_yaml() + f"  - id: muette\n    url: {site.url}/rien\n")
        _, counted = await said(config, capsys)
    assert "2 sources relevées, 1 article nouveau, 1 sans réponse" in counted
    store = open_store(config / "vigie.sqlite")
    states = {feed.id: state for feed, state in store.feeds.overview()}
    store.close()
    assert states["essai"].health == "ok"
    assert "404" in (states["muette"].error or "")


async def test_a_feed_that_was_being_polled_at_a_kill_is_asked_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with DemoSite.empty() as site:
        site.publish("essai", "Cirrova obtient SecNumCloud")
        config = folder(tmp_path / "config", site.feeds_yaml())
        chosen, configuration = opened(config)
        store = open_store(chosen.database)
        store.feeds.sync(configuration.feeds, now())
        assert store.feeds.claim_due(now(), "killed", LEASE, 9)
        store.close()
        _, counted = await said(config, capsys)
    assert "1 source relevée" in counted


async def test_without_an_answer_from_anywhere_it_says_so_and_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with DemoSite.empty() as site:
        site.faults["essai"] = 500
        config = folder(tmp_path / "config", site.feeds_yaml())
        assert await once(*opened(config), everything=False) == 1
    assert "aucune source" in capsys.readouterr().err


def test_only_one_vigie_sends_from_a_database(tmp_path: Path) -> None:
    base = tmp_path / "base"
    with sole_sender(base), pytest.raises(CannotRun, match="une autre Vigie"), sole_sender(base):
        pass
    with sole_sender(base):
        pass


def test_a_right_whose_file_is_deleted_is_taken_anew(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    base, file = tmp_path / "base", tmp_path / "base-sender"
    with sole_sender(base) as right:
        assert right is not None
        file.unlink()
        assert right.lost() is None
        assert "taken anew" in caplog.text
        with pytest.raises(CannotRun, match="une autre Vigie"), sole_sender(base):
            pass
    with sole_sender(base):
        pass


def test_a_right_that_another_took_is_lost(tmp_path: Path) -> None:
    base, file = tmp_path / "base", tmp_path / "base-sender"
    with sole_sender(base) as right:
        assert right is not None
        file.unlink()
        with sole_sender(base) as other:
            assert other is not None
            assert "une autre Vigie" in str(right.lost())
            assert other.lost() is None
        assert right.lost() is None


@pytest.mark.parametrize("way", [Path.mkdir, lambda file: file.symlink_to("ailleurs"), lambda file: file.touch(0o400)])
def test_a_right_whose_file_is_replaced_is_lost_or_taken_anew(tmp_path: Path, way: Callable[[Path], None]) -> None:
    base, file = tmp_path / "base", tmp_path / "base-sender"
    with sole_sender(base) as right:
        assert right is not None
        file.unlink()
        way(file)
        assert right.lost() is None if file.is_file() and os.access(file, os.W_OK) else right.lost() is not None


async def test_a_base_that_is_none_leaves_nothing_beside_it(tmp_path: Path) -> None:
    with DemoSite.empty() as site:
        config = folder(tmp_path / "config", site.feeds_yaml())
        chosen, configuration = opened(config)
        chosen.database.write_text("ceci n’est pas une base", encoding="utf-8")
        before = sorted(config.iterdir())
        with pytest.raises((StoreError, CannotRun)):
            await once(chosen, configuration, everything=False)
    assert sorted(config.iterdir()) == before


async def test_an_edit_is_tried_on_what_was_read_before_it_goes_live(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with DemoSite.empty() as site:
        site.publish("essai", "Ancien article sur SecNumCloud")
        site.publish("essai", "Une école de voile ouvre")
        config = folder(tmp_path / "config", site.feeds_yaml())
        await said(config, capsys)
    (config / "watchlists/essai.yaml").write_text(WATCHLIST.replace("[SecNumCloud]", "[SecNumCloud, voile]"))
    out = io.StringIO()
    assert backtest.run(backtest.BacktestAsked(config, config / "vigie.sqlite"), now(), out) == 0
    assert "essai  1 → 2 articles" in out.getvalue()
    assert "Une école de voile ouvre   +3 voile, titre" in out.getvalue()
