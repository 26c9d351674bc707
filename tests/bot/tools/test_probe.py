"""`vigie doctor --probe`: it tells whether the service answers as the search for messages in doubt expects."""

import io
from pathlib import Path

import pytest

from bot.clock import now
from bot.ending import CannotRun
from bot.tools.probe import try_probe
from storage import open_store
from tests.emulator import TOKEN, Emulator, Fault
from tests.whole.daemon import folder, opened

CLAIRE = 7


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return folder(tmp_path / "config", "feeds:\n  - {id: cnil, url: 'https://cnil.example/rss'}\n")


async def tried(config: Path, **more: str) -> tuple[str, int]:
    chosen, _ = opened(config, **more)
    out = io.StringIO()
    code = await try_probe(chosen, CLAIRE, now(), out)
    return out.getvalue(), code


async def test_a_service_that_answers_as_expected_takes_the_alarm_away(config: Path) -> None:
    with Emulator() as emulator:
        emulator.chat(CLAIRE)
        store = open_store(config / "vigie.sqlite")
        store.proof.forbid("@1 7", now())
        said, code = await tried(config, VIGIE_TELEGRAM_TOKEN=TOKEN, VIGIE_TELEGRAM_API_URL=emulator.url)
        assert (code, said.count("✓")) == (0, 4)
        assert store.notices.open() == ()
        assert [post.edits for post in emulator.chat(CLAIRE).messages] == [0, 0]
        store.close()


async def test_a_service_that_answers_otherwise_is_told_with_what_to_set(config: Path) -> None:
    with Emulator() as emulator:
        emulator.chat(CLAIRE)
        emulator.fail(Fault("status", method="editMessageText", status=400, description="Bad Request: no edits here"))
        said, code = await tried(config, VIGIE_TELEGRAM_TOKEN=TOKEN, VIGIE_TELEGRAM_API_URL=emulator.url)
    assert code == 1
    assert "no edits here" in said
    assert said.endswith("VIGIE_PROBE=off\n")


async def test_without_a_token_there_is_nothing_to_try(config: Path) -> None:
    with pytest.raises(CannotRun, match="jeton"):
        await tried(config)
