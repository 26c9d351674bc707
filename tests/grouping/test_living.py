"""A story in a chat: one message that grows, replies for what is news, one line in the digest."""

import itertools
import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event

from bot import grouping
from bot.digest import compose, living
from bot.model import Message
from matchers.model import Article, Level
from storage import schema
from storage.chats.model import Choices, NewDigest
from storage.ids import ArticleId
from storage.store import open_store
from storage.stories import lines, stories
from tests.grouping.builders import prose
from tests.grouping.world import ENGINE, FEEDS, LEADS, NEWSROOM, World, an_entry, opened
from tests.storage.builders import NOW, a_chat, a_feed, poll
from tests.storage.engines import before_each, engine_of


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with opened(tmp_path) as made:
        yield made


DISPATCH = f"Nébulis obtient la qualification SecNumCloud. {prose('dépêche', 200)}"
TITLE = "Nébulis obtient la qualification SecNumCloud"


def told(sent: list[tuple[str, Message, int | None]]) -> list[str]:
    return [re.sub(r"<[^>]+>", "", message.html) for _, message, _ in sent]


def test_twenty_feeds_with_one_dispatch_in_one_tick_are_one_message(world: World) -> None:
    assert sum(world.article(n, TITLE, DISPATCH).deliveries for n in range(20)) == 1
    (sent,) = world.send()
    assert sent[0] == "flash"
    assert "+19 sources" in told([sent])[0]
    assert "et 11 autres" in told([sent])[0]


def test_a_copy_edits_the_message_in_silence(world: World) -> None:
    world.article(0, TITLE, DISPATCH)
    world.send()
    for n in (1, 2, 3):
        world.article(n, f"{TITLE} selon le site {n}", DISPATCH)
    (lane, message, about) = world.send()[0]
    assert (lane, message.silent, about) == ("edit", True, 1001)
    assert message.html.count("+3 sources\u00a0:") == 1
    assert TITLE in message.html
    assert world.send() == []


def test_edits_are_ten_minutes_apart_and_twenty_at_most(world: World) -> None:
    world.article(0, TITLE, DISPATCH)
    world.send()
    edits = 0
    for n in itertools.islice(itertools.cycle(range(1, 20)), 40):
        world.article(n, TITLE, DISPATCH, key=f"{world.now}")
        edits += len(world.send())
    assert edits == 1, "the rest waits as one"
    for n in range(30):
        world.now += timedelta(minutes=11)
        world.article(n % 19 + 1, TITLE, DISPATCH, key=f"later{n}")
        edits += len(world.send())
    assert edits == living.EDITS


def test_a_message_of_three_days_is_left_as_it_is(world: World) -> None:
    world.article(0, TITLE, DISPATCH)
    world.send()
    world.now += timedelta(hours=73)
    world.article(1, TITLE, DISPATCH)
    assert world.send() == []


def test_an_official_source_that_joins_is_answered_once(world: World) -> None:
    world.article(0, TITLE, DISPATCH)
    world.send()
    world.article(1, "SecNumCloud : décision de qualification de Nébulis", DISPATCH, host="cyber.gouv.fr")
    sent = world.send()
    assert [lane for lane, _, _ in sent] == ["flash", "edit"]
    assert "Une source officielle s’ajoute" in sent[0][1].html
    assert sent[0][2] == 1001
    world.article(2, TITLE, DISPATCH, host="cnil.fr")
    assert [lane for lane, _, _ in world.send() if lane == "flash"] == []


@pytest.mark.parametrize(
    ("declared", "host", "joins"),
    [(True, "", True), (False, "cyber.gouv.fr", False), (None, "cyber.gouv.fr", True), (None, "", False)],
)
def test_a_source_is_official_as_its_feed_says(world: World, declared: bool | None, host: str, joins: bool) -> None:
    feeds = [replace(a_feed(feed), name=f"Source {feed}") for feed in FEEDS]
    world.store.feeds.sync([feeds[0], replace(feeds[1], official=declared), *feeds[2:]], NOW)
    world.article(0, TITLE, DISPATCH)
    world.send()
    world.article(1, "SecNumCloud : décision de qualification de Nébulis", DISPATCH, host=host)
    sent = told(world.send())
    assert any("Une source officielle s’ajoute" in text for text in sent) is joins
    assert any("(source officielle)" in text for text in sent) is joins


