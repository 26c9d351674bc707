"""The commands, told to who asks for them: those of every day, then all."""

from collections.abc import Iterable

from bot.conversation import registry
from bot.conversation.command_menus import described
from bot.conversation.context import Context
from bot.conversation.menus import BELOW
from bot.conversation.model import Request, View
from bot.conversation.registry import Command, button, command
from bot.messages import markup
from bot.model import Message


@command("aide", "help", rank=10, offered=("private", "groups"), everyday=6)
async def show_help(request: Request, context: Context) -> Message:
    return everyday(request.view)


@button("h", reads=registry.page)
async def show_everything(request: Request, context: Context, page: int) -> Message:
    return everything(request.view, operator=request.operator)


def _what_to_press(request: Request, _: int) -> str:
    return request.say("menu.press_below" if request.press.target == BELOW else "menu.press_beside")


@button("n", reads=registry.page, notice=_what_to_press)
async def do_nothing(request: Request, context: Context, page: int) -> None:
    """A button that heads others, and says which to press."""


# --- shown ---------------------------------------------------------------------------------------------------------
def everyday(view: View) -> Message:
    """The commands of every day."""
    shown = sorted((each for each in registry.commands() if each.everyday), key=lambda each: each.everyday)
    return Message(_listed(view, shown), ((view.key(view.say("button.everything"), "h", "all"),),))


def everything(view: View, *, operator: bool) -> Message:
    """Every command that is proposed anywhere: those for everybody first, those for operators last."""
    known = sorted((each for each in registry.commands() if each.offered), key=_reach)
    return Message(_listed(view, [each for each in known if operator or each.right != "operators"]))


def _reach(command: Command) -> tuple[bool, bool]:
    return command.right == "operators", "private" not in command.offered


def _listed(view: View, commands: Iterable[Command]) -> str:
    return "\n".join(f"/{name} {markup.escape(said)}" for name, said in described(view.language, commands))
