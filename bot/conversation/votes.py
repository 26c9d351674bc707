"""Votes on an alert: useful, noise and why, or right but not urgent."""

from collections.abc import Mapping

from bot.conversation import registry
from bot.conversation.context import Context
from bot.conversation.model import Keys, Request
from bot.conversation.registry import button
from bot.conversation.triage import under_alert
from bot.digest import keys
from storage.ids import ArticleId

_THANKS: Mapping[keys.Verdict, str] = {"y": "vote.thanks_u", "n": "vote.thanks_n", "l": "vote.thanks_l"}


def _vote(request: Request) -> tuple[int, keys.Verdict] | None:
    article, value = registry.number(request), request.press.value
    verdict = next((each for each in _THANKS if each == value), None)
    return None if article is None or verdict is None else (article, verdict)


def _thanks(request: Request, vote: tuple[int, keys.Verdict]) -> str:
    return request.say(_THANKS[vote[1]])


@button("u", reads=_vote, notice=_thanks)
async def cast_vote(request: Request, context: Context, vote: tuple[int, keys.Verdict]) -> Keys:
    (article, verdict), language, now = vote, request.view.language, context.clock()
    voter = await context.person(request.incoming.speaker)
    urgent = None if verdict == "n" else verdict == "y"
    await context.offload(context.store.votes.cast, ArticleId(article), voter, verdict != "n", now, urgent)
    return Keys(keys.reasons(language, article) if verdict == "n" else under_alert(request, context, article))


def _reason(request: Request) -> tuple[int, str] | None:
    article, value = registry.number(request), request.press.value
    return (article, value) if article is not None and value in keys.REASONS else None


def _because(request: Request, reason: tuple[int, str]) -> str:
    said = request.say(f"reason.{reason[1]}")
    return request.say("vote.reason", reason=said[:1].lower() + said[1:])


@button("r", reads=_reason, notice=_because)
async def give_reason(request: Request, context: Context, reason: tuple[int, str]) -> Keys:
    """Why an alert was noise."""
    article, why = reason
    voter = await context.person(request.incoming.speaker)
    await context.offload(context.store.votes.explain, ArticleId(article), voter, why)
    return Keys(under_alert(request, context, article))


@button("k", reads=registry.number)
async def show_keys_again(request: Request, context: Context, article: int) -> Keys:
    """The buttons of an alert, back in place of the reasons."""
    return Keys(under_alert(request, context, article))