def test_an_answer_that_is_the_last_one_under_the_cap_says_so(world: World) -> None:
    world.store.chats.settings(world.chat.key, Choices(per_hour=2))
    world.article(0, TITLE, DISPATCH)
    world.send()
    world.article(1, "SecNumCloud : décision de qualification de Nébulis", DISPATCH, host="cyber.gouv.fr")
    (answer,) = [message for lane, message, _ in world.send() if lane == "flash"]
    assert "Plafond atteint" in answer.html


def test_a_line_of_a_digest_is_about_the_article_that_it_names(world: World) -> None:
    """The dispatch only mentions what the copy has in its title."""
    world.store.chats.follow(world.chat.key, "essai", "daily", NOW)
    world.article(0, "Une décision attendue pour Nébulis", DISPATCH)
    world.article(1, TITLE, DISPATCH)
    (item,) = world.store.digests.window(world.chat.key, ("daily",), {"essai": "daily"}).items
    article = Article(title=item.article.title, summary=item.article.summary, text=item.article.text)
    assert item.matches == ENGINE.match(article), "not those of the copy, which has it in its title"


def test_what_was_added_to_a_message_is_asked_about_as_that_message(world: World) -> None:
    world.article(0, TITLE, DISPATCH)
    world.send()
    world.article(1, "SecNumCloud : décision de qualification de Nébulis", DISPATCH, host="cyber.gouv.fr")
    added = next(each for each in world.rows("delivery") if "-o" in str(each))
    world.send()
    found = world.store.traces.behind_message(world.chat.key, 1000 + added[0])
    assert found is not None
    assert found.article == ArticleId(1)


def test_a_story_that_an_official_source_opens_is_not_answered_by_another(world: World) -> None:
    world.article(0, TITLE, DISPATCH, host="cyber.gouv.fr")
    world.article(1, TITLE, DISPATCH, host="cnil.fr")
    assert [lane for lane, _, _ in world.send()] == ["flash"]


def test_the_fifth_independent_text_is_news(world: World) -> None:
    for n in range(7):
        world.article(
            n,
            f"Nébulis obtient la qualification SecNumCloud, site {'abcdefg'[n]}",
            prose(n, 120),
            summary=LEADS[n],
        )
        if n == 0:
            world.send()
    sent = told(world.send())
    assert len(sent) == 2
    assert sum("5 textes indépendants" in each for each in sent) == 1


def test_a_message_that_has_yet_to_leave_leaves_whole_and_with_its_sound(world: World) -> None:
    for n in range(6):
        world.article(
            n, f"{TITLE}, site {'abcdef'[n]}", DISPATCH if n else prose(n, 120), host="cnil.fr" if n == 5 else None
        )
    ((lane, message, _),) = world.send()
    assert (lane, message.silent) == ("flash", False)
    assert "+5 sources" in message.html
    assert "source officielle" in message.html


def test_what_follows_answers_the_message_before(world: World) -> None:
    world.article(
        0,
        "Medilia condamné pour avoir vanté SecNumCloud",
        "",
        summary="L’éditeur Medilia paiera une amende pour publicité mensongère sur SecNumCloud.",
    )
    world.send()
    world.now += timedelta(days=5)
    entry = an_entry(
        "Medilia conteste l’amende sur SecNumCloud",
        "",
        "L’éditeur Medilia fait appel de l’amende pour publicité mensongère.",
        "https://x.example/2",
        "2",
    )
    assert entry.reading is not None
    entry = replace(entry, reading=replace(entry.reading, published=world.now))
    poll(world.store, entry, feed=FEEDS[1], newsroom=NEWSROOM, now=world.now)
    ((lane, message, about),) = world.send()
    assert (lane, about) == ("flash", 1001)
    assert message.html.startswith("↪ <i>Suite</i> · <a ")

    reading = replace(entry.reading, url="https://y.example/3", url_keys=("y.example/3",))
    copy = replace(entry, key=replace(entry.key, key="3", url_keys=("y.example/3",)), reading=reading)
    poll(world.store, copy, feed=FEEDS[2], newsroom=NEWSROOM, now=world.now)
    ((lane, message, _),) = world.send()
    assert lane == "edit"
    assert message.html.startswith("↪ <i>Suite</i> · <a ")
    assert "+1 source" in message.html


