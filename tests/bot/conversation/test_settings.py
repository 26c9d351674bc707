from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import settings, settings_view
from bot.conversation.commands import Task, decide
from bot.conversation.model import Request, View
from bot.messages.callback_data import Place, Press, build, parse
from bot.messages.texts import LANGUAGES
from bot.model import Button, Incoming, Message
from storage.chats.model import Chat, Choices
from tests.bot.digest.builders import WATCHLISTS, chat
from tests.bot.digest.telegram_html import read

MENUS = ("", "h", "d", "q", "qf", "qt", "p", "l", "z")


def view(language: Any = "fr", place: Place | None = None, **changes: Any) -> View:
    return View(language, WATCHLISTS, chat(language=language, **changes), place=place)


def pressed(data: str, held: View | None = None) -> Task:
    incoming = Incoming("press", 555, "private", user=555, callback="c", data=data, message=3)
    task = decide(Request(incoming, held or view(), may_change=True))
    assert task is not None
    return task


def chosen(data: str, held: View | None = None) -> Choices | None:
    """What the button sets."""
    press = parse(data)
    assert press is not None
    task = pressed(data, held)
    wished = settings.wish(replace(task.request, press=press))
    return wished[1] if wished else None


def drawn(name: str, held: View | None = None) -> Message:
    message = settings_view.menu(held or view(), name)
    assert message is not None
    return message


def keys(message: Message) -> list[Button]:
    return [button for row in message.buttons for button in row]


def labels(message: Message) -> list[list[str]]:
    return [[button.text for button in row] for row in message.buttons]


def test_the_first_menu_shows_every_present_value_and_what_was_never_changed() -> None:
    assert labels(drawn("")) == [
        ["Veilles suivies\u00a0: 0"],
        ["08:00 ↩", "tous les jours ↩"],
        ["Silence\u00a0: aucun ↩"],
        ["Plafonds\u00a0: 5/h, 15/j ↩"],
        ["Métier\u00a0: tous les métiers ↩"],
        ["Digest vide\u00a0: oui ↩", "Aperçu\u00a0: oui ↩"],
        ["Langue\u00a0: français", "Paris ↩"],
        ["Mes groupes et canaux"],
    ]
    assert read(drawn("").html).text.splitlines() == [
        "Réglages", "Digests à 08:00, tous les jours.", "↩\u00a0: réglage d’origine, jamais changé.",
    ]  # fmt: skip


def test_what_was_changed_bears_no_mark() -> None:
    held = view(
        digest_at=450,
        days="135",
        quiet_from=1200,
        quiet_to=480,
        per_hour=1,
        empty_line=False,
        timezone="Pacific/Noumea",
        role="editeur",
    )
    assert labels(drawn("", held))[1:] == [
        ["08:00", "lun. mer. ven."],
        ["Silence\u00a0: 20:00–08:00"],
        ["Plafonds\u00a0: 1/h, 15/j"],
        ["Métier\u00a0: éditeur de logiciels"],
        ["Digest vide\u00a0: non", "Aperçu\u00a0: oui ↩"],
        ["Langue\u00a0: français", "Nouméa"],
        ["Mes groupes et canaux"],
    ]


def reached(target: str, label: str, held: View) -> Chat:
    """The chat after pressing, in the menu `target`, the button with this label."""
    assert held.chat is not None
    (data,) = {key.data for key in keys(drawn(target, held)) if key.text == label}
    choices = chosen(data or "", held)
    assert choices is not None
    given = {name: value for name in Choices.__slots__ if (value := getattr(choices, name)) is not None}
    return replace(held.chat, **given)


