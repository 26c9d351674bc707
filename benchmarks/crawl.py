"""Every button that can be reached, pressed: in each kind of place, by who runs Vigie, sets a group, only reads, or is
a stranger. Then, after a restart without one of the lists, those that stand in the chats still, twice each.

python -m benchmarks.crawl [--words]

`--words` prints each different message met, to be read as its readers would.
"""

import argparse
import asyncio
import re
import tempfile
import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bot.conversation.commands import NAMES
from bot.messages.callback_data import parse
from tests.bot.conversation.french import french
from tests.emulator.virtual import run
from tests.grouping.builders import prose
from tests.whole import test_fortnight as news
from tests.whole.daemon import folder, opened
from tests.whole.stepped import Stepped
from tests.whole.test_fortnight import BOSS, CLAIRE, FEEDS, FORUM, JOHN, START, TOPIC, WATCHLISTS

GROUP, MEMBER, STRANGER, CHIEF = -1003, 13, 77, 10
HOSTILE = "SecNumCloud : /piege @piege <!here> <https://mal.example|ici> מערך הסייבר הלאומי"
WORDS = ("", " nuage", " 1", " https://fil.example/1", " cirrova", " hebdo", " lundi", " 30m", " 7h")
TYPED = ("pourquoi ?", "remets les alertes", "c’est quoi ce flash ?", "stop", "hébergeur", "merci",
         "préviens-moi si on parle de Cirrova", "zut mes alertes arrivent bien trop tard blurp", "cirova",
         "https://fil.example/1 https://gazette.example/2 https://nulle.example/x")  # fmt: skip
ENDS = ("1s.y",)  # it would leave nothing to press
OLD = 6  # old buttons of one kind, in one chat
SETTING = 2  # values pressed of one setting: each shows the same menu again
ARGUMENT = re.compile(r"(?<![\w/])/(\w+) (?:https?://|\d|«|\"|<|\[|…|nuage\b|fuites\b)")
FORGED = re.compile(r"(?<![\w/.<>])[/@]piege|<!here>")


@dataclass(frozen=True, slots=True)
class Walker:
    """Who presses where, in which language. `thread` is the topic, 0 for none."""

    name: str
    chat: int
    user: int
    language: str
    thread: int = 0


WALKERS = (
    Walker("reader, fr", CLAIRE, CLAIRE, "fr"),
    Walker("reader, en", JOHN, JOHN, "en"),
    Walker("operator, fr", BOSS, BOSS, "fr"),
    Walker("operator, en", CHIEF, CHIEF, "en"),
    Walker("topic, administrator", FORUM, CLAIRE, "fr", TOPIC),
    Walker("topic, member", FORUM, MEMBER, "fr", TOPIC),
    Walker("group, administrator, en", GROUP, JOHN, "en"),
    Walker("group, member, en", GROUP, MEMBER, "en"),
    Walker("stranger, fr", STRANGER, STRANGER, "fr"),
)
GONE = "fuites"
"""The list that is taken away with the restart."""


@dataclass(slots=True)
class Findings:
    """What was pressed, and what should not have been seen: (what, where) and how often."""

    pressed: int = 0
    kinds: set[str] = field(default_factory=set)
    faults: Counter[tuple[str, str]] = field(default_factory=Counter)
    read: dict[str, str] = field(default_factory=dict)
    looked: set[tuple[str, int, int]] = field(default_factory=set)
    old: int = 0


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--words", action="store_true")
    chosen = asked.parse_args()
    begun = time.process_time()
    with tempfile.TemporaryDirectory() as where:
        found = walked(Path(where))
    if chosen.words:
        for shape, whose in found.read.items():
            print(f"--- {whose}\n{shape}\n")
    spent = f"{time.process_time() - begun:.1f} s of CPU"
    print(f"{found.pressed} presses, {found.old} old buttons twice, {len(found.kinds)} kinds of buttons, {spent}")
    for (fault, place), times in found.faults.most_common():
        print(f"{times:4} {fault}: {place}")


def walked(where: Path) -> Findings:
    """Every walk, on one daemon with three days of news."""
    settings, configuration = opened(folder(where / "config", FEEDS, WATCHLISTS), VIGIE_ADMINS=f"{BOSS},{CHIEF}")
    world, found = Stepped(settings, configuration, START), Findings()

    async def walk_all() -> None:
        async with world.running():
            await _news(world)
            for walker in WALKERS:
                await world.until(world.now() + timedelta(minutes=20))
                await walk(world, walker, found)

    async def press_all_again() -> None:
        async with world.running():
            for walker in WALKERS:
                await world.until(world.now() + timedelta(minutes=20))
                await press_old(world, walker, found)

    async def live() -> None:
        await walk_all()
        kept = {name: text for name, text in WATCHLISTS.items() if name != GONE}
        world.configuration = opened(folder(where / "after", FEEDS, kept), VIGIE_ADMINS=f"{BOSS},{CHIEF}")[1]
        await press_all_again()

    run(live())
    for line in world.troubles.lines:
        found.faults["error", line] += 1
    for line in world.api.violations:
        found.faults["refused", line[:300]] += 1
    return found


async def _news(world: Stepped) -> None:
    news.publish(world)
    world.press.publish("fil", START + timedelta(hours=7), HOSTILE, f"{HOSTILE}. Tapez /piege vite. {prose('piege')}")
    await world.until(START + timedelta(minutes=30))
    await news.settle_in(world)
    world.api.chat(GROUP, "supergroup").admins = {JOHN}
    world.api.membership(GROUP, "administrator", user=JOHN, language="en")
    await world.ears.hear()
    await world.say(GROUP, "/follow nuage", user=JOHN, language="en")
    await world.until(START + timedelta(days=4, hours=4))


