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


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("https://ana:motdepasse@exemple.fr/x", "https://<secret>@exemple.fr/x"),
        ("https://motdepasse@exemple.fr/", "https://<secret>@exemple.fr/"),
        ("HTTPS://ANA:mot@de@passe@[::1]:9/", "HTTPS://<secret>@[::1]:9/"),
        ("https://ana:mot/de#passe@exemple.fr/", "https://<secret>@exemple.fr/"),
        ("https://ana:mot passe@exemple.fr/", "https://<secret>@exemple.fr/"),
        ("https:/ana:motdepasse@exemple.fr (introuvable)", "https:/<secret>@exemple.fr (introuvable)"),
        ("ana:motdepasse@exemple.fr/x", "<secret>@exemple.fr/x"),
        ("postgresql://vigie:motdepasse@base/vigie", "postgresql://vigie:<secret>@base/vigie"),
        ("https://exemple.fr/flux?a=1&api_key=motdepasse#x", "https://exemple.fr/flux?a=1&api_key=<secret>#x"),
        ("« https://exemple.fr/?jeton=motdepasse »", "« https://exemple.fr/?jeton=<secret> »"),
        (f"https://api.telegram.org/bot{TOKEN}/getMe", "https://api.telegram.org/bot<secret>/getMe"),
        ("tgram://motdepasse/12 : service inconnu", "tgram://<secret> : service inconnu"),
        ("https://hooks.exemple.fr/services/T0/motdepasse", "https://hooks.exemple.fr/<secret>"),
        ("https://exemple.fr/?cle_api=motdepasse&b", "https://exemple.fr/?cle_api=<secret>&b"),
        ("matrixs://vigie:motdepasse@matrix.exemple/%23v", "matrixs://<secret>"),
    ],
)
def test_of_an_address_what_is_for_nobody_else_is_not_repeated(written: str, shown: str) -> None:
    assert log.redact(written) == shown


@pytest.mark.parametrize(
    "written",
    [
        "https://exemple.fr/a?page=2&lang=fr#suite",
        "https://social.exemple:8080/@ana/1 et https://exemple.fr/@ana",
        "https://exemple.fr : écrivez à ana@exemple.fr ou mailto:ana@exemple.fr",
        "postgresql://vigie@base.exemple/vigie",
        "feeds.yaml:3:5 : attention",
        'any:[@hdh, @cnil] et title:(@hdh OR lead:"@cnil")',
        "hôte:port ou réseau attendu (intranet.exemple:8080, 10.2.0.0/16)",
        "file:///etc/vigie.token",
    ],
)
def test_the_rest_of_an_address_is_shown(written: str) -> None:
    assert log.redact(written) == written
