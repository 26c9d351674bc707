"""What many chats are told: each once, with the last text, by transactions of a few hundred chats that may be cut."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from storage.place import Place
from storage.schema import announcement, delivery, wave
from storage.stories import waves
from tests.grouping.builders import prose
from tests.grouping.world import ENGINE, FEEDS, NEWSROOM, World, an_entry, opened
from tests.storage.builders import NOW, a_chat, poll

TITLE, TEXT = "Cirrova obtient la qualification SecNumCloud", f"SecNumCloud {prose(1, 120)}"
CHATS = 30


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few chats are a crowd, and fewer a share of it."""
    monkeypatch.setattr(waves, "CROWD", 5)
    monkeypatch.setattr(waves, "SHARE", 14)
    monkeypatch.setattr(waves, "LEAST", 14)


@pytest.fixture
def world(tmp_path: Path, few: None) -> Iterator[World]:
    with crowded(tmp_path) as made:
        yield made


class crowded:  # noqa: N801 # reads as what it gives
    """A world whose articles many chats follow, one of them in a topic too."""

    def __init__(self, where: Place) -> None:
        self._world = opened(where)

    def __enter__(self) -> World:
        world = self._world.__enter__()
        for number in range(100, 99 + CHATS):
            key = a_chat(world.store, number).key
            world.store.chats.follow(key, "essai", None, NOW)
            if number % 3 == 0:
                world.store.chats.follow(key, "autre", None, NOW)
        world.store.chats.follow(key, "essai", None, NOW, thread=7)
        return world

    def __exit__(self, *_: object) -> None:
        self._world.__exit__(None, None, None)


def test_a_share_follows_what_the_last_one_took() -> None:
    assert waves.next_share(60, waves.HOLD) == 60
    assert waves.next_share(90, 2 * waves.HOLD) == 45, "fewer at once"
    assert waves.next_share(60, waves.HOLD / 10) == 76, "more slowly"
    assert waves.next_share(waves.SHARE, 0.0) == waves.SHARE
    assert waves.next_share(waves.LEAST, 60.0) == waves.LEAST


def go_on(world: World, shares: int = 10_000) -> int:
    """So many transactions of the waves, or all; how many messages came."""
    told = 0
    for _ in range(shares):
        queued = world.store.waves.advance(world.newsroom, ENGINE.watchlists, world.now)
        if queued is None:
            break
        told += queued
    return told


def rows(world: World, *columns: Any) -> list[Any]:
    with world.store.database.read() as connection:
        return sorted(map(tuple, connection.execute(select(*columns))))


def messages(world: World) -> list[Any]:
    return rows(world, *(delivery.c[name] for name in ("chat_id", "thread", "lane", "item", "body", "state")))


def told(world: World) -> list[Any]:
    return rows(world, announcement.c.chat_id, announcement.c.thread, announcement.c.kind, announcement.c.edits)


def under_way(world: World) -> int:
    return len(rows(world, wave.c.id))


def a_life(world: World) -> None:
    """An article, another source of it, a revision, a third one that answers another list too."""
    world.article(0, TITLE, TEXT)
    go_on(world)
    world.article(1, f"{TITLE}, dit l’ANSSI", TEXT)
    go_on(world)
    world.send()
    world.article(2, f"{TITLE} et le Cloud Act", f"Cloud Act et {TEXT}")
    go_on(world)
    world.article(0, TITLE, f"{TEXT} Rectificatif : la qualification est refusée.", key=TITLE)
    go_on(world)


