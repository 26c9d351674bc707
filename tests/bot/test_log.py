import json
import logging
from collections.abc import Iterator

import pytest

from bot import log
from storage import StoreError

TOKEN = "123456789:AAsecretsecretsecretsecretsecretsecret"


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = before[0], before[1]


def test_a_line_is_an_event_with_its_fields_and_no_secret(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("info", (TOKEN,))
    logging.getLogger("vigie").info("poll", extra={"feed": "cnil", "url": f"https://api/bot{TOKEN}/x"})
    try:
        int(TOKEN)
    except ValueError:
        logging.getLogger("vigie").exception("broken")
    logging.getLogger("httpx").info("never shown")
    shown = capsys.readouterr().err
    assert "info vigie poll feed=cnil" in shown
    assert "Traceback" in shown
    assert TOKEN not in shown
    assert "never shown" not in shown


def test_collected_lines_are_json_without_a_secret_either(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("info", (TOKEN,), "json")
    logging.getLogger("vigie").info("poll", extra={"feed": "l’été", "health": {1}, "url": f"bot{TOKEN}/x"})
    try:
        int(TOKEN)
    except ValueError:
        logging.getLogger("vigie").exception("broken\nin two lines")
    shown = capsys.readouterr().err
    assert TOKEN not in shown
    poll, broken = map(json.loads, shown.splitlines())
    assert (poll["event"], poll["level"], poll["feed"], poll["health"]) == ("poll", "info", "l’été", "{1}")
    assert "Traceback" in broken["exception"]


@pytest.mark.parametrize("form", ["console", "json"])
def test_what_the_base_refuses_is_one_line(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("info", form=form)  # type: ignore[arg-type]
    problem = StoreError("base abîmée")
    problem.__cause__ = ValueError("malformed")
    logging.getLogger("vigie").error("commands not offered", exc_info=problem, extra={"chat": 7})
    shown = capsys.readouterr().err
    assert len(shown.splitlines()) == 1
    assert all(word in shown for word in ("commands not offered", "chat", "base abîmée"))
    assert "Traceback" not in shown


# --- lines that a stranger would write -----------------------------------------------------------------------------
FORGED = "faux\n2026-11-28 08:00:00 info vigie started\r\x1b[2K\u2028\u202e\x85fin"


@pytest.mark.parametrize("form", ["console", "json"])
@pytest.mark.parametrize("where", ["event", "field", "exception"])
def test_a_strangers_words_begin_no_line(form: str, where: str, capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("info", form=form)  # type: ignore[arg-type]
    logger = logging.getLogger("vigie")
    if where == "exception":
        logger.error("failed", exc_info=ValueError(FORGED))
    else:
        logger.info(FORGED if where == "event" else "poll", extra={"feed": FORGED} if where == "field" else {})
    written = capsys.readouterr().err
    assert not any(line.startswith("2026-11-28 08:00:00 info vigie started") for line in written.splitlines())
    assert not any(sign in written for sign in "\r\x1b\u2028\u202e\x85")
