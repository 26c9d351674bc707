"""From a feed to a phone: the daemon, a site and a Bot API server, each a real one on loopback."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.app import once
from bot.clock import now
from bot.demo.site import DemoSite
from bot.ending import CannotRun
from storage import open_store
from storage.chats.model import Choices
from tests.emulator import TOKEN, Emulator
from tests.storage.builders import a_feed, an_entry, poll
from tests.whole.daemon import Daemon, folder, opened

CLAIRE = 4242


@pytest.fixture
def site() -> Iterator[DemoSite]:
    with DemoSite.empty("essai") as made:
        made.publish("essai", "Nébulis prépare son dossier SecNumCloud", "Un article des jours passés.")
        yield made


@pytest.fixture
def telegram() -> Iterator[Emulator]:
    with Emulator() as made:
        yield made


@pytest.fixture
def config(tmp_path: Path, site: DemoSite) -> Path:
    return folder(tmp_path / "config", site.feeds_yaml(every="1s"))


def run(config: Path, telegram: Emulator, **more: str) -> Daemon:
    return Daemon(config, VIGIE_TELEGRAM_TOKEN=TOKEN, VIGIE_TELEGRAM_API_URL=telegram.url, **more)


def texts(telegram: Emulator) -> list[str]:
    return [message.text for message in telegram.chat(CLAIRE).messages]


def polls(site: DemoSite) -> int:
    return sum("feed" in request.path for request in site.requests)


def test_from_start_to_a_flash_a_digest_and_goodbye(config: Path, site: DemoSite, telegram: Emulator) -> None:
    with run(config, telegram) as daemon:
        daemon.wait(lambda: polls(site) >= 2)
        telegram.user_says(CLAIRE, "/start")
        daemon.wait(lambda: texts(telegram))
        assert "Test de SecNumCloud" in texts(telegram)[0]

        site.publish("essai", "Armorial attend SecNumCloud")
        daemon.wait(lambda: daemon.log.count("new=1") == 2)
        telegram.user_says(CLAIRE, "/digest")
        daemon.wait(lambda: len(texts(telegram)) == 2)
        assert "Armorial attend SecNumCloud" in texts(telegram)[1]
        assert "Nébulis" not in texts(telegram)[1], "nothing from before the subscription"
        telegram.user_says(CLAIRE, "/digest")
        daemon.wait(lambda: len(texts(telegram)) == 3)
        assert "Armorial" in texts(telegram)[2], "to look at what waits takes nothing from the next digest"

        telegram.user_says(CLAIRE, "/suivre essai flash")
        daemon.wait(lambda: len(texts(telegram)) == 4)
        assert "Rien d’ancien" in texts(telegram)[3]
        link = site.publish("essai", "Cirrova obtient SecNumCloud", "Une décision attendue.", "Le texte de la page.")
        daemon.wait(lambda: len(texts(telegram)) == 5)
        flash = telegram.chat(CLAIRE).messages[4]
        assert "Cirrova obtient SecNumCloud" in flash.text
        assert link in flash.links

        telegram.user_says(CLAIRE, "/stop oui")
        daemon.wait(lambda: len(texts(telegram)) == 6)
        site.publish("essai", "Un autre obtient SecNumCloud")
        seen = polls(site)
        daemon.wait(lambda: polls(site) >= seen + 3)
        assert len(texts(telegram)) == 6, "a chat that left hears nothing more"
        assert TOKEN not in Path(f"/proc/{daemon.pid}/cmdline").read_text()
        assert daemon.stop() == 0
        assert TOKEN.split(":")[1] not in daemon.log
        assert "Traceback" not in daemon.log


def test_a_kill_and_a_restart_send_nothing_twice(config: Path, site: DemoSite, telegram: Emulator) -> None:
    with run(config, telegram) as daemon:
        daemon.wait(lambda: polls(site) >= 1)
        telegram.user_says(CLAIRE, "/suivre essai flash")
        daemon.wait(lambda: texts(telegram))
        site.publish("essai", "Cirrova obtient SecNumCloud")
        daemon.wait(lambda: len(texts(telegram)) == 2)
        daemon.wait(lambda: "sent" in daemon.log)
        daemon.kill()
    seen = polls(site)
    with run(config, telegram) as daemon:
        daemon.wait(lambda: polls(site) >= seen + 3)
        site.publish("essai", "Armorial renonce à SecNumCloud")
        daemon.wait(lambda: len(texts(telegram)) == 3)
    assert [text.count("Cirrova") > 0 for text in texts(telegram)] == [False, True, False]


async def test_a_refused_token_is_one_line(config: Path, telegram: Emulator) -> None:
    other = "987654321:AAAnotherTokenThatTelegramNeverGaveOut00"
    chosen, configuration = opened(config, VIGIE_TELEGRAM_TOKEN=other, VIGIE_TELEGRAM_API_URL=telegram.url)
    with pytest.raises(CannotRun, match="refuse le jeton") as refusal:
        await once(chosen, configuration, everything=False)
    assert other not in str(refusal.value)


async def test_who_runs_it_by_hand_is_told_of_his_own_terms_too(config: Path, telegram: Emulator) -> None:
    chosen, configuration = opened(config, VIGIE_TELEGRAM_TOKEN=TOKEN, VIGIE_TELEGRAM_API_URL=telegram.url)
    before = now() - timedelta(days=3)
    telegram.user_says(CLAIRE, "/start")
    with closing(open_store(chosen.database)) as store:
        chat = store.chats.arrive(CLAIRE, "private", "fr", before)
        struck = (now() - timedelta(hours=1)).astimezone(ZoneInfo(chat.timezone))
        store.chats.settings(chat.key, Choices(digest_at=struck.hour * 60 + struck.minute))
        store.own_terms.add(chat.key, 0, "Armorial", before)
        store.feeds.sync([a_feed()], before)
        poll(store, an_entry(title="Armorial change de nom"), now=before)
    await once(chosen, configuration, everything=False)
    assert sum("Armorial change de nom" in text for text in texts(telegram)) == 1
