"""Titles that were not kept: an operator says which should have been."""

from bot.conversation import registry
from bot.conversation.context import Context
from bot.conversation.model import Request
from bot.conversation.registry import button
from bot.model import Message
from bot.operators import unkept


def _answer(request: Request) -> tuple[int, bool] | None:
    title, value = registry.number(request), request.press.value
    return (title, value == "y") if title is not None and value in ("y", "n") else None


def _noted(request: Request, answer: tuple[int, bool]) -> str:
    return request.say("recall.wanted" if answer[1] else "recall.unwanted")


@button("ju", reads=_answer, right="operators", notice=_noted)
async def judge_title(request: Request, context: Context, answer: tuple[int, bool]) -> Message | None:
    samples = context.store.samples
    week = await context.offload(samples.judge, *answer, context.clock())
    if week is None:
        return None
    titles = await context.offload(samples.titles, week)
    return unkept.message(titles, int(week.partition("w")[2]), request.view.language)
