"""What is kept no longer: after a year and a half the tables hold what they held after a year."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, func, insert, select, update

from storage import retention
from storage.chats.model import Chat, Contents, NewDigest
from storage.ids import ArticleId, ChatKey
from storage.operators.model import NewNotice
from storage.schema import METADATA, article, override
from storage.store import Store
from storage.stories.announcements import say
from storage.stories.model import Saying
from tests.storage.builders import NOW, A, a_chat, a_flash, a_match, an_entry, poll

FORTNIGHT = timedelta(days=14)
ARCHIVE = {"article", "article_url", "sighting", "article_match", "register", "grouped", "decision", "story"}
"""What is kept for ever, on purpose: titles and links, what was decided of them, the register."""


def live(store: Store, chat: Chat, number: int, now: datetime) -> None:
    """A fortnight in the life of a Vigie with one reader, in which everything happens once."""
    item = f"a{number}"
    poll(store, an_entry(str(number), urls=[f"u{number}"], matches=[a_match()]), now=now)
    store.votes.cast(ArticleId(number), f"voter{number}", True, now)
    store.missed.record(chat.key, f"https://ailleurs.example/{number}", None, "unknown", now)
    store.notices.put(A, [NewNotice("failing", "404", now)], (), now)
    store.notices.put(A, (), ("failing",), now)
    store.digests.close(
        chat.key, ("daily",), f"day{number:03d}", 0, NewDigest(kept=Contents(f"d{number}", "", ())), now
    )
    store.dossiers.suggest("never", ArticleId(number), ArticleId(number), 5, now)
    with store.database.write() as connection:
        values = {"a": 1, "b": 2, "kind": "never", "by": 5, "moved": "[]", "at": now, "undone": True}
        connection.execute(insert(override).values(**values))
        say(connection, [Saying(a_flash(ChatKey(chat.key), item))], number, {}, now)  # type: ignore[arg-type] # an id
    for each in store.outbox.claim(now, "run", 9):
        store.outbox.sent(each.id, number, now)


def sizes(store: Store) -> dict[str, int]:
    with store.database.read() as connection:
        tables: Any = METADATA.sorted_tables
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in tables
            if table.name not in ARCHIVE
        }


def test_after_a_year_no_table_grows_but_the_archive(store: Store) -> None:
    chat = a_chat(store)
    store.chats.follow(chat.key, "hds", None, NOW)
    seen = []
    for number in range(1, 41):  # 18 months
        now = NOW + number * FORTNIGHT
        live(store, chat, number, now)
        store.prune(now)
        seen.append(sizes(store))
    held = {name: count for name, count in seen[26].items() if count > 1}
    assert {"announcement", "delivery", "digest", "miss", "notice", "override", "vote"} <= held.keys(), "all happened"
    assert seen[-1] == seen[27]
    assert seen[-1]["vote"] == 27, "a year of them"


def test_what_there_is_much_of_goes_in_shares_between_which_others_may_write(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "SHARE", 20)
    poll(store, *(an_entry(str(number), urls=[f"u{number}"]) for number in range(50)))
    held, begin = list[int](), store.database._engine.write

    @contextmanager
    def write() -> Iterator[Connection]:
        with begin() as connection:
            yield connection
            held.append(connection.execute(select(func.count()).where(article.c.text != "")).scalar_one())

    monkeypatch.setattr(store.database._engine, "write", write)
    assert store.prune(NOW + timedelta(days=400)).texts == 50
    assert held[:3] == [30, 10, 0]


def test_what_is_read_anew_while_older_texts_go_is_kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "SHARE", 20)
    poll(store, *(an_entry(str(number), urls=[f"u{number}"]) for number in range(50)))
    later, begin = NOW + timedelta(days=400), store.database._engine.write

    @contextmanager
    def write() -> Iterator[Connection]:
        with begin() as connection:
            yield connection
            connection.execute(update(article).where(article.c.text != "").values(read_at=later))

    monkeypatch.setattr(store.database._engine, "write", write)
    assert store.prune(later).texts == 20
