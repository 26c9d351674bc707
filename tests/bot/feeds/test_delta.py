"""Reading only what is new in a document gives what reading the whole would give, or is not done at all."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.feeds import parse
from bot.feeds.memory import EPOCH, Mark, Memory
from bot.model import Document
from tests.bot.feeds.test_parse import URL, atom, item, rss

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def read(text, memory=None, now=NOW, content_type="text/xml", **given):
    body = text if isinstance(text, bytes) else text.encode()
    answer = parse.parse(body, content_type, URL, memory, now, **given)
    assert isinstance(answer, Document), answer
    return answer


def then(first, second, later=HOUR, **given):
    """What a second document gives after a first."""
    return read(second, read(first).memory, NOW + later, **given)


def titles(document):
    return [entry.title for entry in document.entries]


def items(*numbers):
    return [item(number) for number in numbers]


# --- only what is new ----------------------------------------------------------------------------------------------
def test_only_new_items_are_given_and_the_others_counted():
    second = then(rss(*items(1, 2, 3)), rss(*items(4, 1, 2), head="<pubDate>now</pubDate>"))
    assert (titles(second), second.known) == (["Titre 4"], 2)


def test_an_item_that_changed_by_a_letter_is_given_again():
    second = then(rss(*items(1, 2)), rss(item(1, title="Titre 1 !"), item(2)))
    assert (titles(second), second.known) == (["Titre 1 !"], 1)


def test_a_document_of_which_all_is_known_gives_nothing_and_no_order_matters():
    second = then(rss(*items(1, 2, 3)), rss(*items(3, 1, 2)))
    assert (second.entries, second.known, second.complete) == ((), 3, True)


def test_an_item_that_leaves_and_comes_back_is_given_again_under_its_key():
    first, second = read(rss(*items(1, 2))), None
    second = read(rss(item(2)), first.memory, NOW + HOUR)
    third = read(rss(*items(1, 2)), second.memory, NOW + 2 * HOUR)
    assert [entry.key for entry in third.entries] == ["1"]


def test_the_wishes_are_read_each_time():
    head = "<ttl>90</ttl><skipHours><hour>0</hour><hour>23</hour></skipHours><skipDays><day>Sunday</day></skipDays>"
    second = then(rss(item(1)), rss(item(1), head=head))
    assert (second.ttl, second.skip_hours, second.skip_days) == (90 * HOUR / 60, 1 << 23 | 1, 1 << 6)


def test_a_226_adds_to_what_is_known():
    first = read(rss(*items(1, 2)))
    second = read(rss(item(3)), first.memory, NOW + HOUR, additive=True)
    assert (titles(second), second.known) == (["Titre 3"], 2)
    third = read(rss(*items(1, 2, 3)), second.memory, NOW + 2 * HOUR)
    assert (third.entries, third.known) == ((), 3)


# --- guards: all is read, and nothing is counted as known ----------------------------------------------------------
@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(rss(*items(1, 2)).replace("</guid></item>", "</gid></item>", 1), rss(*items(3, 1, 2)),
                     id="the last document was malformed"),
        pytest.param(rss(*items(1, 2)), rss(*items(3, 1, 2)).replace("version='2.0'", "version='0.92'"),
                     id="another root tag"),
        pytest.param(rss(*items(1, 2)), rss(*items(3, 1, 2), declaration=""), id="another prolog"),
        pytest.param(rss(*items(1, 2)), rss(*items(3, 1, 2)).replace("</item>", "", 1), id="an end is missing"),
        pytest.param(rss(*items(1, 2)), rss("<item>", *items(3, 1, 2), "</item>"), id="items in items"),
        pytest.param(rss(*items(1, 2)), rss(item(3, more="<a></b>"), *items(1, 2)), id="the new item is malformed"),
        pytest.param(rss(*items(1, 2)), rss(*items(3, 1, 2))[:-20], id="cut"),
        pytest.param(rss(item(1, guid="same"), item(2)), rss(item(3, guid="same"), item(1, guid="same"), item(2)),
                     id="a new item has the key of a known one"),
        pytest.param(rss(*items(1, 2)).encode("utf-16"), rss(*items(3, 1, 2)).encode("utf-16"), id="a wide charset"),
    ],
)  # fmt: skip
def test_where_it_might_read_otherwise_the_whole_is_read(first, second):
    delta, whole = then(first, second), read(second)
    assert delta.known == 0
    assert titles(delta) == titles(whole)
    assert len({entry.key for entry in delta.entries}) == len(whole.entries)


def test_another_declared_charset_is_read_whole():
    second = then(rss(item(1)), rss(item(1)), content_type="text/xml; charset=utf-8")
    assert second.known == 0


def test_once_a_day_the_whole_is_read():
    assert then(rss(item(1)), rss(item(1)), later=23 * HOUR).known == 1
    assert then(rss(item(1)), rss(item(1)), later=25 * HOUR).known == 0
    assert then(rss(item(1)), rss(item(1)), later=-HOUR).known == 0, "nor is a memory of the future believed"


def test_where_nothing_is_known_nothing_is_saved():
    assert then(rss(*items(1, 2)), rss(*items(3, 4))).title == "Le flux", "the whole is read, channel included"


# --- equality ------------------------------------------------------------------------------------------------------
documents = st.lists(st.lists(st.integers(0, 12), unique=True, max_size=6), min_size=2, max_size=5)


@settings(max_examples=25)
@given(documents, st.booleans())
def test_a_feed_that_grows_and_shrinks_gives_each_of_its_entries_as_a_whole_reading_would(history, as_atom):
    def made(numbers):
        if not as_atom:
            return rss(*items(*numbers))
        return atom(*(f"<entry><id>t:{n}</id><title>Titre {n}</title><link href='/{n}'/></entry>" for n in numbers))

    memory, now = None, NOW
    for numbers in history:
        delta, whole = read(made(numbers), memory, now), read(made(numbers))
        assert delta.known + len(delta.entries) == len(whole.entries)
        by_key = {entry.key: entry for entry in whole.entries}
        for entry in delta.entries:
            assert replace(entry, shares_link=False) == by_key[entry.key]
        memory, now = delta.memory, now + HOUR


# --- memory --------------------------------------------------------------------------------------------------------
def test_a_memory_is_written_and_read_again():
    memory = Memory.read(read(rss(*items(1, 2, 3))).memory)
    assert len(memory.marks) == 3
    assert Memory.read(memory.write()) == memory


@pytest.mark.parametrize("text", [None, "", "{", "[]", "[9]", '[1,"guid",null,"",0,"*"]', '[1,"x",null,"",0,""]', "5"])
def test_a_memory_that_cannot_be_read_is_forgotten(text):
    assert Memory.read(text) == Memory()
    assert read(rss(item(1)), text).known == 0


def test_a_memory_of_an_older_version_is_read():
    marks = (Mark(b"1" * 8, b"2" * 8), Mark(b"3" * 8))
    version, *rest, packed = json.loads(Memory("link", marks=marks).write())
    older = json.dumps([version - 1, *rest, base64.b85encode(base64.b64decode(packed)).decode()])
    assert Memory.read(older) == Memory("link", marks=marks)


def test_a_policy_changes_for_two_whole_readings_in_a_row_only():
    memory = Memory().settled("guid", NOW)
    once = memory.settled("link", NOW + HOUR)
    assert (once.policy, once.rival) == ("guid", "link")
    assert once.settled("guid", NOW).rival is None
    assert once.settled("guid+link", NOW).policy == "guid"
    assert once.settled("link", NOW).policy == "link"
    assert Memory().read_at == EPOCH, "the first reading decides at once"
