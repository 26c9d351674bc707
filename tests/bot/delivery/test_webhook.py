import base64
import hashlib
import hmac
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.config.destinations import Webhook
from bot.config.secret import Secret
from bot.delivery.chat import Answer, MessageRefused, Retry, Sent, Unsure
from bot.delivery.webhook import posted
from bot.web.guard import Guard
from bot.web.network import DIRECT
from bot.web.post import Poster
from tests.bot.delivery.outside import Hooks, hook_server

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
EVENT = {"specversion": "1.0", "id": "abc-7", "data": {"text": "Nébulis"}}


@pytest.fixture
async def poster() -> AsyncIterator[Poster]:
    made = Poster(Guard(), DIRECT, "Vigie/essai", patience=2.0)
    yield made
    await made.aclose()


async def sent(poster: Poster, hooks: Hooks, url: str = "") -> Answer:
    hook = Webhook(Secret(url or hooks.url), Secret("clef"), private=True)
    poster.open_to([hooks.url])
    return await posted(hook, dict(EVENT), "siem", poster, NOW)


async def test_an_event_is_signed_with_its_time_and_named_by_its_id(poster: Poster) -> None:
    with hook_server() as hooks:
        assert isinstance(await sent(poster, hooks), Sent)
    ((headers, event, body),) = hooks.got
    assert event == EVENT
    assert headers["content-type"] == "application/cloudevents+json"
    assert headers["webhook-id"] == headers["idempotency-key"] == "abc-7"
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    signed = hmac.new(b"clef", f"abc-7.{int(NOW.timestamp())}.".encode() + body, hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(signed).decode()}"


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (200, Sent),  # though its body is garbage
        (204, Sent),
        (408, Retry),
        (425, Retry),
        (429, Retry),
        (400, "ours"),
        (413, "ours"),
        (422, "ours"),
        (401, "rights"),
        (403, "rights"),
        (404, "rights"),
        (410, "rights"),
        (500, Unsure),
        (503, Unsure),
        (0, Unsure),
    ],
)
async def test_what_each_status_means(poster: Poster, status: int, answer: object) -> None:
    with hook_server() as hooks:
        hooks.answers = [status]
        told = await sent(poster, hooks)
    if isinstance(answer, str):
        assert isinstance(told, MessageRefused)
        assert told.kind == answer
        assert "destination « siem »" in told.detail
    else:
        assert isinstance(answer, type)
        assert isinstance(told, answer)


async def test_a_wait_that_is_asked_for_is_kept(poster: Poster) -> None:
    with hook_server() as hooks:
        hooks.answers, hooks.headers = [429, 503], {"Retry-After": "90"}
        for status in (429, 503):
            told = await sent(poster, hooks)
            waits = f"destination « siem » : demande d’attendre ({status})"
            assert told == Retry(timedelta(seconds=90), chat_only=True, detail=waits)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_no_redirect_is_followed_to_a_private_address_or_anywhere(poster: Poster, status: int) -> None:
    with hook_server() as hooks, hook_server() as other:
        hooks.answers, hooks.headers = [status], {"Location": other.url}
        told = await sent(poster, hooks)
        assert other.got == []
    assert isinstance(told, MessageRefused)
    assert f"redirection ({status}), jamais suivie" in told.detail


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/v", "http://[::1]/v", "http://10.0.0.1/v", "http://169.254.169.254/"]
)
async def test_a_private_address_is_refused_unless_it_is_said_to_be_private(poster: Poster, url: str) -> None:
    with hook_server() as hooks:
        told = await sent(poster, hooks, url)
    assert isinstance(told, MessageRefused)
    assert "adresse refusée" in told.detail


async def test_one_that_never_answers_is_left_in_doubt() -> None:
    poster = Poster(Guard(), DIRECT, "Vigie/essai", patience=0.2)
    with hook_server() as hooks:
        hooks.silent.set()
        assert isinstance(await sent(poster, hooks), Unsure)
        assert len(hooks.got) == 1
    await poster.aclose()


async def test_one_that_is_not_there_has_certainly_got_nothing(poster: Poster) -> None:
    with hook_server() as hooks:
        pass
    assert isinstance(await sent(poster, hooks), Retry)
