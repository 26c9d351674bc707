"""What a search found, and what is said where it found nothing. Pure."""

import re
from collections.abc import Mapping
from datetime import datetime

from bot.conversation import menus
from bot.conversation.model import View
from bot.digest import render
from bot.digest.passage import PASSAGE
from bot.messages import markup
from bot.model import Keyboard, Message
from matchers.language.graphemes import border
from storage.articles.model import Finding, Findings
from storage.articles.search import MARKS

_MARKED = re.compile(f"[{MARKS[0]}{MARKS[1]}]")


def found(view: View, query: str, key: str, page: int, results: Findings) -> Message:
    """A page of what a search found, each with the passage where it was."""
    pages = max(-(-results.count // menus.ROWS), 1)
    title = markup.bold(view.say("search.title", query=markup.cut(query, menus.ECHO)))
    lines = [f"{title} · {view.say('search.count', n=results.count)}"]
    for number, finding in enumerate(results.findings, start=page * menus.ROWS + 1):
        lines += ("", *_finding(view, number, finding))
    return Message("\n".join(lines), menus.turner(view, "z", key, page, pages, results.count))


def not_found(
    view: View, query: str, nearest: Mapping[str, str], oldest: datetime | None, meant: Keyboard = ()
) -> Message:
    """Nothing found: what was searched, and how the words may be meant; `meant` are buttons of that."""
    title = view.say("search.none", query=markup.escape(markup.cut(query, menus.ECHO)))
    since = oldest and view.say("search.span", since=view.when(oldest))
    near = [
        view.say("search.near", word=markup.escape(word), near=markup.escape(near)) for word, near in nearest.items()
    ]
    lines = (title, since or view.say("search.empty"), *near, view.say("search.help"))
    return Message("\n".join(filter(None, lines)), (*meant, *_elsewhere(view)))


def _elsewhere(view: View) -> Keyboard:
    """Where to go for who meant no search: in private, whatever is written is one."""
    if not view.private:
        return ()
    say = view.say
    return (
        (view.key(say("button.everything"), "h", "all"),),
        (view.key(say("button.lists"), "v"), view.key(say("button.settings"), "g")),
    )


def confusing(view: View, when: str) -> Message:
    """A search that can't be read."""
    said = (
        view.say("search.when", when=markup.escape(markup.cut(when, menus.ECHO)))
        if when
        else view.say("search.no_words")
    )
    return Message(f"{said}\n{view.say('search.help')}")


def _finding(view: View, number: int, finding: Finding) -> tuple[str, ...]:
    article = finding.article
    when = view.when(article.published or article.first_seen)
    source = markup.escape(markup.cut(article.source_name, menus.ECHO))
    repeated = "".join(re.split(_MARKED, finding.passage)) == article.title
    passage = "" if repeated or article.policy == "summary" else _highlighted(finding.passage)
    return (f"{number}. {render.title(article, view.language)}", f"{source} · {when}", *filter(None, (passage,)))


def _highlighted(passage: str) -> str:
    """A passage with the words that were looked for in bold, at most 200 code points of it."""
    pieces, left = [], PASSAGE
    for index, piece in enumerate(re.split(_MARKED, passage)):
        whole = markup.foreign(piece)
        said = whole[: border(whole, left)]
        left -= len(said)
        pieces.append(markup.bold(said) if index % 2 else markup.escape(said))
    return markup.isolated("".join(pieces).strip())
