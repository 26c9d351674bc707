"""`vigie doctor --probe CHAT`: does this service answer as the search for messages in doubt expects?"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import TextIO

from bot.config.settings import Settings
from bot.delivery.chat import Absent, Messenger, Sent, Stands
from bot.ending import FAILED, FINE, CannotRun
from bot.model import Message
from storage import open_store

FAR = 1_000_000  # numbers beyond the last one: no message bears them
TRIAL = "Essai de Vigie (vigie doctor --probe) : rien à faire. Ce message ne changera pas."


@dataclass(frozen=True, slots=True)
class Answered:
    """What was asked of the service, and whether it answered as expected; `said` is its answer where it did not."""

    asked: str
    fine: bool
    said: str = ""


async def try_probe(settings: Settings, chat: int, now: datetime, out: TextIO) -> int:
    """Write one message to that chat (its Telegram id) and look for it; tell what was answered. Exit code: 0 if all is
    as expected; probes that were stopped by an alarm are then allowed again. Raises CannotRun."""
    if settings.token is None:
        raise CannotRun("sans jeton Telegram, il n’y a rien à essayer : donnez VIGIE_TELEGRAM_TOKEN_FILE")
    from bot.delivery.telegram import Telegram, TokenRefused

    store = open_store(settings.database)
    try:
        async with Telegram(settings.token.reveal(), settings.api_url) as telegram:
            answers = [each async for each in answered(telegram, chat)]
        for each in answers:
            print(f"{'✓' if each.fine else '✗'} {each.asked}" + (f" : {each.said}" if each.said else ""), file=out)
        if not all(each.fine for each in answers):
            print("La recherche des messages en doute ne vaut pas ici : VIGIE_PROBE=off", file=out)
            return FAILED
        store.proof.allow(now)
        print("La recherche des messages en doute vaut ici.", file=out)
    except TokenRefused as problem:
        raise CannotRun(str(problem)) from problem
    finally:
        store.close()
    return FINE


async def answered(messenger: Messenger, chat: int) -> AsyncIterator[Answered]:
    """Each question, and how it was answered; no more of them where the first message did not arrive."""
    message = Message(TRIAL, silent=True)
    sent = await messenger.send(chat, message)
    yield Answered(f"un message part vers {chat}", isinstance(sent, Sent), "" if isinstance(sent, Sent) else str(sent))
    if not isinstance(sent, Sent):
        return
    same = await messenger.probe(chat, sent.message_id, message)
    yield Answered("le modifier sans rien y changer : « non modifié »", isinstance(same, Stands), _said(same, Stands))
    none = await messenger.probe(chat, sent.message_id + FAR, message)
    yield Answered("un numéro que rien ne porte : « introuvable »", isinstance(none, Absent), _said(none, Absent))
    second = await messenger.send(chat, message)
    grows = isinstance(second, Sent) and second.message_id > sent.message_id
    yield Answered("le message suivant porte un numéro plus grand", grows, "" if grows else str(second))


def _said(answer: object, expected: type) -> str:
    return "" if isinstance(answer, expected) else str(answer)