def test_the_copy_of_old_news_is_no_news(world: World) -> None:
    world.article(0, TITLE, DISPATCH, muted=True)
    assert world.article(1, TITLE, DISPATCH).deliveries == 0
    assert world.send() == []


def test_a_chat_that_follows_later_is_not_told_of_copies(world: World) -> None:
    world.article(0, TITLE, DISPATCH)
    late = a_chat(world.store, 9)
    world.store.chats.follow(late.key, "essai", None, world.now)
    world.article(1, TITLE, DISPATCH)
    assert len(world.send()) == 1


def test_a_copy_that_matches_nothing_is_a_source_all_the_same(world: World) -> None:
    world.article(0, TITLE, DISPATCH)
    world.article(1, "Sans le mot", prose("dépêche", 200))
    assert "+1 source" in told(world.send())[0]


def test_a_text_lifted_later_makes_its_story_part_of_the_older_one(world: World) -> None:
    world.article(0, TITLE, DISPATCH)
    world.article(1, "Vers un cloud de confiance", "SecNumCloud : réservé aux abonnés de SecNumCloud.", key="mur")
    assert len({row[9] for row in world.rows("grouped")}) == 2
    lifted = an_entry("Vers un cloud de confiance", DISPATCH, "", "https://site1.example/mur", "mur")
    assert lifted.reading is not None
    changed = replace(lifted, key=replace(lifted.key, content="entier"))
    poll(world.store, changed, feed=FEEDS[1], newsroom=NEWSROOM, now=world.now)
    assert {row[9] for row in world.rows("grouped")} == {1}
    assert [row[8] for row in world.rows("grouped")] == [1, 1]


def test_a_chat_keeps_its_message_when_its_story_joins_an_older_one(world: World) -> None:
    world.article(0, TITLE, DISPATCH, muted=True)
    world.article(1, "Vers un cloud de confiance", "SecNumCloud : réservé aux abonnés de SecNumCloud.", key="mur")
    assert [lane for lane, _, _ in world.send()] == ["flash"]
    lifted = an_entry("Vers un cloud de confiance", DISPATCH, "", "https://site1.example/mur", "mur")
    changed = replace(lifted, key=replace(lifted.key, content="entier"))
    poll(world.store, changed, feed=FEEDS[1], newsroom=NEWSROOM, now=world.now)
    world.send()
    world.now += timedelta(hours=1)
    world.article(2, TITLE, DISPATCH)
    assert [lane for lane, _, _ in world.send()] == ["edit"], "it is not told of the same story twice"


def test_what_follows_a_message_that_leaves_with_another_title_names_that_one(world: World) -> None:
    lead = "La délibération autorise le Health Data Hub à mettre EMC2 chez Microsoft, malgré le SecNumCloud."
    world.article(0, "EMC2 : la CNIL donne son accord au Health Data Hub pour Microsoft", "", summary=lead)
    appeal = (
        "Un collectif veut faire suspendre l’accord donné au Health Data Hub pour EMC2 chez Microsoft (SecNumCloud)."
    )
    world.article(1, "EMC2 : un référé contre la CNIL et le Health Data Hub chez Microsoft", "", summary=appeal)
    earlier = "La CNIL autorise le Health Data Hub à mettre EMC2 chez Microsoft"
    world.article(2, earlier, "", summary=lead, published=NOW - timedelta(days=1))
    (_, first, _), (_, following, about) = world.send()
    assert f">{earlier}</a>" in first.html
    assert following.html.startswith("↪ <i>Suite</i> · <a ")
    assert about == 1001


