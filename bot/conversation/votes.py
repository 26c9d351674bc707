"""Votes on an alert: useful, or noise and why."""

from bot.conversation import registry
from bot.conversation.context import Context
from bot.conversation.model import Keys, Request
from bot.conversation.registry import button
from bot.digest import keys
from storage.ids import ArticleId


def _vote(request: Request) -> tuple[int, keys.Thumb] | None:
    article, value = registry.number(request), request.press.value
    if article is None or value not in ("y", "n"):
        return None
    return article, "u" if value == "y" else "n"


def _thanks(request: Request, vote: tuple[int, keys.Thumb]) -> str:
    return request.say(f"vote.thanks_{vote[1]}")


@button("u", reads=_vote, notice=_thanks)
async def cast_vote(request: Request, context: Context, vote: tuple[int, keys.Thumb]) -> Keys:
    (article, opinion), language = vote, request.view.language
    voter = await context.person(request.incoming.speaker)
    await context.offload(context.store.votes.cast, ArticleId(article), voter, opinion == "u", context.clock())
    return Keys(keys.flash(language, article) if opinion == "u" else keys.reasons(language, article))


def _reason(request: Request) -> tuple[int, str] | None:
    article, value = registry.number(request), request.press.value
    return (article, value) if article is not None and value in keys.REASONS else None


def _because(request: Request, reason: tuple[int, str]) -> str:
    return request.say("vote.reason", reason=request.say(f"reason.{reason[1]}"))


@button("r", reads=_reason, notice=_because)
async def give_reason(request: Request, context: Context, reason: tuple[int, str]) -> Keys:
    """Why an alert was noise."""
    article, why = reason
    voter = await context.person(request.incoming.speaker)
    await context.offload(context.store.votes.explain, ArticleId(article), voter, why)
    return Keys(keys.flash(request.view.language, article))


@button("k", reads=registry.number)
async def show_keys_again(request: Request, context: Context, article: int) -> Keys:
    """The buttons of an alert, back in place of the reasons."""
    return Keys(keys.flash(request.view.language, article))
