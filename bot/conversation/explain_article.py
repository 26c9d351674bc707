"""What became of an article, told in five steps: source, reading, watchlist, story, sending. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.conversation import explain_story
from bot.conversation.menus import health_word
from bot.conversation.model import View
from bot.digest import render
from bot.digest.official import concerns
from bot.digest.team import judgement
from bot.fate import Fate
from bot.messages import markup, texts
from bot.messages.callback_data import base36
from bot.model import Message
from matchers.model import Match
from matchers.trials.explain import Lack
from storage.articles.model import StoredArticle
from storage.chats.model import Posted
from storage.stories.model import ArticleTrace

TITLE, NAME, DETAIL = 120, 60, 200
FEEDS_SHOWN = 3
MESSAGES = {"flash", "edit"}
_FLAGS = (
    "robots", "reserved", "paywalled", "consent", "needs_js", "short", "unreachable", "waiting", "too_big", "killed",
    "aggregator", "not_html", "maybe_incomplete",
)  # fmt: skip


def told(view: View, fate: Fate, url: str = "", own: Sequence[str] = ()) -> Message:
    """The answer to « pourquoi ? »: in a line, then step by step. `url` names an article that never came; `own` are the
    reader's own terms that stand in it."""
    stored = fate.facts.article
    lines = [verdict(view, fate, url)]
    if stored is None:
        return Message("\n".join((*lines, *_feeds(view, fate.facts))))
    steps = (
        _source(view, fate.facts, stored),
        _reading(view, fate, stored),
        *_watchlists(view, fate),
        *(f"  {view.say('fate.own', term=markup.escape(term))}" for term in own),
        _story(view, fate.facts),
        *explain_story.lines(view, fate.facts),
        _sending(view, fate),
        *_other_trade(view, fate, stored),
        *([markup.italic(judgement(fate.facts.stands, view.language))] if fate.facts.stands else ()),
    )
    missed = () if fate.kind == "sent" else ((view.key(view.say("button.missed"), "m", base36(stored.id)),),)
    return Message("\n".join((*lines, *steps)), missed)


def verdict(view: View, fate: Fate, url: str = "") -> str:
    """Whether it came, and what stopped it: two lines of HTML."""
    stored = fate.facts.article
    named = render.title(stored, view.language) if stored else markup.escape(markup.cut(url, TITLE))
    came = view.say("fate.title_got" if fate.kind == "sent" else "fate.title_missed")
    return f"{markup.bold(came)} {named}\n{markup.italic(_answer(view, fate))}"


def _answer(view: View, fate: Fate) -> str:
    return view.say(f"fate.{fate.kind}", **_values(view, fate))


def _values(view: View, fate: Fate) -> dict[str, str | int]:
    facts = fate.facts
    match fate.kind:
        case "not_in_feed":
            return {"n": sum(state.requests for _, state in facts.feeds)}
        case "copy" if facts.copy_of:
            return {"title": markup.cut(facts.copy_of.title, TITLE)}
        case "same_story" if facts.story:
            return {"title": markup.cut(facts.story.title, TITLE)}
        case "dead":
            return {"why": next((post.error for post in reversed(facts.posted) if post.error), "")}
        case "not_yours":
            return {"names": ", ".join(view.name(each.watchlist) for each in facts.matches)}
        case "threshold" | "excluded" | "since_changed" if fate.nearest:
            return {"name": view.name(fate.nearest.watchlist.id)}
    return {}


# --- steps ---------------------------------------------------------------------------------------------------------
def _feeds(view: View, facts: ArticleTrace) -> Iterable[str]:
    """The feeds of its site, as an operator would look at them."""
    for feed, state in facts.feeds[:FEEDS_SHOWN]:
        name = markup.escape(markup.cut(feed.name, NAME))
        health = view.say("fate.paused") if not feed.enabled else view.say(f"health.{health_word(state.health)}")
        asked = _when(view, state.checked_at) if state.checked_at else "–"
        yield view.say("fate.feed", name=name, health=health, n=state.requests, asked=asked)


def _source(view: View, facts: ArticleTrace, stored: StoredArticle) -> str:
    others = [name for name, _ in facts.brought if name != stored.source_name]
    more = " " + view.say("fate.also_by", n=len(others)) if others else ""
    name = markup.escape(markup.cut(stored.source_name, NAME))
    return "1 " + view.say("fate.source", name=name, when=_when(view, stored.first_seen)) + more


def _reading(view: View, fate: Fate, stored: StoredArticle) -> str:
    flag = next((flag for flag in _FLAGS if flag in stored.flags), "")
    partly = flag != "maybe_incomplete" and bool(render.reserve(stored, view.language))
    said = view.say("fate.read_partly") if partly else view.say("fate.read_whole", n=len(stored.text))
    if fate.purged:
        said = view.say("fate.read_purged")
    because = f" ({view.say(f'flag.{flag}')})" if flag else ""
    return "2 " + view.say("fate.reading", said=said) + because