def test_a_digest_has_one_line_a_story_and_never_again(world: World) -> None:
    for name in ENGINE.watchlists:
        world.store.chats.follow(world.chat.key, name, "daily", NOW)
    levels: dict[str, Level] = dict.fromkeys(ENGINE.watchlists, "daily")
    for n in range(4):
        world.article(n, TITLE, DISPATCH)
    window = world.store.digests.window(world.chat.key, ("daily",), levels)
    (item,) = window.items
    assert item.others == ("Source f1", "Source f2", "Source f3")
    world.store.digests.close(world.chat.key, ("daily",), "2026-11-24", window.cursor, NewDigest(), world.now)
    world.article(5, TITLE, DISPATCH)
    assert world.store.digests.window(world.chat.key, ("daily",), levels).items == ()


def test_a_flash_stands_once_in_the_digest_with_its_sources(world: World) -> None:
    levels: dict[str, Level] = dict.fromkeys(ENGINE.watchlists, "flash")
    world.article(0, TITLE, DISPATCH)
    world.article(1, TITLE, DISPATCH)
    (item,) = world.store.digests.window(world.chat.key, ("daily",), levels).items
    assert (item.flashed, item.article.id, item.others) == (True, ArticleId(1), ("Source f1",))


def test_what_the_message_shows_is_what_the_digest_the_next_edit_and_the_reasons_name(world: World) -> None:
    world.article(0, "SecNumCloud pour Nébulis", DISPATCH)
    world.article(1, TITLE, DISPATCH, published=NOW - timedelta(days=1))
    world.article(2, TITLE, DISPATCH)
    ((_, message, _),) = world.send()
    assert f">{TITLE}</a>" in message.html, "the first to be published, since nobody had seen the other"
    (item,) = world.store.digests.window(world.chat.key, ("daily",), dict.fromkeys(ENGINE.watchlists, "flash")).items
    assert item.article.id == ArticleId(2)
    world.article(3, "Encore plus tôt", DISPATCH, published=NOW - timedelta(days=2))
    ((lane, message, _),) = world.send()
    assert lane == "edit"
    assert f">{TITLE}</a>" in message.html, "what was seen stays"
    facts = world.store.traces.of_article(ArticleId(1), world.chat.key)
    assert facts.article is not None
    assert facts.article.id == ArticleId(2)


def test_sources_are_counted_since_the_flash_has_left(world: World) -> None:
    def later() -> int:
        levels: dict[str, Level] = dict.fromkeys(ENGINE.watchlists, "flash")
        (item,) = world.store.digests.window(world.chat.key, ("daily",), levels).items
        return item.later

    world.article(0, TITLE, DISPATCH)
    world.article(1, TITLE, DISPATCH)
    assert later() == 0, "it has yet to leave, and names them"
    world.send()
    assert later() == 0, "it named them as it left"
    world.article(2, TITLE, DISPATCH)
    world.article(2, TITLE, DISPATCH, key="twice")
    assert later() == 1


def test_a_weekly_digest_knows_the_dossiers_that_its_stories_take_further(world: World) -> None:
    levels: dict[str, Level] = dict.fromkeys(ENGINE.watchlists, "weekly")
    for n in range(3):
        world.article(n, TITLE, DISPATCH)
    world.article(4, "Le Cloud Act en procès", prose("autre", 150))
    with world.store.database.write() as connection:
        assert lines.ongoing(connection, world.store.digests.window(world.chat.key, ("weekly",), levels).items) == ()
        connection.execute(schema.story.update().where(schema.story.c.id == 4).values(dossier_id=1, follows=1))
    (moved,) = world.store.digests.window(world.chat.key, ("weekly",), levels).ongoing
    assert (moved.title, moved.stories, moved.sources, moved.last) == (TITLE, 2, 4, NOW - timedelta(hours=1))
    assert world.store.digests.window(world.chat.key, ("daily",), levels).ongoing == ()


