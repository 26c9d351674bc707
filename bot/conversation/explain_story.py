"""Why an article stands in its story: what was compared, by which rule, and what spoke against it. Pure."""

from collections.abc import Iterable

from bot.conversation.model import View
from bot.digest import render
from bot.messages import markup, texts
from matchers.stories import duplicates, topics
from matchers.stories.grouping import MICRO, Grouping, Looked, looked_at
from storage.ids import ArticleId
from storage.stories.model import ArticleTrace, Decision

PASSAGE = 160  # code points shown of what two texts have in common
SHOWN = 3  # stories that were near
_READ = 600  # code points of a text in which its words are looked for
_COPIES = {"same-content", "same-host", "same-title", "other-host"}
_VETOES = {"acts", "actors", "again", "dates", "dossier", "labels", "roundup", "series", "steps", "window"}


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
    looked = looked_at(reason.numbers)
    if reason.rule == "roundup" or not looked:
        return view.say("ground.roundup" if reason.rule == "roundup" else "ground.first")
    title = _title(view, facts, reason.target or looked[0].story)
    if reason.rule == "act":
        return view.say("ground.act", title=title)
    if reason.level == "story":
        return view.say("ground.score", title=title, why=_evidence(view, facts, reason, "ground.words"))
    if reason.rule == "doubt":
        return view.say("ground.unsure", title=title, why=_evidence(view, facts, reason, "ground.words"))
    if reason.rule in _VETOES - {"dossier"}:
        return view.say("ground.follows", title=title, why=veto(view, reason.rule))
    against = "" if reason.target else looked[0].veto
    why = veto(view, against) if against else _evidence(view, facts, reason, "ground.few_words")
    return view.say("ground.apart", title=title, why=why)


def _evidence(view: View, facts: ArticleTrace, reason: Decision, key: str) -> str:
    """What the two share beyond the subject, as the article writes it, and the subject, which does not count."""
    if "words" not in reason.numbers:
        return view.say("ground.before")
    words = ", ".join(markup.italic(each) for each in _written(facts, reason.numbers.get("words", ())))
    said = view.say(key, words=words) if words else _beside_words(view, reason)
    names = ", ".join(markup.italic(each) for each in _written(facts, reason.numbers.get("subject", ())))
    return view.say("ground.subject", said=said, names=names) if names else said


def _beside_words(view: View, reason: Decision) -> str:
    """What speaks for one event where no word does: an act that both are founded on, one kind of step."""
    parts = reason.numbers
    if _is_positive(parts.get("act")):
        return view.say("ground.only", what=view.say("ground.same_act"))
    if _is_positive(parts.get("kind")) or _is_positive(parts.get("kinds")):
        return view.say("ground.only", what=view.say("ground.kind"))
    return view.say("ground.no_words")


def _is_positive(number: object) -> bool:
    return isinstance(number, int) and number > 0


def _written(facts: ArticleTrace, terms: object) -> Iterable[str]:
    """Terms as the article writes them: stems and figures in its text, entities where a list matched them."""
    stored = facts.article
    if stored is None or not isinstance(terms, list | tuple):
        return ()
    text = f"{stored.title} {stored.summary or stored.text[:_READ]}"
    spelled = topics.spelled(terms, text)
    named = {f"@{hit.entity}": hit.text for match in facts.matches for hit in match.hits if hit.entity}
    return tuple(dict.fromkeys(spelled.get(each) or named.get(each) or _bare(each) for each in terms))


def _bare(term: str) -> str:
    return term.lstrip("@#").replace("_", " ")


def _near(view: View, facts: ArticleTrace, reason: Decision) -> Iterable[str]:
    """The other stories that were looked at, and what spoke against each."""
    looked = looked_at(reason.numbers)
    told = reason.target or (looked[0].story if looked else None)
    others = [each for each in looked if each.story != told and each.story in facts.compared]
    if others:
        said = " · ".join(_looked(view, facts, each) for each in others[:SHOWN])
        yield "  " + view.say("ground.near", said=said)


def _looked(view: View, facts: ArticleTrace, each: Looked) -> str:
    against = veto(view, each.veto) if each.veto else view.say("ground.too_far")
    return view.say("ground.looked", title=_title(view, facts, each.story), why=against)


def veto(view: View, rule: str) -> str:
    """What speaks against one event."""
    return view.say(f"ground.veto_{rule}" if rule in _VETOES else "ground.veto_dossier", days=Grouping().window_days)


def _title(view: View, facts: ArticleTrace, identifier: int | None) -> str:
    """The article's title as a link; its number where it is gone."""
    stored = facts.compared.get(ArticleId(identifier or 0))
    return view.say("affair.number", number=str(identifier)) if stored is None else render.title(stored, view.language)


def _percent(millionths: object) -> int:
    return round(int(str(millionths)) * 100 / MICRO)