def _watchlists(view: View, fate: Fate) -> Iterable[str]:
    if fate.facts.matches:
        shown = fate.yours or fate.facts.matches
        for number, match in enumerate(sorted(shown, key=lambda each: -each.score)[:3]):
            yield ("3 " if not number else "  ") + _kept(view, match)
            scored = view.say("fate.scored", score=match.score, threshold=match.threshold)
            yield markup.aside(f"{points(match, view.language)} · {scored}")
            if match.aspect:
                yield f"  {markup.escape(standing(view, match))}"
    elif fate.nearest is None:
        yield "3 " + view.say("fate.no_watchlist")
    else:
        card = fate.nearest.watchlist
        name = markup.escape(view.name(card.id))
        short = fate.nearest.score < card.threshold
        said = view.say("fate.nearest" if short else "fate.nearest_but", name=name, score=fate.nearest.score,
                        threshold=card.threshold)  # fmt: skip
        yield f"3 {said}"
        for lack in fate.nearest.lacks[:2]:
            yield "  " + markup.escape(markup.cut(lacking(view, lack), DETAIL))


def lacking(view: View, lack: Lack) -> str:
    """What a condition lacks, in the reader's language, as plain text."""
    say, places = view.say, {"title": "why.title", "summary": "why.summary", "text": "why.text"}
    terms = ", ".join(lack.terms)
    match lack.kind:
        case "threshold":
            return say("lack.threshold", n=lack.numbers[0])
        case "every" | "at_least" | "near_far":
            return say(f"lack.{lack.kind}", one=lack.numbers[0], two=lack.numbers[1])
        case "none":
            seen = ", ".join(f"{term} ({say(places[field])})" for term, field in lack.seen)
            return say("lack.none", terms=seen)
        case "absent" | "any" | "near":
            return say(f"lack.{lack.kind}", terms=terms)
        case _:
            return say(f"lack.{lack.kind}")


def _kept(view: View, match: Match) -> str:
    name = markup.escape(view.name(match.watchlist))
    return view.say("fate.kept", name=name)


def points(match: Match, language: str) -> str:
    """« +8 SecNumCloud (titre, texte ×3) · +2 proches »: they add up to the score."""
    return " · ".join(f"+{each.points} {render.point(each, match.hits, language)}" for each in match.points)


def standing(view: View, match: Match) -> str:
    """Whether the article is about it and why; then its event, or why it waits."""
    quiet = view.say(f"quiet.{match.quiet}") if match.quiet else ""
    event = view.say("article.event", words=match.news) if match.news else ""
    return " · ".join(filter(None, (view.say(f"aspect.{match.aspect}"), event, quiet)))


def _story(view: View, facts: ArticleTrace) -> str:
    if facts.copy_of is not None:
        said = view.say("fate.copy_of", title=render.title(facts.copy_of, view.language))
    elif facts.story is not None:
        said = view.say("fate.in_story", title=render.title(facts.story, view.language))
    elif facts.members:
        said = view.say("fate.opened", n=facts.members)
    else:
        said = view.say("fate.alone")
    return "4 " + view.say("fate.story", said=said)


def _sending(view: View, fate: Fate) -> str:
    said = [_post(view, post) for post in fate.facts.posted if post.lane in MESSAGES][:3]
    if fate.facts.placed is not None:
        placed = fate.facts.placed
        key = f"fate.placed_{placed.part}"
        said.append(view.say(key, when=_when(view, placed.at), n=placed.number))
    if not said and fate.facts.elsewhere:
        said.append(view.say("fate.elsewhere", n=fate.facts.elsewhere))
    return "5 " + view.say("fate.sending", said=", ".join(said) or view.say("fate.none"))


def _other_trade(view: View, fate: Fate, stored: StoredArticle) -> Iterable[str]:
    """What keeps an act from ringing though a list is followed as a flash: whom it says to concern."""
    role = view.chat.role if view.chat else ""
    rung = any(post.lane in MESSAGES for post in fate.facts.posted)
    if rung or concerns(stored, role) or not any(_would_ring(view, match) for match in fate.yours):
        return
    yield "  " + view.say("fate.other_trade", role=view.say(f"role.{role}"))


def _would_ring(view: View, match: Match) -> bool:
    known, held = view.watchlists.get(match.watchlist), view.followed(match.watchlist)
    return match.quiet is None and held is not None and known is not None and view.level(known) == "flash"


def _post(view: View, post: Posted) -> str:
    state = post.state if post.state in ("done", "dead", "muted") else "queued"
    said = view.say(f"fate.post_{state}", when=_when(view, post.settled or post.at))
    return f"{said} ({view.say('fate.doubts', n=post.doubts)})" if post.doubts else said


def _when(view: View, when: datetime) -> str:
    zone = view.chat.timezone if view.chat else "Europe/Paris"
    return texts.moment(view.language, when, zone)
