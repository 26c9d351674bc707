"""Why an article stands in its story: what was compared, by which rule, and what spoke against it. Pure."""

from collections.abc import Iterable

from bot.conversation.model import View
from bot.digest import render
from bot.messages import markup, texts
from matchers import duplicates
from matchers.grouping import MICRO, Grouping, Looked, looked_at
from storage.ids import ArticleId
from storage.stories.model import ArticleTrace, Decision

PASSAGE = 160  # code points shown of what two texts have in common
SHOWN = 3  # stories that were near
_COPIES = {"same-content", "same-host", "same-title", "other-host"}
_VETOES = {"acts", "actors", "dates", "dossier", "roundup", "series", "steps", "window"}


def lines(view: View, facts: ArticleTrace) -> Iterable[str]:
    """Every reason, in the order of the decisions, in words."""
    for reason in facts.reasons:
        match reason.level:
            case "order":
                when = texts.moment(view.language, reason.at, view.timezone)
                yield "  " + view.say(f"ground.{reason.rule}", when=when)
            case "copy" if reason.rule in _COPIES:
                yield "  " + _copy(view, facts, reason)
                yield from _passage(view, facts, reason)
            case _ if reason.rule == "own-text":
                yield "  " + view.say("ground.own_text")
            case _:
                yield "  " + _placed(view, facts, reason)
                yield from _near(view, facts, reason)


def _copy(view: View, facts: ArticleTrace, reason: Decision) -> str:
    share, cut = _percent(reason.numbers.get("containment", 0)), _percent(Grouping().containment)
    key = f"ground.{reason.rule.replace('-', '_')}"
    return view.say(key, title=_title(view, facts, reason.target), share=share, cut=cut)


def _passage(view: View, facts: ArticleTrace, reason: Decision) -> Iterable[str]:
    other = facts.compared.get(ArticleId(reason.target or 0))
    if facts.article is not None and other is not None:
        common = duplicates.passage(facts.article.text, other.text)
        words = len(common.split())
        if words >= Grouping().gram:
            yield "  " + view.say("ground.passage", n=words, words=markup.escape(markup.cut(common, PASSAGE)))


def _placed(view: View, facts: ArticleTrace, reason: Decision) -> str:
    if reason.target is None or "score" not in reason.numbers:
        return view.say("ground.roundup" if reason.rule == "roundup" else "ground.first")
    score, cut = _percent(reason.numbers["score"]), _percent(Grouping().score)
    title = _title(view, facts, reason.target)
    if reason.level == "story":
        return view.say("ground.score", title=title, score=score, cut=cut)
    return view.say("ground.follows", title=title, score=score, why=veto(view, reason.rule))


def _near(view: View, facts: ArticleTrace, reason: Decision) -> Iterable[str]:
    """The other stories that were looked at, and what spoke against each."""
    others = [
        each for each in looked_at(reason.numbers) if each.story != reason.target and each.story in facts.compared
    ]
    if others:
        said = " · ".join(_looked(view, facts, each) for each in others[:SHOWN])
        yield "  " + view.say("ground.near", said=said)


def _looked(view: View, facts: ArticleTrace, each: Looked) -> str:
    against = veto(view, each.veto) if each.veto else view.say("ground.too_far")
    return view.say("ground.looked", title=_title(view, facts, each.story), score=_percent(each.score), why=against)


def veto(view: View, rule: str) -> str:
    """What speaks against one event."""
    return view.say(f"ground.veto_{rule}" if rule in _VETOES else "ground.veto_dossier", days=Grouping().window_days)


def _title(view: View, facts: ArticleTrace, identifier: int | None) -> str:
    """The article's title as a link; its number where it is gone."""
    stored = facts.compared.get(ArticleId(identifier or 0))
    return f"n° {identifier}" if stored is None else render.title(stored, view.language)


def _percent(millionths: object) -> int:
    return round(int(str(millionths)) * 100 / MICRO)
