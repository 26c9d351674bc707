"""Events for machines: what one says, how it is signed, and what an answer means."""

import base64
import hashlib
import hmac
import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.config.destinations import Webhook
from bot.delivery.chat import Answer, MessageRefused, Retry, Sent, Unsure
from bot.messages.visible import plain
from bot.model import Message
from bot.web.post import Barred, Poster, Replied, Unconfirmed, Unreached
from storage.chats.model import Delivery

BUSY = timedelta(minutes=1)  # after a 429 that does not say how long
LONGEST = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class EventMatch:
    """A watchlist that kept the article, with its score."""

    watchlist: str
    name: str
    score: float


@dataclass(frozen=True, slots=True)
class EventArticle:
    """The article that an event is about. Times are ISO 8601; None where unknown."""

    id: int
    title: str
    url: str
    source: str
    published: str | None
    found: str
    kept: tuple[EventMatch, ...] = ()


def event(
    place: str, name: str, about: str | None, delivery: Delivery, message: Message, told: EventArticle | None
) -> dict[str, Any]:
    """A CloudEvent 1.0 (structured JSON). `name` is its id, the same whenever it is sent again; `about` that of the
    event it goes on from."""
    kind = "match" if told is not None else {"daily": "digest", "weekly": "digest"}.get(delivery.lane, "notice")
    data = {"text": plain(message.html), "part": delivery.part, "follows": about, "article": told and asdict(told)}
    return {
        "specversion": "1.0",
        "id": name,
        "source": f"/vigie/{place}",
        "type": f"vigie.{kind}",
        "subject": delivery.item,
        "datacontenttype": "application/json",
        **({"time": told.found} if told is not None else {}),
        "data": data,
    }


def signature(secret: str, name: str, seconds: int, body: bytes) -> str:
    """As Standard Webhooks has it: HMAC-SHA256 over `id.timestamp.body`, so that an old call can't be played again."""
    signed = hmac.new(secret.encode(), f"{name}.{seconds}.".encode() + body, hashlib.sha256)
    return f"v1,{base64.b64encode(signed.digest()).decode()}"


async def posted(hook: Webhook, told: dict[str, Any], place: str, poster: Poster, now: datetime) -> Answer:
    """Post it, signed; its id is the key by which a receiver knows what it has had."""
    body, name, seconds = json.dumps(told, ensure_ascii=True).encode(), str(told["id"]), int(now.timestamp())
    headers = {
        "Content-Type": "application/cloudevents+json",
        "Idempotency-Key": name,
        "webhook-id": name,
        "webhook-timestamp": str(seconds),
        "webhook-signature": signature(hook.secret.reveal(), name, seconds, body),
    }
    match await poster.post(hook.url.reveal(), headers, body):
        case Replied(status, after):
            return judged(place, status, after)
        case Unreached():
            return Retry(timedelta(), False, f"destination « {place} » : serveur injoignable")
        case Unconfirmed(detail):
            return Unsure(f"destination « {place} » : {detail}")
        case Barred(detail):
            return _held(place, detail)


def judged(place: str, status: int, after: timedelta | None) -> Answer:
    """What a status means. 2xx is done, whatever the body says. What no other try would change waits for the operator;
    400, 413 and 422 are about this event alone."""
    if 200 <= status < 300:
        return Sent(0)
    if status in (408, 425, 429) or (status == 503 and after is not None):
        return Retry(min(after or BUSY, LONGEST), True, f"destination « {place} » : demande d’attendre ({status})")
    if status in (400, 413, 422):
        return MessageRefused(f"destination « {place} » : événement refusé ({status})", "ours")
    if 300 <= status < 400:
        return _held(place, f"redirection ({status}), jamais suivie : donnez l’adresse finale")
    if status in (404, 405, 410):
        return _held(place, f"rien à cette adresse ({status})")
    if 400 <= status < 500:
        return _held(place, f"adresse ou secret refusé ({status})")
    return Unsure(f"destination « {place} » : réponse {status}")


def _held(place: str, detail: str) -> MessageRefused:
    return MessageRefused(f"destination « {place} » : {detail} ; corrigez destinations.yaml", "rights")
