"""The moments that people name, in the words they use, in both languages."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.days import FutureSpan, ReversedSpan, UnreadSpan, end_told, moment, span_between, span_of
from storage.changes.model import Span

NOW = datetime(2026, 11, 28, 21, 5, tzinfo=UTC)  # a Saturday
PARIS = "Europe/Paris"


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0, summer: bool = False) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=2 if summer else 1)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("2026-10-01", local(2026, 10, 1, summer=True)),
        ("le 1er octobre", local(2026, 10, 1, summer=True)),
        ("depuis le 1er octobre ?", local(2026, 10, 1, summer=True)),
        ("1 oct.", local(2026, 10, 1, summer=True)),
        ("Octobre", local(2026, 10, 1, summer=True)),
        ("début octobre", local(2026, 10, 1, summer=True)),
        ("01/10", local(2026, 10, 1, summer=True)),
        ("1/10/25", local(2025, 10, 1, summer=True)),
        ("October 1st", local(2026, 10, 1, summer=True)),
        ("the 1st of October, 2025", local(2025, 10, 1, summer=True)),
        ("31 décembre", local(2025, 12, 31)),
        ("mardi 24 novembre 2026", local(2026, 11, 24)),
        ("29 février", local(2024, 2, 29)),
        ("hier", local(2026, 11, 27)),
        ("avant-hier", local(2026, 11, 26)),
        ("yesterday", local(2026, 11, 27)),
        ("aujourd’hui", local(2026, 11, 28)),
        ("lundi", local(2026, 11, 23)),
        ("samedi", local(2026, 11, 21)),
        ("samedi dernier", local(2026, 11, 21)),
        ("last monday", local(2026, 11, 23)),
        ("7 jours", local(2026, 11, 21)),
        ("les 7 derniers jours", local(2026, 11, 21)),
        ("il y a trois semaines", local(2026, 11, 7)),
        ("2 months ago", local(2026, 9, 28, summer=True)),
        ("30j", local(2026, 10, 29)),
        ("la semaine dernière", local(2026, 11, 16)),
        ("this week", local(2026, 11, 23)),
        ("le mois dernier", local(2026, 10, 1, summer=True)),
        ("2025", local(2025, 1, 1)),
        ("hier à 18h30", local(2026, 11, 27, 18, 30)),
        ("2026-10-01T14:30", local(2026, 10, 1, 14, 30, summer=True)),
        ("14h", local(2026, 11, 28, 14)),
        ("23h", local(2026, 11, 27, 23)),
        ("48 heures", NOW - timedelta(hours=48)),
    ],
)
def test_a_moment_is_read_as_it_is_said(words: str, meant: datetime) -> None:
    assert moment(words, NOW, PARIS) == meant


@pytest.mark.parametrize(
    "words", ["", "xyz", "le 30 février", "99999 jours", "9999-99-99", "0 jours", "octobruary", "hier xyz", "é" * 999]
)  # fmt: skip
def test_what_names_no_moment_is_no_moment(words: str) -> None:
    assert moment(words, NOW, PARIS) is None
    assert span_between(words, "", NOW, PARIS) == UnreadSpan(words)


def test_a_span_ends_with_the_whole_of_its_last_day_or_now() -> None:
    october = Span(local(2026, 10, 1, summer=True), local(2026, 11, 1))
    assert span_between("1er octobre", "31 octobre", NOW, PARIS) == october
    assert span_between("hier", "", NOW, PARIS) == Span(local(2026, 11, 27), NOW)
    assert span_between("hier", "demain", NOW, PARIS) == Span(local(2026, 11, 27), NOW)
    assert span_between("hier 8h", "hier 18h", NOW, PARIS) == Span(local(2026, 11, 27, 8), local(2026, 11, 27, 18))


def test_a_span_in_the_future_or_reversed_is_said_to_be() -> None:
    assert span_between("demain", "", NOW, PARIS) == FutureSpan(local(2026, 11, 29))
    assert span_between("2027-01-01", "", NOW, PARIS) == FutureSpan(local(2027, 1, 1))
    assert isinstance(span_between("hier", "lundi", NOW, PARIS), ReversedSpan)
    assert span_between("hier", "on verra", NOW, PARIS) == UnreadSpan("on verra")


@given(st.text(max_size=80), st.sampled_from(["Europe/Paris", "America/New_York", "Pacific/Apia"]))
def test_whatever_is_written_it_is_a_moment_or_none(words: str, zone: str) -> None:
    found = moment(words, NOW, zone)
    assert found is None or found.tzinfo == UTC


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("du 26 mars au 30 mars", (3, 26), (3, 30)),
        ("du 26 au 30 mars", (3, 26), (3, 30)),
        ("du 1er au 15 avril", (4, 1), (4, 15)),
        ("de mars à avril", (3, 1), (4, 1)),
        ("entre le 2 juin et le 3 juin", (6, 2), (6, 3)),
        ("du 02/06 au 03/06", (6, 2), (6, 3)),
        ("from 26 March to 30 March", (3, 26), (3, 30)),
        ("between 1 june and 3 june", (6, 1), (6, 3)),
        ("Du 26 Mars AU 30 Mars", (3, 26), (3, 30)),
        ("26 mars au 30 mars", (3, 26), (3, 30)),
        ("2026-03-26 to 2026-03-30", (3, 26), (3, 30)),
        ("du 26 mars à 9h au 30 mars", (3, 26), (3, 30)),
        ("d’octobre à novembre", (10, 1), (11, 1)),
    ],
)
def test_a_span_may_be_named_by_both_its_ends_and_its_last_day_is_in_it(
    words: str, first: tuple[int, int], last: tuple[int, int]
) -> None:
    found = span_of(words, NOW, "UTC")
    assert isinstance(found, Span)
    assert (found.start.month, found.start.day) == first
    end = found.end - timedelta(seconds=1)
    assert (end.month, end.day) == last


def test_an_end_that_has_not_come_ends_the_span_now() -> None:
    friday = datetime(2026, 11, 27, 9, tzinfo=UTC)
    for words in ("du 20 au 30 novembre", "du lundi au vendredi", "du 20 novembre au 15 décembre"):
        found = span_of(words, friday, "UTC")
        assert isinstance(found, Span), words
        assert found.end == friday


def test_an_end_at_midnight_is_told_as_of_the_day_before() -> None:
    assert end_told(local(2026, 11, 28), PARIS) == local(2026, 11, 27, 23, 59)
    assert end_told(NOW, PARIS) == NOW


def test_an_end_that_is_no_day_is_the_one_that_is_told() -> None:
    assert span_of("du 26 mars au bazar", NOW, "UTC") == UnreadSpan("bazar")
    assert isinstance(span_of("du 30 mars au 26 mars", NOW, "UTC"), ReversedSpan)
    assert span_of("début octobre", NOW, "UTC") == span_between("début octobre", "", NOW, "UTC")


@pytest.mark.parametrize("opening", ["de", "from", "entre lundi", "du 3"])
def test_a_span_written_with_a_message_of_blanks_is_read_in_one_pass(opening: str) -> None:
    assert isinstance(span_of(f"{opening}{' ' * 4_000}?", NOW, PARIS), UnreadSpan)


def test_blanks_between_the_words_of_a_span_change_nothing() -> None:
    assert span_of("du  3   au\n5 novembre", NOW, PARIS) == span_of("du 3 au 5 novembre", NOW, PARIS)
