"""Every line that an alert or a digest can hold, as people read it, in both languages.

To renew the files: VIGIE_GOLDEN=1 pytest tests/bot/digest/test_layouts.py
"""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.digest import compose, render
from bot.digest.render import Manner
from bot.model import Message
from storage.articles.model import Newcomer, StoredArticle
from storage.chats.model import DigestItem, Lane, Ongoing, Window
from storage.ids import ArticleId
from tests.bot.digest.builders import TEXT, WATCHLISTS, article, chat, match
from tests.bot.digest.telegram_html import read

FOLDER = Path(__file__).parent / "golden"
SEEN = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)
MONDAY, EARLIER = datetime(2026, 11, 23, 9, 0, tzinfo=UTC), datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
OFFICIAL = "https://cyber.gouv.fr/referentiel"


def told(number: int, title: str, source: str, watchlist: str, score: int = 8, **changes: Any) -> DigestItem:
    """A story about what the list looks for: the term stands in its title."""
    facts = {name: changes.pop(name) for name in ("url", "text") if name in changes}
    story = article(**{"id": ArticleId(number), "title": title, "source_name": source, "first_seen": SEEN} | facts)
    found = match(story, watchlist, score=score)
    return DigestItem(story, (replace(found, subject=changes.pop("subject", True)),), **changes)


def daily(extra: int) -> Window:
    sources = ("Gazette", "Nuage & Droit", "ANSSI")
    first = told(1, "Cirrova franchit le premier jalon", "Gazette hospitalière", "secnumcloud", 9, others=sources,
                 articles=6)  # fmt: skip
    items = (
        first,
        told(2, "Le référentiel en consultation", "ANSSI", "secnumcloud", url=OFFICIAL, others=("Le Fil",), articles=2),
        told(3, "L’entrepôt change d’hébergeur", "Courrier e-santé", "hds", 9, follows=MONDAY),
        told(4, "Un second entrepôt suit", "Courrier e-santé", "hds", 8, follows=EARLIER, subject=False),
        told(5, "Un décret attendu au printemps", "Nuage & Droit", "hds", 4, subject=False),
        told(6, "Nébulis obtient la qualification", "Le Fil", "secnumcloud", flashed=True, others=sources, later=3),
        told(7, "Un flash resté seul", "Le Fil", "hds", flashed=True, others=("Gazette",)),
        *(told(10 + n, f"Encore un sujet {n}", "Le Fil", ("hds", "secnumcloud")[n % 2], 1) for n in range(extra)),
    )
    return Window(items, read=412, since=MONDAY)


def weekly(number: int) -> Window:
    """A week of so many new stories, follow-ups, sources, dossiers and newcomers."""
    new = tuple(told(n, f"Sujet {n}", f"Source {n}", "eucs") for n in range(1, number + 1))
    suites = tuple(told(50 + n, f"Suite {n}", f"Source {n}", "eucs", follows=MONDAY) for n in range(number))
    last = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
    moved = tuple(
        Ongoing(f"Dossier {n}", "https://fil.example/d", number, n + 1, last - n * timedelta(days=1))
        for n in range(number)
    )
    entities = tuple(Newcomer(("cirrova", "inconnue")[n], n + 1) for n in range(number))
    return Window(new + suites, read=900, since=MONDAY, sources=61, ongoing=moved, newcomers=entities)


def digest(window: Window, lane: Lane, slot: str, language: str, **changes: Any) -> list[str]:
    now = SEEN + timedelta(days=5)
    reader = chat(language=language, **changes)
    made = compose.Printer(WATCHLISTS, now, {"cirrova": "Cirrova"}).digest(window, reader, (lane,), slot)
    return [seen(each.body) for each in made.deliveries]


def flash(language: str, manner: Manner = render.PLAINLY, *, subject: bool = True, **changes: Any) -> str:
    story: StoredArticle = article(**changes)
    found = replace(match(story), subject=subject)
    return seen(render.flash(story, (found, match(story, "hds")), WATCHLISTS, language, "Europe/Paris", manner))


def seen(message: Message) -> str:
    keys = ["    " + " ".join(f"[{key.text}]" for key in row) for row in message.buttons]
    return "\n".join((read(message.html).text, *keys))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_layout_reads_as_it_should(language: str) -> None:
    shown = [
        flash(language),
        flash(language, subject=False, text=f"{TEXT} Une autre qualification."),
        flash(language, source="feed_summary", flags=("robots",), text="", summary=TEXT),
        flash(language, flags=("paywalled",)),
        flash(language, Manner(capped=480)),
        *digest(daily(25), "daily", "2026-11-25", language),
        *digest(daily(0), "daily", "2026-11-25", language, kind="channel"),
        *digest(Window(read=388, sources=61), "daily", "2026-11-26", language),
        *(each for number in (0, 1, 2) for each in digest(weekly(number), "weekly", "2026-11-30", language)),
    ]
    written, golden = "\n\n".join(shown) + "\n", FOLDER / f"{language}.txt"
    if os.environ.get("VIGIE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(written, encoding="utf-8")
    assert written == golden.read_text("utf-8")
