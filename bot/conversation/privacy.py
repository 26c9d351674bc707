"""What is kept of a chat: said, handed over, and deleted."""

from datetime import timedelta

from bot.conversation import files
from bot.conversation.context import Context
from bot.conversation.model import Request, View
from bot.conversation.registry import button, command
from bot.delivery.chat import Sent
from bot.messages import markup
from bot.model import Message
from bot.search import plain


@command("confidentialite", "privacy", rank=110, offered=("private",))
async def show_privacy(request: Request, context: Context) -> Message:
    """What is kept, and what articles 13 and 30 of the GDPR ask to be said of it."""
    controller = markup.escape(context.access.controller) or request.say("privacy.controller")
    contact = markup.escape(context.access.contact) or request.say("privacy.contact")
    duties = request.say("privacy.duties", controller=controller, contact=contact)
    keep = context.access.keep
    kept = request.say("privacy.text", messages=_days(request, keep.messages), chats=_days(request, keep.chats))
    return Message(f"{kept}\n\n{duties}")


def _days(request: Request, time: timedelta) -> str:
    return request.say("span.days", n=time.days)


# --- handed over ---------------------------------------------------------------------------------------------------
@command("export", "export", "exporter", rank=100, offered=("private",))
async def export(request: Request, context: Context) -> Message | None:
    """In private alone: what is kept of a group is not for all who read it."""
    chat, chats = request.view.chat, context.store.chats
    if not request.private:
        return Message(request.say("export.private"))
    if chat is None:
        return Message(request.say("stop.nothing"))
    kept, lasting = await context.offload(chats.export, chat.key), context.access.keep.messages
    alerts = await context.offload(chats.alerts, chat.key, context.clock() - lasting)
    given = {"json": (kept or "").encode(), "csv": files.table(alerts, chat.timezone)}
    for kind, content in given.items():
        caption = request.say(f"export.{kind}", kept=_days(request, lasting))
        if not isinstance(await context.messenger.file(request.incoming.chat, f"vigie.{kind}", content, caption), Sent):
            return Message(request.say("export.failed"))
    return None


# --- deleted -------------------------------------------------------------------------------------------------------
@command("stop", rank=120, right="administrators", offered=("private", "group_admins"))
async def stop(request: Request, context: Context) -> Message:
    if request.view.chat is None:
        return Message(request.say("stop.nothing"))
    if plain(request.argument) in ("oui", "yes"):
        return await _forget(request, context)
    return ask_stop(request.view)


def _step(request: Request) -> str | None:
    return request.press.target if request.press.target in ("", "y", "n") else None


@button("s", reads=_step, right="administrators")
async def stop_by_steps(request: Request, context: Context, step: str) -> Message:
    if request.view.chat is None:
        return Message(request.say("stop.nothing"))
    if step == "y":
        return await _forget(request, context)
    return ask_stop(request.view) if not step else Message(request.say("stop.kept"))


async def _forget(request: Request, context: Context) -> Message:
    """Every row of the chat goes, and in private the votes of its reader."""
    view, incoming, store = request.view, request.incoming, context.store
    if view.chat:
        await context.offload(store.chats.forget, view.chat.key)
    if view.place is not None:  # the reader's own votes are of another chat
        return Message(view.say("stop.done_there"))
    if request.private:
        person = await context.person(incoming.speaker)
        await context.offload(store.votes.forget, person)
        await context.offload(store.chats.forget_knock, person)
    return Message(view.say("stop.done"))


# --- shown ---------------------------------------------------------------------------------------------------------
def ask_stop(view: View) -> Message:
    keys = (
        (view.key(view.say("button.stop"), "s", "y"),),
        (view.key(view.say("button.keep"), "s", "n"),),
    )
    return Message(view.say("stop.ask"), keys)
