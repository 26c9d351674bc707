"""What operators read of the titles that were not kept, and what their answers prove. Pure."""

from collections.abc import Sequence
from functools import partial
from math import floor

from bot.messages import markup, texts
from bot.messages.callback_data import Press, base36, build
from bot.model import Button, Message
from bot.trials.recall import Recall
from storage.operators.model import SampledTitle

TITLE, SOURCE = 120, 40  # code points
_MARKS = {None: "", True: "✔ ", False: "✘ "}


def message(titles: Sequence[SampledTitle], week: int, language: str) -> Message:
    """The titles of a week, numbered, with two buttons each: it should have been kept, or not."""
    say = partial(texts.text, language)
    lines = [f"🔎 {markup.bold(say('recall.title', week=str(week)))}", say("recall.ask")]
    lines += (f"{place}. {_MARKS[each.wanted]}{_title(each, language)}" for place, each in enumerate(titles, start=1))
    rows = tuple(
        tuple(
            Button(f"{place} · {say(label)}", build(Press("ju", base36(each.number), value)))
            for value, label in (("y", "button.wanted"), ("n", "button.unwanted"))
        )
        for place, each in enumerate(titles, start=1)
    )
    return Message("\n".join(lines), rows, silent=True)


def _title(each: SampledTitle, language: str) -> str:
    if not each.title:
        return markup.italic(texts.text(language, "recall.gone"))
    return f"{markup.link(markup.cut(each.title, TITLE), each.url)} — {markup.escape(markup.cut(each.source, SOURCE))}"


def bound(found: Recall | None, language: str) -> str:
    """« Rappel ≥ 0,84 parmi ce qui touche vos veilles, ≥ 0,06 sur tout ce qui est lu (95 %) ; 120 titres jugés. » Where
    every title that was not kept has been judged, nothing is left to chance."""
    if found is None:
        return texts.text(language, "recall.unknown")
    if found.whole and found.low == 1:
        return texts.text(language, "recall.whole", n=found.titles)
    near, low = (texts.decimal(language, floor(100 * share) / 100, 2) for share in (found.near, found.low))
    return texts.text(language, "recall.bound", near=near, low=low, n=found.titles)
