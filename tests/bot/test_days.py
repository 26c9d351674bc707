"""The moments that people name, in the words they use, in both languages."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.days import FutureSpan, ReversedSpan, UnreadSpan, moment, span_between
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
