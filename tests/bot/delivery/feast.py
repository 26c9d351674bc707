"""Makes every kind of message of titles and texts, and shows each to the emulated Bot API."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.delivery.chat import Sent
from bot.digest import catchup, compose, render
from bot.model import Message
from storage.chats.model import DigestItem, Late, Window
from storage.ids import ArticleId
from tests.bot.digest.builders import NOW, WATCHLISTS, article, chat, match
from tests.emulator import BotApi
from tests.emulator.direct import Direct

SHOWN = 40  # of a digest: its parts and its rest


def refusals(items: Sequence[tuple[str, str]]) -> list[str]:
    """What the Bot API refuses, or silently loses, of an alert for each (title, text), and of digests of them all."""
    api = BotApi(limits=False)
    api.chat(1)
    door = Direct(api, seconds=0.0)
    found: list[str] = []

    async def show(messages: Sequence[Message]) -> None:
        for message in messages:
            for plain in (False, True):
                answer = await door.send(1, message, plain=plain)
                found.extend([] if isinstance(answer, Sent) else [f"{answer} {message.html[:200]!r}"])

    async def all_of_them() -> None:
        stories = [_story(number, *each) for number, each in enumerate(items, start=1)]
        flashes = [render.flash(each, (match(each),), WATCHLISTS, "fr", "Europe/Paris") for each in stories]
        await show(flashes)
        for start in range(0, len(stories), SHOWN):
            window = Window(tuple(DigestItem(each, (match(each),)) for each in stories[start : start + SHOWN]), read=9)
            made = compose.Printer(WATCHLISTS, NOW).digest(window, chat(), ("daily",), "2026-11-24")
            await show([each.body for each in made.deliveries])
            late = [Late("flash", each.to_json(), NOW) for each in flashes[start : start + SHOWN]]
            late += [Late("daily", each.body.to_json(), NOW) for each in made.deliveries]
            late += [Late("daily", replace(each, brief="").to_json(), NOW) for each in flashes[start : start + 5]]
            await show(catchup.digest(chat(), late, NOW))

    asyncio.run(all_of_them())
    return found + api.violations


def _story(number: int, title: str, text: str) -> Any:
    url = title if title.startswith(("http", "java", "tg")) else f"https://site.example/{number}"
    return article(id=ArticleId(number), title=title, summary=text[:500], text=text, url=url, source_name=title[:80])
