import logging

import pytest

from bot import log

TOKEN = "123456789:AAsecretsecretsecretsecretsecretsecret"


def test_a_line_is_an_event_with_its_fields_and_no_secret(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    try:
        log.configure("info", (TOKEN,))
        logging.getLogger("vigie").info("poll", extra={"feed": "cnil", "url": f"https://api/bot{TOKEN}/x"})
        try:
            int(TOKEN)
        except ValueError:
            logging.getLogger("vigie").exception("broken")
        logging.getLogger("httpx").info("never shown")
    finally:
        root.handlers[:], root.level = before[0], before[1]
    shown = capsys.readouterr().err
    assert "info vigie poll feed=cnil" in shown
    assert "Traceback" in shown
    assert TOKEN not in shown
    assert "never shown" not in shown