@pytest.mark.parametrize(
    ("target", "label", "changed"),
    [
        ("h", "07:00", {"digest_at": 420}),
        ("h", "08:15", {"digest_at": 495}),
        ("d", "jours ouvrés", {"days": "open"}),
        ("d", "lun.", {"days": "1"}),
        ("q", "20:00–08:00", {"quiet_from": 1200, "quiet_to": 480}),
        ("q", "toujours", {"quiet_from": 0, "quiet_to": 1440}),
        ("q", "Un flash attend le digest", {"quiet_flash": "wait"}),
        ("p", "20", {"per_hour": 20}),
        ("p", "60", {"per_day": 60}),
        ("l", "English", {"language": "en"}),
        ("z", "La Réunion", {"timezone": "Indian/Reunion"}),
        ("", "Digest vide\u00a0: oui ↩", {"empty_line": False}),
        ("", "Aperçu\u00a0: oui ↩", {"preview": False}),
        ("h", "/digest\u00a0: montre seulement ↩", {"digest_closes": True}),
    ],
)
def test_two_presses_set_a_value_without_a_word_typed(target: str, label: str, changed: dict[str, Any]) -> None:
    assert reached(target, label, view()) == chat(**changed)


def test_days_are_chosen_one_by_one_and_never_none() -> None:
    held = view(days="13")
    assert reached("d", "ven.", held).days == "135"
    assert reached("d", "✓ mer.", held).days == "1"
    assert reached("d", "✓ lun.", view(days="1")).days == "1"
    assert reached("d", "dim.", view(days="123456")).days == "all"


def test_holidays_are_asked_for_with_working_days_alone() -> None:
    assert "Fériés d’Alsace-Moselle" in str(labels(drawn("d", view(days="open"))))
    assert "Fériés" not in str(labels(drawn("d")))
    assert reached("d", "Fériés d’Alsace-Moselle", view(days="open")).holidays == "alsace"


def test_quiet_hours_are_moved_at_both_ends() -> None:
    held = view(quiet_from=1200, quiet_to=480)
    assert labels(drawn("q", held))[2] == ["De 20:00", "à 08:00"]
    assert (reached("qf", "23:00", held).quiet_from, reached("qf", "23:00", held).quiet_to) == (1380, 480)
    assert (reached("qt", "06:00", held).quiet_from, reached("qt", "06:00", held).quiet_to) == (1200, 360)
    assert len(labels(drawn("q"))) == 6, "without quiet hours there are no ends to move"


def test_an_hour_within_quiet_hours_says_when_the_digest_really_comes() -> None:
    held = view(quiet_from=1200, quiet_to=540)
    assert "le digest vient à 09:00" in drawn("h", held).html


def test_the_present_value_is_marked_everywhere() -> None:
    for name in ("h", "d", "p", "l", "z", "q"):
        assert any(button.text.startswith("✓ ") for button in keys(drawn(name)))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", MENUS)
@pytest.mark.parametrize("place", [None, Place(2**63 - 1, 2**63 - 1)])
def test_every_button_of_every_menu_fits_answers_and_keeps_its_place(
    language: Any, name: str, place: Place | None
) -> None:
    for days in ("open", "2"):
        for key in keys(drawn(name, view(language, place, days=days, quiet_from=1200, quiet_to=480))):
            data = key.data or ""
            press = parse(data)
            assert len(data.encode()) <= 64
            assert len(key.text) <= 30
            assert press is not None
            assert press.place == place
            assert "a changé" not in pressed(data).notice


def test_each_menu_leads_back() -> None:
    for name in MENUS[1:]:
        assert keys(drawn(name))[-1].text == "‹ Retour"


@given(st.sampled_from("hdjqkpelvz") | st.sampled_from(["qf", "qt", "ph", "pd"]), st.text("0123456789", max_size=8))
def test_a_value_that_no_menu_offers_changes_nothing_odd(target: str, value: str) -> None:
    choices = chosen(build(Press("g", target, value))) if value else None
    if choices is not None and choices.digest_at is not None:
        assert 0 <= choices.digest_at < 1440
    if choices is not None and choices.days is not None:
        assert choices.days == "all" or set(choices.days) < set("1234567")


@pytest.mark.parametrize(
    "data", ["1g.d.11", "1g.d.8", "1g.q.1", "1g.q.15000000", "1g.k.loud", "1g.ph.7", "1g.z.berlin"]
)
def test_a_value_out_of_bounds_is_a_stale_button(data: str) -> None:
    assert pressed(data).notice == "Ce menu a changé, le voici."
