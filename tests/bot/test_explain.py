from pathlib import Path

import pytest

from bot import explain
from bot.config import Rules, Settings, load_rules, starter
from bot.demo.site import FOUNDING, Site
from bot.ending import CannotRun

CHOSEN = Settings(database=Path("unused"), folder=starter(), allow_private_networks=True)


@pytest.fixture(scope="module")
def rules() -> Rules:
    read = load_rules(starter())
    assert isinstance(read, Rules)
    return read


async def test_a_page_on_the_web_and_its_copy_on_disk_tell_the_same(
    rules: Rules, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Site(stage=2) as site:
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
