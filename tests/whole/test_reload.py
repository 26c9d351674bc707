"""A change of the configuration while the daemon runs: files, signal and command, through real doors."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.demo.site import DemoSite
from tests.bot.delivery.outside import Hooks, hook_server
from tests.emulator import TOKEN, Emulator
from tests.whole.daemon import WATCHLIST, Daemon, folder

ADMIN = 77
FLASH = WATCHLIST.replace("level: daily", "level: flash")


@pytest.fixture
def site() -> Iterator[DemoSite]:
    with DemoSite.empty("essai") as made:
        made.publish("essai", "Un article des jours passés")
        yield made


@pytest.fixture
def telegram() -> Iterator[Emulator]:
    with Emulator() as made:
        yield made


def texts(telegram: Emulator) -> list[str]:
    return [message.text for message in telegram.chat(ADMIN).messages]


def siem(url: str) -> str:
    """A webhook at this address, for every list."""
    place = f"kind: webhook, url: '{url}', secret: {{variable: SIEM}}, network: private, level: flash"
    return f"destinations:\n  siem: {{{place}}}\n"


def titles(hook: Hooks) -> list[str]:
    return [event["data"]["article"]["title"] for _, event, _ in hook.got if event["data"]["article"]]


def reloads(daemon: Daemon) -> int:
    return daemon.log.count(" reloaded ")


COUNTED = (
    "import atexit, gc, sys",
    "atexit.register(lambda: print('set aside:', gc.get_freeze_count()))",
    "from bot.cli import main",
    "sys.exit(main())",
)
"""`vigie`, and at its end how many things the search for garbage passed over."""


def test_rules_change_while_the_daemon_runs(tmp_path: Path, site: DemoSite, telegram: Emulator) -> None:
    config = folder(tmp_path / "config", site.feeds_yaml(every="1s"), {"essai": FLASH})
    lists = config / "watchlists"
    counted = (sys.executable, "-c", "; ".join(COUNTED))
    chosen = {"VIGIE_TELEGRAM_TOKEN": TOKEN, "VIGIE_TELEGRAM_API_URL": telegram.url, "VIGIE_ADMINS": str(ADMIN)}
    with Daemon(config, counted, **chosen, SIEM="s" * 32) as daemon:
        telegram.user_says(ADMIN, "/start")
        daemon.wait(lambda: len(texts(telegram)) == 1)

        (lists / "essai.yaml").write_text(FLASH.replace("[SecNumCloud]", "[SecNumCloud, Armorial]"), encoding="utf-8")
        daemon.wait(lambda: len(texts(telegram)) == 2)
        assert "essai" in texts(telegram)[1]
        site.publish("essai", "Armorial grandit")
        daemon.wait(lambda: len(texts(telegram)) == 3)
        assert "Armorial grandit" in texts(telegram)[2]

        (lists / "essai.yaml").write_text(FLASH.replace("any: [SecNumCloud]", "any: [Nébulis]"), encoding="utf-8")
        os.kill(daemon.pid, signal.SIGHUP)
        daemon.wait(lambda: len(texts(telegram)) >= 4)
        assert "watchlists/essai.yaml:7" in texts(telegram)[3]
        site.publish("essai", "Armorial déménage")
        daemon.wait(lambda: any("Armorial déménage" in text for text in texts(telegram)))

        (lists / "essai.yaml").write_text(FLASH, encoding="utf-8")
        telegram.user_says(ADMIN, "/recharger")
        daemon.wait(lambda: any("rechargée" in text for text in texts(telegram)[4:]))

        telegram.user_says(ADMIN, "/essai")
        daemon.wait(lambda: any("Aucune veille ne gagnerait" in text for text in texts(telegram)))

        with hook_server() as first, hook_server() as second:
            places = config / "destinations.yaml"
            taken = reloads(daemon)
            places.write_text(siem(first.url), encoding="utf-8")
            daemon.wait(lambda: reloads(daemon) == taken + 1)
            daemon.wait(lambda: "Destinations\u00a0: +siem" in texts(telegram)[-1])
            site.publish("essai", "Nébulis vise SecNumCloud")
            daemon.wait(lambda: titles(first) == ["Nébulis vise SecNumCloud"])

            places.write_text(siem(first.url).replace("level: flash", "lists: [inconnue]"), encoding="utf-8")
            daemon.wait(lambda: any("destinations.yaml:2" in text for text in texts(telegram)))
            site.publish("essai", "Cirrova vise SecNumCloud")
            daemon.wait(lambda: len(titles(first)) == 2)

            places.write_text(siem(second.url), encoding="utf-8")
            daemon.wait(lambda: reloads(daemon) == taken + 2)
            site.publish("essai", "Armorial vise SecNumCloud")
            daemon.wait(lambda: titles(second) == ["Armorial vise SecNumCloud"])

            places.unlink()
            daemon.wait(lambda: reloads(daemon) == taken + 3)
            read = daemon.log.count(" new=1 ")
            site.publish("essai", "Orlane vise SecNumCloud")
            daemon.wait(lambda: daemon.log.count(" new=1 ") > read)
            assert (len(titles(first)), len(titles(second))) == (2, 1)
        assert daemon.stop() == 0
        assert "Traceback" not in daemon.log
        passed_over = int(daemon.out.rpartition("set aside: ")[2])
        assert passed_over > 10_000, "what the daemon is made of, the rules of the last change included"
