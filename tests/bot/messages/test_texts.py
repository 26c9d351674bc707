import re
import string
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import bot
from bot.messages import texts
from bot.messages.texts import LANGUAGES, Language, catalogue, language_of, text

ROOT = Path(bot.__file__).parent
SECTIONS = {key.partition(".")[0] for key in catalogue("fr").sentences}
USED = re.compile(rf"""["']((?:{"|".join(SECTIONS)})\.[a-z_]+)["']""")
COMPUTED = re.compile(r'f["\']([a-z]+\.(?:[a-z]+_)?)\{')


def used() -> set[str]:
    sources = [path.read_text("utf-8") for path in ROOT.rglob("*.py")]
    found = {key for source in sources for key in USED.findall(source)}
    stems = {stem for source in sources for stem in COMPUTED.findall(source)}
    return found | {key for key in catalogue("fr").sentences if key.startswith(tuple(stems))}


def placeholders(form: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(form) if name is not None}


def test_every_sentence_is_used_and_exists_in_both_languages() -> None:
    french, english = (set(catalogue(language).sentences) for language in LANGUAGES)
    assert french == english
    assert used() == french


@pytest.mark.parametrize("key", catalogue("fr").sentences)
def test_both_languages_take_the_same_values(key: str) -> None:
    forms = {name: catalogue(name).sentences[key] for name in LANGUAGES}
    assert len(forms["fr"]) == len(forms["en"])
    counted = {"n"} if len(forms["fr"]) > 1 else set()  # « le dernier » needs no number
    assert len({frozenset(placeholders(form) - counted) for both in forms.values() for form in both}) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_empty_fuzzy_or_repeated(language: Language) -> None:
    with (ROOT / "messages" / f"{language}.po").open("rb") as file:
        entries = [entry for entry in read_po(file, abort_invalid=True) if entry.id]
    assert all(all(entry.string) and not entry.fuzzy for entry in entries)
    source = (ROOT / "messages" / f"{language}.po").read_text("utf-8")
    assert source.count("\nmsgid ") + source.startswith("msgid ") == len(entries) + 1


@pytest.mark.parametrize("key", catalogue("fr").sentences)
def test_french_keeps_its_typography(key: str) -> None:
    for form in catalogue("fr").sentences[key]:
        form = re.sub(r"\w+:(?=\w)", "", form)  # an operator: titre:mot
        assert not re.search(r"(?<![\u00a0\u202f])[:;?!](?!//)", form), form
        assert not re.search(r"«(?!\u00a0)|(?<!\u00a0)»", form), form
        assert "..." not in form
        assert "'" not in form


@pytest.mark.parametrize(("prefix", "limit"), [("button.", 30), ("command.", 256), ("rights.", 200), ("menu.", 200)])
def test_short_places_have_short_sentences(prefix: str, limit: int) -> None:
    for language in LANGUAGES:
        for key, forms in catalogue(language).sentences.items():
            assert not key.startswith(prefix) or all(0 < len(form) <= limit for form in forms)


@pytest.mark.parametrize(
    ("language", "n", "said"),
    [
        ("fr", 0, "0 sujet"),
        ("fr", 1, "1 sujet"),
        ("fr", 2, "2 sujets"),
        ("fr", 4120, "4\u202f120 sujets"),
        ("en", 0, "0 stories"),
        ("en", 1, "1 story"),
        ("en", 4120, "4,120 stories"),
    ],
)
def test_numbers_agree(language: str, n: int, said: str) -> None:
    assert text(language, "digest.kept", n=n) == said


@pytest.mark.parametrize("name", ["{n}", "{", "%s", "100 %", "<b>", "\\1"])
def test_odd_names_pass_through(name: str) -> None:
    assert name in text("fr", "follow.stopped", name=name)


@pytest.mark.parametrize(
    ("code", "language"),
    [("en", "en"), ("en-GB", "en"), ("EN", "en"), ("fr", "fr"), ("de", "fr"), ("enm", "fr"), ("", "fr"), (None, "fr")],
)
def test_english_is_for_who_reads_english_and_french_for_all_others(code: str | None, language: str) -> None:
    assert language_of(code) == language


def test_french_names_the_first_of_a_month_as_it_is_said() -> None:
    first, second = date(2024, 2, 1), date(2024, 2, 2)
    assert [texts.day("fr", first), texts.day("fr", second)] == ["jeudi 1er février", "vendredi 2 février"]
    assert texts.day("en", first) == "Thursday 1 February"
    assert texts.moment("fr", datetime(2024, 2, 1, 8, tzinfo=UTC), "Europe/Paris") == "jeu. 1er févr. 09:00"
    assert texts.span("fr", first, date(2024, 2, 7)) == "1er au 7 février"
