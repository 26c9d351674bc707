"""What who runs Vigie sees on a phone: the commands for it, a refused file at once, its end in the same message."""

from pathlib import Path

from bot.demo.site import DemoSite
from tests.emulator import TOKEN, Emulator
from tests.whole.daemon import WATCHLIST, Daemon, folder

CLAIRE = 4242


def test_an_administrator_is_offered_more_and_told_of_a_refused_file_in_one_message(tmp_path: Path) -> None:
    with DemoSite.empty("essai") as site, Emulator() as telegram:
        config = folder(tmp_path / "config", site.feeds_yaml(every="1h"))
        more = {"VIGIE_TELEGRAM_API_URL": telegram.url, "VIGIE_ADMINS": str(CLAIRE)}
        with Daemon(config, VIGIE_TELEGRAM_TOKEN=TOKEN, **more) as daemon:
            claire = telegram.chat(CLAIRE)
            telegram.user_says(CLAIRE, "/start")
            daemon.wait(lambda: claire.messages)

            (config / "watchlists/essai.yaml").write_text(WATCHLIST.replace("any:", "anny:"), encoding="utf-8")
            daemon.wait(lambda: len(claire.messages) == 2)
            refused = claire.messages[1]
            assert refused.text.startswith("⛔ Rechargement refusé depuis moins d’une minute")
            assert "essai.yaml" in refused.text
            (config / "watchlists/essai.yaml").write_text(WATCHLIST + "# corrigé\n", encoding="utf-8")
            daemon.wait(lambda: claire.messages[1].text.startswith("✅ Configuration corrigée et rechargée"))
            daemon.wait(lambda: (f"chat {CLAIRE}", "") in telegram.commands)
            assert {"sources", "recharger"} < {each["command"] for each in telegram.commands[f"chat {CLAIRE}", ""]}
            assert daemon.stop() == 0