def test_a_wave_tells_what_one_transaction_would(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("whole", "waves"):
        (tmp_path / name).mkdir()
    with crowded(tmp_path / "whole") as whole:
        a_life(whole)
        assert under_way(whole) == 0
        expected = messages(whole), told(whole)
    monkeypatch.setattr(waves, "CROWD", 5)
    monkeypatch.setattr(waves, "SHARE", 14)
    monkeypatch.setattr(waves, "LEAST", 14)
    with crowded(tmp_path / "waves") as world:
        a_life(world)
        assert (messages(world), told(world)) == expected
    assert len(expected[0]) > CHATS


def test_a_crowd_is_told_a_share_at_a_time(world: World) -> None:
    recorded = world.article(0, TITLE, TEXT)
    assert (recorded.deliveries, under_way(world), messages(world)) == (0, 1, [])
    assert 0 < go_on(world, 1) <= 14
    assert under_way(world) == 1
    go_on(world)
    assert (under_way(world), len(messages(world))) == (0, CHATS + 1)


def test_what_is_cut_goes_on_where_it_was(world: World) -> None:
    """Killed in the middle of each second transaction, it tells each chat once."""
    world.article(0, TITLE, TEXT)

    def broken(*_: Any) -> Any:
        raise InterruptedError

    healthy = world.newsroom
    while under_way(world):
        before = messages(world)
        world.newsroom = healthy.__class__(healthy.judge, broken, broken)
        with pytest.raises(InterruptedError):
            go_on(world, 1)
        assert messages(world) == before
        world.newsroom = healthy
        go_on(world, 1)
    assert [kind for _, _, kind, _ in told(world)] == ["living"] * (CHATS + 1)
    assert len(messages(world)) == CHATS + 1


def test_a_source_that_joins_while_it_runs_is_in_every_last_text(world: World) -> None:
    world.article(0, TITLE, TEXT)
    go_on(world, 1)
    world.article(1, f"{TITLE}, dit l’ANSSI", TEXT)
    assert under_way(world) == 2, "in turn"
    go_on(world)
    bodies = [body for _, _, _, _, body, _ in messages(world)]
    assert len(bodies) == CHATS + 1
    assert all("Source f1" in body for body in bodies)


@pytest.mark.usefixtures("few")
def test_what_is_cut_and_edited_while_it_runs_tells_each_once_the_last_text(home: Place) -> None:
    def broken(*_: Any) -> Any:
        raise InterruptedError

    with crowded(home) as world:
        healthy, sources = world.newsroom, 1
        world.article(0, TITLE, TEXT)
        while under_way(world):
            world.newsroom = healthy.__class__(healthy.judge, broken, broken)
            with pytest.raises(InterruptedError):
                go_on(world, 1)
            world.newsroom = healthy
            go_on(world, 1)
            if sources < 3:
                world.article(sources, f"{TITLE}, dit l’ANSSI", TEXT)
                sources += 1
        chats = [(chat, thread) for chat, thread, *_ in messages(world)]
        assert len(chats) == len(set(chats)) == CHATS + 1
        assert all("Source f1" in body and "Source f2" in body for _, _, _, _, body, _ in messages(world))


def test_who_leaves_while_it_runs_is_not_told_and_who_comes_is_not_either(world: World) -> None:
    world.article(0, TITLE, TEXT)
    go_on(world, 1)
    served = {row[0] for row in messages(world)}
    left = next(each.key for each in reversed(world.store.chats.active()) if each.key not in served)
    world.store.chats.unfollow(left, "essai")
    world.store.chats.unfollow(left, "essai", thread=7)
    late = a_chat(world.store, 900).key
    world.store.chats.follow(late, "essai", None, world.now)
    go_on(world)
    assert not {left, late} & {row[0] for row in messages(world)}


def test_a_flash_goes_before_what_mostly_edits(world: World) -> None:
    world.article(0, TITLE, TEXT)
    go_on(world)
    world.article(1, TITLE, TEXT)
    world.article(4, "Le Cloud Act sanctionné", f"Cloud Act et SecNumCloud {prose(40, 120)}")
    assert rows(world, wave.c.id, wave.c.fresh) == [(2, False), (3, True)]
    go_on(world, 1)
    assert rows(world, wave.c.id, wave.c.cursor)[0] == (2, 0), "it waits"
    assert any("sanctionné" in row[4] for row in messages(world))


def test_a_list_that_is_no_more_tells_nobody(world: World) -> None:
    world.article(0, TITLE, TEXT)
    assert world.store.waves.advance(NEWSROOM, frozenset({"autre"}), world.now) == 0
    assert messages(world) == []


def test_an_article_that_stands_alone_is_told_in_waves_too(world: World) -> None:
    entry = replace(an_entry(TITLE, TEXT, "", "https://seul.example/1", "seul"), traits=None)
    poll(world.store, entry, feed=FEEDS[0], newsroom=world.newsroom, now=world.now)
    assert (under_way(world), messages(world)) == (1, [])
    assert go_on(world) == CHATS + 1
