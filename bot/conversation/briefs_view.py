"""How a brief that is being made is shown: its stories, a row of buttons each, and the forms. Pure."""

from collections.abc import Sequence

from bot.briefs.forms import FORMS
from bot.briefs.text import BriefLine, BriefMaterial, lines_of, told
from bot.conversation import menus
from bot.conversation.model import View
from bot.days import end_told
from bot.digest import render
from bot.messages import markup, texts
from bot.messages.callback_data import Press, build
from bot.model import Button, Message
from storage.changes.model import BriefChoice
from storage.ids import ArticleId

SIGNATURE = 40  # code points
_SHOWN = 100  # of a comment: eight stories are one message
_MARKS: dict[BriefChoice, str] = {"kept": "", "dropped": "✗ ", "raised": "↑ "}
_VERBS: dict[BriefChoice, str] = {"kept": "bk", "dropped": "bd", "raised": "br"}


def shown(view: View, material: BriefMaterial, token: str, page: int, beside: ArticleId | None) -> Message:
    """A page of the brief; that of the story `beside`, where there is one."""
    lines = lines_of(material, view.watchlists)
    numbers = {line.story.article.id: number for number, line in enumerate(lines)}
    page = numbers[beside] // menus.ROWS if beside in numbers else page
    page, pages, leaf = menus.leaf(lines, page, spare=0)
    if not lines:
        return Message(f"{_head(view, material)}\n{view.say('brief.none')}", _forms(view, token))
    first = page * menus.ROWS + 1
    shown = [_line(view, number, line) for number, line in enumerate(leaf, start=first)]
    rows = [_row(view, number, line, token, page) for number, line in enumerate(leaf, start=first)]
    turner = menus.turner(view, "bp", token, page, pages, len(lines))
    text = "\n".join((_head(view, material), _count(view, lines), "", *shown, "", view.say("brief.legend")))
    return Message(text, (*rows, *turner, *_forms(view, token)))


def _head(view: View, material: BriefMaterial) -> str:
    start = view.when(material.span.start)
    end = view.when(end_told(material.span.end, view.timezone))
    return markup.bold(f"{view.say('brief.title')} · {view.say('brief.span', start=start, end=end)}")


def _count(view: View, lines: Sequence[BriefLine]) -> str:
    kept = told(lines)
    raised = sum(line.note.choice == "raised" for line in kept)
    dropped = len(lines) - len(kept)
    maybe = sum(bool(line.story.near) for line in kept)
    said = [view.say("brief.stories", n=len(kept))]
    said += [view.say("changes.maybe", n=maybe)] if maybe else []
    said += [view.say("brief.raised", n=raised)] if raised else []
    said += [view.say("brief.dropped", n=dropped)] if dropped else []
    return ", ".join(said)


def _line(view: View, number: int, line: BriefLine) -> str:
    article = line.story.article
    when = texts.moment(view.language, article.published or article.first_seen, view.timezone)
    outlet = markup.escape(markup.cut(article.source_name, render.LABEL))
    head = f"{number}. {_MARKS[line.note.choice]}{render.title(article, view.language)}"
    near = markup.escape(render.maybe(line.story.near, view.language))
    said = " · ".join(filter(None, (f"{head} — {outlet}, {when}", near)))
    if not line.note.note:
        return said
    comment = f"{markup.cut(line.note.note, _SHOWN)} — {markup.cut(line.note.signed, SIGNATURE)}"
    return f"{said}\n{markup.italic(comment)}"


def _row(view: View, number: int, line: BriefLine, token: str, page: int) -> tuple[Button, ...]:
    article = str(line.story.article.id)

    def key(choice: BriefChoice) -> Button:
        label = view.say(f"button.brief_{choice}")
        label = f"✓ {label}" if line.note.choice == choice else label
        before = f"{number} · " if choice == "kept" else ""
        return Button(f"{before}{label}", build(Press(_VERBS[choice], token, article, page, view.place)))

    comment = Button("💬", build(Press("bc", token, article, page, view.place)))
    return (key("kept"), key("dropped"), key("raised"), comment)


def _forms(view: View, token: str) -> tuple[tuple[Button, ...], ...]:
    keys = [view.key(view.say(f"button.brief_{form}"), "bf", token, form) for form in FORMS]
    return (tuple(keys[:2]), tuple(keys[2:]))
