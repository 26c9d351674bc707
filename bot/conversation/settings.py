"""The settings of a chat: opened, and set by a button."""

from bot.conversation import command_menus, settings_view
from bot.conversation.context import Context
from bot.conversation.model import Request
from bot.conversation.registry import button, command
from bot.conversation.scene import arrived, view_of
from bot.messages.callback_data import base36
from bot.model import Message
from storage.chats.model import Choices


@command("reglages", "settings", rank=30, right="administrators", offered=("private", "group_admins"), everyday=5)
async def show_settings(request: Request, context: Context) -> Message | None:
    return settings_view.menu(request.view)


def wish(request: Request) -> tuple[str, Choices | None] | None:
    """The menu to show, and what is set before: None where it is only opened."""
    press = request.press
    if not press.value:
        return (press.target, None) if settings_view.menu(request.view, press.target) else None
    chosen = settings_view.choice(press.target, press.value)
    return (settings_view.after(press.target), chosen) if chosen else None


def _already(request: Request, wished: tuple[str, Choices | None]) -> str:
    chat, choices = request.view.chat, wished[1]
    return request.say("menu.already") if chat and choices and settings_view.is_set(chat, choices) else ""


@button("g", reads=wish, right="administrators", notice=_already)
async def open_or_set(request: Request, context: Context, wished: tuple[str, Choices | None]) -> Message | None:
    menu, choices = wished
    if choices is None:
        return settings_view.menu(request.view, menu)
    chat = await arrived(request, context)
    await context.offload(context.store.chats.settings, chat.key, choices)
    if choices.language is not None:  # the commands that its clients propose are called otherwise
        await command_menus.review(request, context)
    return settings_view.menu(await view_of(request.incoming, context), menu)


def _held(request: Request) -> int | None:
    """The closed topic that a button names, if something is still kept for it."""
    return next((thread for thread in request.view.held if base36(thread) == request.press.target), None)


@button("th", reads=_held, right="administrators")
async def take_over(request: Request, context: Context, held: int) -> Message | None:
    """Have what a held topic followed, and what waits for it, come here."""
    view = request.view
    if view.chat:
        await context.offload(context.store.chats.take_over, view.chat.key, held, view.thread, context.clock())
    return settings_view.menu(await view_of(request.incoming, context))
