"""A stranger's words pass for nothing of ours."""

import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.digest import render
from bot.messages import texts
from bot.messages.forged import harmless, imitating, unmarked
from storage.articles.model import StoredArticle
from storage.ids import ArticleId

MESSAGES = Path(texts.__file__).parent

INVISIBLE = [
    "\x1b[31m",
    "\x9b31m",
    "\u202e",
    "\u2066",
    "\u200f",
    "\ufeff",
    "\x07",
    "\x08",
    "\r",
    "\u2060",
    "\U000e0041",
    "\x7f",
    "\u2028",
    "\U0001d173",
    "\U0001bca0",
    "\U00013430",
]
LETTERS = "Hôpital d’Évreux : « 1 500 € », l'œuvre n° 3 – 50 % – naïve – Ελλάδα – Україна – 東京 – עברית – العربية"


@pytest.mark.parametrize("sign", INVISIBLE)
def test_what_cannot_be_seen_is_gone(sign: str) -> None:
    assert harmless(f"a{sign}b").isprintable()


def test_a_separator_of_lines_parts_words_and_begins_no_line() -> None:
    assert harmless("une phrase\u2028Vigie\u2029: fausse ligne") == "une phrase Vigie : fausse ligne"


@pytest.mark.parametrize("text", [LETTERS, "deux\nlignes\tet une", "e\u0301", "soft\u00adhyphen", "👩\u200d🚒"])
def test_words_of_any_language_stay(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize("mark", "⚡🏛🔒📌✏🔔📰⚠✅❗🟥↩➡⭐🔗⏰")
def test_a_title_bears_no_mark_of_ours(mark: str) -> None:
    assert unmarked(f"{mark} ANSSI : une alerte {mark}\ufe0f") == "ANSSI : une alerte"


@pytest.mark.parametrize("text", [LETTERS, "5 °C, © ® ™ №", "a − b ≤ c", "C++ & C#", "§ 4 • 2"])
def test_a_title_keeps_what_it_is_written_with(text: str) -> None:
    assert unmarked(text) == text


FORGED = [
    "СNIL : une sanction",
    "La CΝIL alerte",
    "ΑNSSI",
    "Аnssi",
    "l’АNSSI",
    "Mіcrosoft",
    "OVHсloud",
    "Dосtolib",
    "Ameli.frаude",
    "НDS certifié",
    "SеcNumCloud",
    "Une fuite chez СОРТЕ en France",
    "La ОРСА ouvre un site",
    "Géorgiе",
    "Ꭺnssi",
    "ꭺnssi",
    "ꓮNSSI",
    "\U00010300NSSI",
    "ꓮꓠꓢꓢꓲ : alerte",
    "Сegedim",
    "ⲤNIL",
    "ᴄɴɪʟ : avis",
    "CNıL",
    "UGECӀAM",
    "Sɑnté",
    "Mаильга",
    "LDLժ",
    "ϹOVID",
    "DOCᴛOLIB",
    "VꞮGIE",
]
HONEST = [
    LETTERS,
    "La CNIL sanctionne",
    "Україна і Росія",
    "Москва : l’hôpital attaqué",
    "« Правда » et « Le Monde »",
    "5 μg de β-carotène",
    "IFNα et TNFα",
    "Δt et Ωm",
    "Le Ω de l’affaire",
    "Ελλάδα",
    "Πόλη",
    "東京 : HDS",
    "L’œuvre",
    "ñandú",
    "Ærø",
    "K°",
    "Łódź",
    "",
    "Ту à Moscou",
]


@pytest.mark.parametrize("title", FORGED)
def test_a_word_that_borrows_letters_is_found(title: str) -> None:
    assert imitating(title)


@pytest.mark.parametrize("title", HONEST)
def test_a_word_of_another_language_is_no_forgery(title: str) -> None:
    assert imitating(title) is None


def test_readers_are_told_of_an_imitation(stored_article: StoredArticle) -> None:
    said = render.reserve(stored_article, "fr")
    assert texts.text("fr", "article.imitation") in said


@pytest.fixture
def stored_article() -> StoredArticle:
    moment = datetime(2026, 11, 28, tzinfo=UTC)
    return StoredArticle(
        ArticleId(1), "СNIL", "", "", "https://exemple.fr/a", "Source", moment, moment, "page", ("imitation",)
    )


DRAWN = {
    "𝗔𝗡𝗦𝗦𝗜 : alerte": "ANSSI : alerte",
    "𝒞𝒩𝐼𝐿": "CNIL",
    "ＣＮＩＬ ２": "CNIL 2",
    "ⒶⓃⓈⓈⒾ": "ANSSI",
    "🅰🅽🆂🆂🅸 et 🄲🄽🄸🄻": "ANSSI et CNIL",
    "Ⅲᵉ plan, ᶜᴺᴵᴸ": "IIIe plan, cNIL",
    "‼ ℹ 〰㊗ Alerte": "Alerte",
}


@pytest.mark.parametrize(("title", "words"), DRAWN.items())
def test_letters_drawn_as_signs_are_letters(title: str, words: str) -> None:
    assert unmarked(title) == words


@pytest.mark.parametrize("blank", ["\u3164", "\u2800", "\u200b", "\u17b4", "\uffa0", "\u034f", "\U000e0100", "\u180e"])
def test_a_title_of_letters_that_show_nothing_is_empty(blank: str) -> None:
    assert unmarked(harmless(blank)).strip() == ""


def test_every_mark_that_is_written_in_our_sentences_is_taken_from_titles() -> None:
    ours = {sign for name in ("fr.po", "en.po") for sign in (MESSAGES / name).read_text("utf-8")}
    pictures = {sign for sign in ours if unicodedata.category(sign) == "So" and ord(sign) > 0x2190}
    assert pictures
    assert {sign for sign in pictures if unmarked(sign)} == set()
