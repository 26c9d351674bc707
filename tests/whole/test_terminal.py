"""Without a token: the terminal is the chat."""

from pathlib import Path

from bot.demo.site import Site
from tests.whole.daemon import Daemon, folder, once


def test_once_shows_what_is_new_and_only_once(tmp_path: Path) -> None:
    with Site.empty() as site:
        site.publish("essai", "Ancien article sur SecNumCloud")
        config = folder(tmp_path / "config", site.feeds_yaml(every="1h"))
        first = once(config)
        site.publish("essai", "Cirrova obtient SecNumCloud")
        early = once(config)
        second = once(config, "--all")
        third = once(config, "--all")
    assert [done.returncode for done in (first, early, second, third)] == [0, 0, 0, 0]
    assert "0 sources relevées" in early.stderr, "its hour has not come"
    assert "1 articles nouveaux" in second.stderr or "1 article nouveau" in second.stderr
    assert [("Cirrova" in done.stdout) for done in (first, early, second, third)] == [False, False, True, False]


def test_a_dead_source_hurts_nobody_and_shows_up(tmp_path: Path) -> None:
    with Site.empty() as site:
        site.publish("essai", "Cirrova obtient SecNumCloud")
        dead = f"  - id: muette\n    url: {site.url}/rien\n"
        config = folder(tmp_path / "config", site.feeds_yaml() + dead)
        done = once(config)
        assert done.returncode == 0
        assert "Traceback" not in done.stderr


def test_a_second_daemon_on_the_same_base_refuses_to_start(tmp_path: Path) -> None:
    with Site.empty() as site:
        config = folder(tmp_path / "config", site.feeds_yaml())
        with Daemon(config) as daemon:
            daemon.wait(lambda: site.requests)
            done = once(config)
        assert done.returncode == 1
        assert "une autre Vigie" in done.stderr


def test_sigterm_ends_it_at_once_with_code_0(tmp_path: Path) -> None:
    with Site.empty() as site:
        config = folder(tmp_path / "config", site.feeds_yaml())
        with Daemon(config) as daemon:
            daemon.wait(lambda: site.requests)
            assert daemon.stop() == 0
        assert "Traceback" not in daemon.log
