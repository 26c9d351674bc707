"""The commands that clients propose: made of what is registered, and told to Telegram when they change."""

import hashlib
import logging
from collections.abc import Iterable

from bot.conversation import registry
from bot.conversation.context import Context
from bot.conversation.model import Request
from bot.conversation.registry import Command, Offered
from bot.delivery.chat import Audience, CommandMenu
from bot.messages.texts import LANGUAGES, Language, language_of, text
from storage.chats.model import Chat

log = logging.getLogger("vigie.conversation")

_AUDIENCES: tuple[tuple[Audience, tuple[Offered, ...]], ...] = (
    ("private", ("private",)),
    ("groups", ("groups",)),
    ("group_admins", ("groups", "group_admins")),
)


# --- which ones ----------------------------------------------------------------------------------------------------
def of_all_chats() -> tuple[CommandMenu, ...]:
    """The commands that clients propose; French is the default language."""
    return tuple(
        CommandMenu(described(language, offered(*to)), scope, None if language == "fr" else language)
        for scope, to in _AUDIENCES
        for language in LANGUAGES
    )


def of_chat(chat: Chat, language: Language, *, operator: bool) -> tuple[CommandMenu, ...]:
    """The commands of one chat, in its own language whatever its client's; none for a channel, where nobody speaks."""
    where = chat.telegram_id
    if chat.kind == "private":
        names = offered("private", "operators") if operator else offered("private")
        return (CommandMenu(described(language, names), "chat", chat=where),)
    if chat.kind not in ("group", "supergroup"):
        return ()
    return (
        CommandMenu(described(language, offered("groups")), "chat", chat=where),
        CommandMenu(described(language, offered("groups", "group_admins")), "chat_admins", chat=where),
    )


def offered(*to: Offered) -> list[Command]:
    """What is proposed to these, the menu of the first before that of the next."""
    found = [each for menu in to for each in registry.commands() if menu in each.offered]
    return list(dict.fromkeys(found))


def described(language: Language, commands: Iterable[Command]) -> tuple[tuple[str, str], ...]:
    """Name and sentence of each."""
    return tuple((each.called(language), text(language, f"command.{each.name}")) for each in commands)


# --- telling Telegram ----------------------------------------------------------------------------------------------
async def review(request: Request, context: Context) -> None:
    """Give a chat a list of its own where it needs one: who runs Vigie has more commands, and a chat may speak another
    language than its client. A refusal leaves what was known: it is tried again the next time."""
    incoming, view = request.incoming, request.view
    there = view.chat.telegram_id if view.place and view.chat else incoming.chat
    operator = there == incoming.user and there in context.access.admins
    chat = await context.offload(context.store.chats.find, there)
    if chat is None:
        return
    before = await context.offload(context.store.chats.offered, chat.key)
    language = language_of(chat.language)
    if before is None and not operator and language == language_of(incoming.language):
        return
    # Telegram keeps each call waiting for 1.5 s: nobody else should wait with it
    own = of_chat(chat, language, operator=operator)
    context.offers.start(_publish(chat, own, before, context), "chat-menus")


async def _publish(chat: Chat, own: tuple[CommandMenu, ...], before: str | None, context: Context) -> None:
    digest = hashlib.sha256(repr(own).encode()).hexdigest()
    try:
        if digest != before and await context.messenger.set_commands(own):
            await context.offload(context.store.chats.offer, chat.key, digest)
    except Exception:  # a bug of ours, which nobody waits for
        log.exception("commands not offered", extra={"chat": chat.key})
