"""What has waited too long, as one digest: alerts on top, each in a line, then what has to be told whole. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.messages import markup, texts
from bot.messages.visible import plain
from bot.model import Message
from storage.chats.model import Chat, Late

# Telegram: 4,096 visible, 100 entities, 35,000 bytes; a header goes before what was a message of its own
LENGTH, ENTITIES, BYTES = 4_000, 96, 33_000
HEADER = 90  # code points of the header of a part
WHOLE = LENGTH - HEADER


def digest(chat: Chat, late: Sequence[Late], now: datetime) -> tuple[Message, ...]:
    """The parts; without sound, unless one of the messages would have had it."""
    messages = [_read(each) for each in late]
    briefs = dict.fromkeys(message.brief for message in messages if message.brief)
    blocks = [f"{number}. {brief}" for number, brief in enumerate(briefs, start=1)]
    blocks += ["\n" + _whole(message) for message in messages if not message.brief]
    parts = _packed(blocks)
    silent = all(message.silent for message in messages)
    heads = [_head(chat, late)]
    heads += (_next_head(chat, part, len(parts)) for part in range(2, len(parts) + 1))
    made = ("\n".join((head, *part)) for head, part in zip(heads, parts, strict=True))
    return tuple(Message(html, silent=silent) for html in made)


def _read(late: Late) -> Message:
    try:
        return Message.from_json(late.body)
    except (ValueError, TypeError, KeyError):  # it could not have been sent alone either
        return Message(markup.escape(markup.cut(late.body, WHOLE)), silent=True)


def _head(chat: Chat, late: Sequence[Late]) -> str:
    since = texts.moment(chat.language, min(each.queued_at for each in late), chat.timezone)
    counted = texts.text(chat.language, "catchup.count", n=len(late), since=since)
    return f"📬 {markup.bold(texts.text(chat.language, 'catchup.name'))} · {markup.escape(counted)}"


def _next_head(chat: Chat, part: int, parts: int) -> str:
    said = texts.text(chat.language, "digest.part", part=part, parts=parts)
    return f"📬 {markup.bold(texts.text(chat.language, 'catchup.name'))} · {markup.escape(said)}"


def _whole(message: Message) -> str:
    """The message as it is; as plain text, cut, where a header would not fit above it."""
    if _fits([message.html]):
        return message.html
    return markup.escape(markup.cut(plain(message.html), WHOLE - 100))


def _packed(blocks: Iterable[str]) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for block in blocks:
        if parts[-1] and not _fits([*parts[-1], block]):
            parts.append([])
        parts[-1].append(block)
    return parts


def _fits(lines: Sequence[str]) -> bool:
    whole = "\n".join(lines)
    return (
        len(markup.visible(whole)) <= WHOLE and markup.entities(whole) < ENTITIES and len(whole.encode()) <= BYTES - 500
    )