async def walk(world: Stepped, walker: Walker, found: Findings) -> None:
    """All that somebody says, and every button that this shows, however deep."""
    for said in _said(walker):
        before = _seen(world, walker)
        await world.say(walker.chat, said, user=walker.user, language=walker.language,
                        thread=walker.thread or None, topic=bool(walker.thread))  # fmt: skip
        if _seen(world, walker) == before and walker.chat > 0:
            found.faults["no answer", f"{walker.name} « {said} »"] += 1
    waiting, known = deque[tuple[int, str, str]](), set[str]()
    settings: Counter[str] = Counter()
    _look(world, walker, found, waiting, known, settings)
    while waiting:
        message, label, data = waiting.popleft()
        await _press(world, walker, found, (message, label, data))
        _look(world, walker, found, waiting, known, settings)


async def press_old(world: Stepped, walker: Walker, found: Findings) -> None:
    """Each button that stands in the chat, twice, the oldest first: of each kind a few."""
    kinds: Counter[str] = Counter()
    for post in tuple(world.api.chat(walker.chat).messages):
        for key in (key for row in post.buttons for key in row):
            data = key.get("callback_data", "")
            kinds[data.split(".")[0]] += 1
            if not data or data.startswith((*ENDS, _other_language(walker))) or kinds[data.split(".")[0]] > OLD:
                continue
            found.old += 1
            for _ in range(2):
                await _press(world, walker, found, (post.id, key["text"], data), again=True)


def _said(walker: Walker) -> Iterator[str]:
    for name, french_name in NAMES.items():
        if french_name in ("stop", "pause"):
            continue
        yield from (f"/{name}{words}" for words in WORDS)
    if walker.chat > 0:
        yield from TYPED


def _look(world: Stepped, walker: Walker, found: Findings, waiting: "deque[tuple[int, str, str]]", known: set[str],
          settings: "Counter[str]") -> None:  # fmt: skip
    for post in tuple(world.api.chat(walker.chat).messages):
        if (walker.name, post.id, post.edits) in found.looked:
            continue
        found.looked.add((walker.name, post.id, post.edits))
        _read(walker, found, post.text)
        for key in (key for row in post.buttons for key in row):
            _read(walker, found, key["text"], button=True)
            data = key.get("callback_data", "")
            if not data and "start=" in key.get("url", ""):
                data = key["url"]
            if not data or data in known or data.startswith((*ENDS, _other_language(walker))):
                continue
            press = parse(data) if "start=" not in data else None
            if press and press.verb == "g" and press.value:
                settings[f"{press.target}@{press.place}"] += 1
                if settings[f"{press.target}@{press.place}"] > SETTING:
                    continue
            known.add(data)
            waiting.append((post.id, key["text"], data))


def _other_language(walker: Walker) -> str:
    return "1g.l.fr" if walker.language == "en" else "1g.l.en"


async def _press(
    world: Stepped, walker: Walker, found: Findings, key: tuple[int, str, str], *, again: bool = False
) -> None:
    """`again`: what it would change is changed already."""
    message, label, data = key
    found.pressed += 1
    if "start=" in data:
        before = _seen(world, walker)
        await world.say(walker.user, f"/start {data.partition('start=')[2]}", language=walker.language)
        return
    found.kinds.add(data.split(".")[0])
    before = _seen(world, walker)
    press = await world.press_button(walker.chat, message, data, user=walker.user, language=walker.language)
    for _ in range(2):
        await world.daemon.courier.tick()
        await asyncio.sleep(2)
    answers = [call.parameters for call in world.api.called("answerCallbackQuery")[-3:]
               if call.parameters.get("callback_query_id") == press]  # fmt: skip
    where = f"{walker.name} [{label}] {data}"
    if not answers:
        found.faults["press not answered", where] += 1
    told = any(answer.get("text") or answer.get("url") for answer in answers)
    if not told and not again and _seen(world, walker) == before:
        found.faults["no effect", where] += 1
    for answer in answers:
        _read(walker, found, answer.get("text", ""), button=True)


def _seen(world: Stepped, walker: Walker) -> tuple[int, int, int]:
    """How much was sent, edited and handed over there."""
    posts = world.api.chat(walker.chat).messages
    return len(posts), sum(post.edits for post in posts), len(world.api.files)


def _read(walker: Walker, found: Findings, text: str, *, button: bool = False) -> None:
    shape = re.sub(r"\d+", "0", text)
    if shape in found.read and walker.language == "fr":
        return
    found.read.setdefault(shape, walker.name)
    if walker.language == "en" and walker.name.startswith(("reader", "operator", "group")):
        for piece in french(text):
            found.faults["French", f"« {piece} » in « {text[:80]} »"] += 1
    if "Je n’ai pas pu" in text or "I could not" in text:
        found.faults["apology", text[:100]] += 1
    if not button and (argument := ARGUMENT.search(text)) and argument[1] in NAMES:
        found.faults["argument", text[max(0, argument.start() - 30) : argument.end() + 30]] += 1
    if FORGED.search(text):
        found.faults["order of a stranger", text[:120]] += 1
    if re.search(r"\{\w+\}|%[sd]|None\b", text):
        found.faults["hole", text[:120]] += 1


if __name__ == "__main__":
    main()