@pytest.mark.parametrize("level", ["daily", "flash"])
def test_a_digest_opened_again_has_the_same_lines(world: World, level: Level) -> None:
    world.store.chats.unfollow(world.chat.key, "autre")
    for n in range(3):
        world.article(n, TITLE, f"{DISPATCH} Le Cloud Act en toile de fond.")
    levels: dict[str, Level] = dict.fromkeys(ENGINE.watchlists, level)
    window = world.store.digests.window(world.chat.key, ("daily",), levels)
    told = compose.arrange(window.items, ENGINE.watchlists)
    kept = compose.Printer(ENGINE.watchlists, world.now).digest(window, world.chat, ("daily",), "2026-11-24").kept
    assert kept is not None
    items = world.store.digests.items([line[0] for line in kept.lines], (world.chat.key, 0))
    again = compose.recall(kept, items, ["essai"])
    assert again == told
    assert [(line.item.others, len(line.item.matches)) for line in again] == [(("Source f1", "Source f2"), 1)]


def test_every_matched_article_has_a_story_and_every_decision_a_reason(world: World) -> None:
    for n in range(12):
        world.article(n, f"SecNumCloud {prose(n % 5, 6)}", prose(n % 5, 100))
    assert all(row[9] is not None for row in world.rows("grouped"))
    decisions = world.rows("decision")
    assert {row[0] for row in decisions} == set(range(1, 13))
    assert all(row[3] and json.loads(row[5]) is not None and len(row[6]) == 12 for row in decisions)


def history(world: World) -> None:
    for n in range(24):
        world.article(n % 7, f"SecNumCloud {prose(n % 9, 7)}", f"{prose(n % 9, 90)} {prose('pied', 30)}", key=f"{n}")


TABLES = ("grouped", "fingerprint", "boilerplate", "story", "topic_day", "decision")


def test_the_same_entries_give_the_same_rows(world: World, tmp_path: Path) -> None:
    history(world)
    other = open_store(tmp_path / "again.db")
    other.feeds.sync([a_feed(feed) for feed in FEEDS], NOW)
    again = World(other, a_chat(other))
    history(again)
    assert all(world.rows(table) == again.rows(table) for table in TABLES)
    other.close()


class Killed(Exception):
    """The process ended here."""


def test_a_commit_that_fails_leaves_no_story_in_memory(tmp_path: Path) -> None:
    """A disk that is full refuses there. What was to be kept is told again, and must not find itself."""

    def decided(failing: int) -> tuple[list[Any], bool]:
        left = failing

        def fail(_: Connection) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                raise Killed

        (tmp_path / f"{failing}").mkdir()
        with opened(tmp_path / f"{failing}") as world:
            world.article(0, "Cirrova parle de SecNumCloud", prose("autre", 90))
            at = world.now
            event.listen(engine_of(world.store), "commit", fail)
            with suppress(Killed):
                world.article(1, TITLE, DISPATCH)
            event.remove(engine_of(world.store), "commit", fail)
            if left == 0:
                world.store.feeds.release_all()
                world.now = at
                world.article(1, TITLE, DISPATCH)
            return world.rows("decision"), left == 0

    calm, _ = decided(0)
    tried = [decided(failing) for failing in range(1, 7)]
    assert [failed for _, failed in tried[:3]] == [True] * 3
    assert all(decisions == calm for decisions, _ in tried)


def test_a_kill_between_any_two_statements_leaves_all_of_an_entry_or_none(world: World) -> None:
    world.article(0, TITLE, DISPATCH)
    tables = (*TABLES, "article", "delivery", "announcement")
    before = {table: world.rows(table) for table in tables}
    left = 0

    def die(*_: Any) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Killed

    for statements in itertools.count(1):
        left = statements
        try:
            with before_each(world.store, die):
                world.article(1, TITLE, DISPATCH)
        except Killed:
            assert {table: world.rows(table) for table in tables} == before
            world.store.feeds.release_all()
        else:
            break
    assert statements > 30
    (message,) = told(world.send())
    assert "+1 source" in message


def test_a_feed_may_opt_out(world: World) -> None:
    world.article(0, TITLE, DISPATCH)
    entry = replace(
        an_entry(TITLE, DISPATCH, "", "https://b.example/1", "b"),
        traits=grouping.alone(Article(url="https://b.example/1")),
    )
    assert poll(world.store, entry, feed=FEEDS[1], newsroom=NEWSROOM, now=world.now).deliveries == 1
    assert len({row[9] for row in world.rows("grouped")}) == 2


def test_a_hash_finds_no_more_articles_than_a_crowd(world: World) -> None:
    world.article(0, TITLE, DISPATCH)
    hashes = {row[0] for row in world.rows("fingerprint")}
    with world.store.database.write() as connection:
        rows = [{"h": h, "article_id": 1_000 + n} for h in hashes for n in range(stories.CROWD - 2)]
        connection.execute(schema.fingerprint.insert(), rows)
    for n in (1, 2, 3):
        world.article(n, TITLE, DISPATCH)
    counts = Counter(row[0] for row in world.rows("fingerprint"))
    assert set(counts.values()) == {stories.CROWD}
    assert [row[8] for row in world.rows("grouped")] == [1, 1, 1, 1], "found all the same"


def test_old_fingerprints_go_and_groups_stay(world: World) -> None:
    history(world)
    groups = [(row[0], row[8], row[9]) for row in world.rows("grouped")]
    world.store.prune(NOW + timedelta(days=59))
    assert world.rows("fingerprint")
    world.store.prune(NOW + timedelta(days=61))
    assert world.rows("fingerprint") == []
    world.store.prune(NOW + timedelta(days=91))
    assert world.rows("boilerplate") == []
    assert [(row[0], row[8], row[9]) for row in world.rows("grouped")] == groups
    world.store.prune(NOW + timedelta(days=400))
    assert world.rows("topic_day") == []


# --- revisions -----------------------------------------------------------------------------------------------------
def revise(world: World, feed: int, key: str, title: str, text: str, summary: str = "") -> list[tuple[str, str]]:
    """The feed has the entry again, changed; what goes out, as (lane, text)."""
    world.now += timedelta(hours=1)
    entry = an_entry(title, text, summary, f"https://site{feed}.example/{key}", key)
    changed = replace(entry, key=replace(entry.key, content=f"{title}{summary}{text}{world.now}"))
    poll(world.store, changed, feed=FEEDS[feed], newsroom=NEWSROOM, now=world.now)
    sent = world.send()
    return [(lane, said) for (lane, _, _), said in zip(sent, told(sent), strict=True)]


FINE = "SecNumCloud : amende de 1 500 euros pour Medilia"


def test_a_title_that_is_corrected_is_edited_in_silence(world: World) -> None:
    world.article(0, "SecNumCloud : amande de 1.500 euros pour Medilia", DISPATCH, key="k")
    world.send()
    ((lane, said),) = revise(world, 0, "k", FINE, DISPATCH)
    assert lane == "edit"
    assert FINE in said


def test_a_figure_that_changes_is_answered_once(world: World) -> None:
    world.article(0, FINE, DISPATCH, key="k")
    world.send()
    other = FINE.replace("1 500", "2 000")
    reply, edit = sorted(revise(world, 0, "k", other, DISPATCH), reverse=True)
    assert reply[0] == "flash"
    assert "L’article a changé\u00a0: «\u00a02 000\u00a0»" in reply[1]
    assert f"Avant\u00a0: {FINE}" in reply[1]
    assert edit[0] == "edit"
    assert other in edit[1]
    for title in (FINE, other, FINE, other):  # back and forth
        revise(world, 0, "k", title, DISPATCH)
    assert len([row for row in world.rows("announcement") if "revision" in row]) == 2


def test_a_decision_that_is_reversed_is_answered(world: World) -> None:
    world.article(0, "SecNumCloud : l’Anssi autorise Nébulis", DISPATCH, key="k")
    world.send()
    sent = revise(world, 0, "k", "SecNumCloud : l’Anssi n’autorise pas Nébulis", DISPATCH)
    assert [lane for lane, _ in sent] == ["flash", "edit"]
    assert "n’autorise" in sent[0][1]


def test_a_term_that_appears_is_answered(world: World) -> None:
    world.article(0, TITLE, DISPATCH, key="k")
    world.send()
    sent = revise(world, 0, "k", f"{TITLE}, hors du Cloud Act", DISPATCH)
    assert [lane for lane, _ in sent] == ["flash", "edit"]
    assert "Cloud Act" in sent[0][1]


def test_a_figure_that_the_story_has_told_is_not_told_again(world: World) -> None:
    world.article(0, FINE, DISPATCH, key="k")
    world.article(1, FINE.replace("1 500", "2 000"), DISPATCH)
    world.send()
    assert {lane for lane, _ in revise(world, 0, "k", FINE.replace("1 500", "2 000"), DISPATCH)} <= {"edit"}


def test_a_revision_of_a_message_that_has_yet_to_leave_leaves_with_it(world: World) -> None:
    world.article(0, FINE, DISPATCH, key="k")
    ((lane, said),) = revise(world, 0, "k", FINE.replace("1 500", "2 000"), DISPATCH)
    assert (lane, "2 000" in said) == ("flash", True)


def test_an_official_source_that_is_revised_does_not_join_again(world: World) -> None:
    world.article(0, TITLE, DISPATCH)
    world.send()
    entry = {"host": "cnil.fr", "key": "k"}
    world.article(1, "SecNumCloud : décision", DISPATCH, **entry)
    assert [lane for lane, _, _ in world.send()] == ["flash", "edit"]
    world.now += timedelta(days=2)
    changed = an_entry("SecNumCloud : la décision", DISPATCH, "", "https://cnil.fr/k", "k")
    changed = replace(changed, key=replace(changed.key, content="2"))
    poll(world.store, changed, feed=FEEDS[1], newsroom=NEWSROOM, now=world.now)
    assert [lane for lane, _, _ in world.send() if lane == "flash"] == []


def test_a_digest_has_the_latest_title(world: World) -> None:
    for name in ENGINE.watchlists:
        world.store.chats.follow(world.chat.key, name, "daily", NOW)
    world.article(0, FINE, DISPATCH, key="k")
    revise(world, 0, "k", FINE.replace("1 500", "2 000"), DISPATCH)
    levels: dict[str, Level] = dict.fromkeys(ENGINE.watchlists, "daily")
    (item,) = world.store.digests.window(world.chat.key, ("daily",), levels).items
    assert item.article.title == FINE.replace("1 500", "2 000")


QUIET_TITLES = (
    "SecNumCloud : Nébulis sera-t-il qualifié ?",  # a question
    "Pourquoi Nébulis veut la qualification SecNumCloud",
    "Tribune : Nébulis et SecNumCloud, un choix",
    "Webinaire : SecNumCloud, le cas Nébulis",
)


def places(world: World) -> Iterator[tuple[str, int, int]]:
    """The lane, chat and topic of what goes out now."""
    while due := world.store.outbox.claim(world.now, "run", 9):  # one of a chat at a time
        for each in due:
            world.store.outbox.sent(each.id, 1000 + each.id, world.now)
            yield each.lane, each.chat.key, each.thread


@pytest.mark.parametrize("title", QUIET_TITLES)
@pytest.mark.parametrize("hours", [0, 60])
def test_a_story_that_becomes_news_rings_then_once_in_each_place(world: World, title: str, hours: int) -> None:
    group = world.store.chats.arrive(-100, "supergroup", "fr", NOW)
    world.store.chats.follow(group.key, "essai", None, NOW)
    world.store.chats.follow(group.key, "essai", None, NOW, thread=7)
    world.article(0, title, DISPATCH)
    assert world.send() == [], "a line of the digest"
    world.now += timedelta(hours=hours)
    world.article(1, TITLE, DISPATCH, published=world.now)
    rung = list(places(world))
    assert sorted(rung) == [("flash", world.chat.key, 0), ("flash", group.key, 0), ("flash", group.key, 7)]
    for n in range(2, 5):
        world.now += timedelta(hours=16)
        world.article(n, f"{TITLE}, selon le site {n}", DISPATCH, published=world.now)
        assert "flash" not in {lane for lane, _, _ in places(world)}, "later angles of one event do not ring again"
