"""`vigie group`: copies, stories and dossiers over a stream of articles."""

import bz2
import gzip
import io
import itertools
import json
import lzma
import os
import random
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from bot.tools.group import run
from matchers.engine.engine import Engine
from tests.grouping.builders import grouped, line, prose, ran
from tests.storage.builders import NOW

FOOTER = (
    "Inscrivez-vous à notre lettre pour recevoir chaque matin le meilleur de nos articles sans publicité ni suivi. " * 3
)
PROVIDERS = ("Nébulis", "Cirrova", "Outscale", "Velkor", "OVHcloud", "Ondaria")


def copies(answers: list[dict[str, Any]]) -> list[Any]:
    return [each["duplicate_of"] for each in answers]


def stories(answers: list[dict[str, Any]]) -> list[Any]:
    return [each["story"] for each in answers]


# --- r1 to r7: what made others hide an article, or send it twice --------------------------------------------------
def test_r1_one_guid_on_every_item_hides_nothing(engine: Engine) -> None:
    lines = [line(n, f"https://a.example/{n}", f"Sujet {prose(n, 4)}", prose(n), feed="f", guid="0") for n in range(4)]
    answers = grouped(engine, lines)
    assert copies(answers) == [None] * 4
    assert len(set(stories(answers))) == 4


def test_r1_a_guid_used_again_years_later_hides_nothing(engine: Engine) -> None:
    old = line(1, "https://a.example/1", "Ancien sujet sur le budget", prose(1), feed="f", guid="7")
    new = line(2, "https://a.example/2", "Autre sujet bien plus récent", prose(2), feed="f", guid="7")
    assert copies(grouped(engine, [{**old, "published": "2021-01-01"}, new])) == [None, None]


def test_r1_a_feed_that_changes_its_guids_sends_nothing_again(engine: Engine) -> None:
    first = [line(n, f"https://a.example/{n}", f"Titre {n}", prose(n), feed="f", guid=f"{n}") for n in range(5)]
    again = [{**each, "id": f"b{each['id']}", "guid": each["url"]} for each in first]
    assert copies(grouped(engine, [*first, *again]))[5:] == [0, 1, 2, 3, 4]


def test_r2_an_address_that_changes_with_the_headline_is_the_same_article(engine: Engine) -> None:
    first = line(1, "https://a.example/panne-chez-x", "Panne chez X", prose(1), feed="f", guid="https://a.example/p")
    moved = line(
        2, "https://a.example/x-en-panne", "X en panne depuis lundi", prose(1), feed="f", guid="https://a.example/q"
    )
    answers = grouped(engine, [first, moved])
    assert copies(answers) == [None, 1]
    assert answers[1]["reason"]["rule"] == "same-host"


def test_r2_a_guid_that_rotates_is_the_same_article(engine: Engine) -> None:
    lines = [
        line(
            n,
            f"https://a.example/{n}",
            "Le même titre pour le même article ici",
            "Trois mots seulement.",
            guid=f"{n}",
            feed="f",
        )
        for n in range(3)
    ]
    assert copies(grouped(engine, lines)) == [None, 0, 0]


def test_r2_the_same_guid_under_a_new_address_is_the_same_article(engine: Engine) -> None:
    first = line(1, "https://a.example/1", "Titre", prose(1), feed="f", guid="g")
    answers = grouped(engine, [first, {**first, "id": 2, "url": "https://a.example/autre"}])
    assert copies(answers) == [None, 1]
    assert answers[1]["reason"] == {"level": "entry", "rule": "guid"}


def test_r3_the_same_article_in_several_sections_and_sites_is_one(engine: Engine) -> None:
    text, title = prose(1), "Un hôpital change d’hébergeur"
    lines = [
        line(1, "https://journal.example/sante/1", title, text, feed="sante"),
        line(2, "https://journal.example/sante/1?utm_source=rss", title, text, feed="une"),
        line(3, "https://region.example/a/9", title, text),
        line(4, "https://journal.example/numerique/1-bis", title, text, feed="numerique"),
    ]
    answers = grouped(engine, lines)
    assert copies(answers) == [None, 1, 1, 1]
    assert set(stories(answers)) == {1}
    assert [each["reason"]["level"] for each in answers] == ["new", "address", "copy", "copy"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("La revue de presse du numérique en santé", "La revue de presse du numérique en santé"),
        (
            "CERTFR-2026-AVI-0101 : Multiples vulnérabilités dans Ozalide",
            "CERTFR-2026-AVI-0102 : Multiples vulnérabilités dans Ozalide",
        ),
        ("Bulletin hebdomadaire de la sécurité n° 12", "Bulletin hebdomadaire de la sécurité n° 13"),
        ("Le point hebdomadaire sur les hébergeurs certifiés", "Le point hebdomadaire sur les hébergeurs certifiés"),
    ],
)
def test_r4_one_title_over_two_texts_stays_apart(engine: Engine, one: str, other: str) -> None:
    for words in (30, 300):
        lines = [
            line(1, "https://a.example/1", one, prose(1, words), published="2026-11-09"),
            line(2, "https://a.example/2", other, prose(2, words), published="2026-11-16"),
        ]
        answers = grouped(engine, lines)
        assert copies(answers) == [None, None]
        assert stories(answers) == [1, 2]


def test_r6_every_line_has_a_story_and_a_reason(engine: Engine) -> None:
    lines = [line(n, f"https://a.example/{n % 7}", f"Titre {n % 5}", prose(n % 3, 80)) for n in range(30)]
    answers = grouped(engine, lines)
    assert len(answers) == 30
    assert all(each["story"] is not None and each["dossier"] is not None for each in answers)
    assert all(
        each["reason"]["level"] in {"entry", "address", "copy", "story", "new"} and each["reason"]["rule"]
        for each in answers
    )


def test_r7_an_update_is_the_same_article(engine: Engine) -> None:
    first = line(1, "https://a.example/1", "Panne", prose(1), feed="f", guid="1")
    update = {**first, "id": 2, "title": "Panne : le service est rétabli", "text": prose(1) + prose(2, 40)}
    answers = grouped(engine, [first, update])
    assert copies(answers) == [None, 1]
    assert answers[1]["reason"]["level"] == "entry"


# --- copies --------------------------------------------------------------------------------------------------------
def test_a_dispatch_in_twenty_sites_is_one_story(engine: Engine) -> None:
    lines = [line(n, f"https://site{n}.example/depeche", "Une dépêche", prose("d")) for n in range(20)]
    answers = grouped(engine, lines)
    assert copies(answers) == [None] + [0] * 19
    assert set(stories(answers)) == {0}


def test_a_quarter_of_a_dispatch_and_a_dispatch_within_an_article_are_copies(engine: Engine) -> None:
    dispatch = prose("d", 400)
    quarter = " ".join(dispatch.split()[:100])
    lines = [
        line(1, "https://agence.example/1", "La dépêche de l’agence", dispatch),
        line(2, "https://b.example/1", "Autre titre de ce côté", quarter),
        line(
            3,
            "https://c.example/1",
            "Notre long récit de la journée",
            f"{prose('x', 300)} {dispatch} {prose('y', 300)}",
        ),
    ]
    assert copies(grouped(engine, lines)) == [None, 1, 1]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: unicodedata.normalize("NFD", text),
        str.upper,
        lambda text: text.replace("'", "’").replace(" ", "\u00a0"),
        lambda text: unicodedata.normalize("NFD", text.upper()).encode("ascii", "ignore").decode(),
    ],
)
def test_typography_makes_no_other_text(engine: Engine, change: Any) -> None:
    text = " ".join(f"l'été où œuvrait {word}" for word in prose(1, 80).split())
    lines = [
        line(1, "https://a.example/1", "Titre un", text),
        line(2, "https://b.example/1", "Titre deux", change(text)),
    ]
    assert copies(grouped(engine, lines)) == [None, 1]


@pytest.mark.parametrize(("words", "copy"), [(0, None), (3, None), (16, 1), (39, 1), (40, 1)])
def test_a_short_text_is_judged_by_its_title(engine: Engine, words: int, copy: int | None) -> None:
    title = "Nuages : un titre de huit mots en tout"
    text = prose(1, words) if words else ""
    lines = [line(n, f"https://site{n}.example/1", title if words > 3 else "Titre court", text) for n in (1, 2)]
    assert copies(grouped(engine, lines))[1] == copy


def test_a_report_that_quotes_a_paragraph_is_no_copy(engine: Engine) -> None:
    article, report = prose("a", 400), prose("r", 5_000)
    paragraph = " ".join(article.split()[100:160])
    lines = [
        line(1, "https://a.example/1", "Un article", article),
        line(2, "https://b.example/1", "Rapport annuel", f"{report[:9000]} {paragraph} {report[9000:]}"),
    ]
    assert copies(grouped(engine, lines)) == [None, None]


@pytest.mark.parametrize("marks", ["« {} »", "“{}”", '"{}"', "{}"])
def test_two_articles_that_quote_one_law_are_no_copies(engine: Engine, marks: str) -> None:
    law = marks.format(prose("law", 80))
    lines = [
        line(1, "https://a.example/1", "Sanction contre Medilia", f"{prose(1, 150)} {law} {prose(2, 100)}"),
        line(2, "https://b.example/1", "Amende pour Pharmaplus", f"{prose(3, 150)} {law} {prose(4, 100)}"),
    ]
    assert copies(grouped(engine, lines)) == [None, None]


def test_a_footer_everywhere_joins_nothing(engine: Engine) -> None:
    hosts = [f"https://site{n % 4}.example/{n}" for n in range(40)]
    lines = [line(n, host, prose(f"t{n}", 5), prose(n, 60) + FOOTER) for n, host in enumerate(hosts)]
    assert copies(grouped(engine, lines)) == [None] * 40
    assert any(copies(grouped(engine, lines, without=["boilerplate", "guard"])))


def test_a_new_footer_in_the_middle_of_the_stream_joins_nothing_and_hides_no_copy(engine: Engine) -> None:
    plain = [line(n, f"https://a.example/{n}", prose(f"t{n}", 5), prose(n, 90)) for n in range(10)]
    dressed = [line(n, f"https://a.example/{n}", prose(f"t{n}", 5), prose(n, 90) + FOOTER) for n in range(10, 20)]
    copy = line("copy", "https://b.example/1", "Repris ailleurs", prose(15, 90))
    assert copies(grouped(engine, [*plain, *dressed, copy])) == [None] * 20 + [15]


def test_an_article_put_out_again_on_its_own_site_is_no_footer(engine: Engine) -> None:
    first = line(1, "https://a.example/1", "Un article que l’on remet en avant", prose(1))
    again = {**first, "id": 2, "url": "https://a.example/une/1", "text": prose(1) + prose(9, 30)}
    copy = line(3, "https://b.example/1", "Un article que l’on remet en avant", prose(1) + prose(8, 20))
    assert copies(grouped(engine, [first, again, copy])) == [None, 1, 1]
    assert copies(grouped(engine, [first, again, copy], without=["guard"])) == [None, None, None]


def test_a_copy_that_comes_forty_five_days_later_joins(engine: Engine) -> None:
    lines = [
        line(1, "https://a.example/1", "Une dépêche", prose(1), published="2026-09-01"),
        line(2, "https://b.example/1", "Une dépêche", prose(1), published="2026-10-16"),
    ]
    answers = grouped(engine, lines)
    assert (copies(answers), stories(answers)) == ([None, 1], [1, 1])


def test_two_groups_are_never_joined_by_a_newcomer(engine: Engine) -> None:
    one, two = prose(1, 200), prose(2, 200)
    lines = [
        line(1, "https://a.example/1", "Premier texte", one),
        line(2, "https://b.example/1", "Second texte", two),
        line(3, "https://c.example/1", "Les deux à la suite", f"{one} {two}"),
        line(4, "https://d.example/1", "Second texte", two),
        line(5, "https://e.example/1", "Premier texte", one),
    ]
    assert copies(grouped(engine, lines)) == [None, None, 2, 2, 1]


def test_without_hosts_what_everybody_says_joins_nothing(engine: Engine) -> None:
    lines = [line(n, "", prose(f"t{n}", 5), prose(n, 120) + FOOTER) for n in range(6)]
    assert copies(grouped(engine, lines)) == [None] * 6
    assert copies(grouped(engine, [*lines, line("c", "", "Repris", prose(4, 120))]))[-1] == 4


# --- stories -------------------------------------------------------------------------------------------------------
def test_six_providers_that_get_a_label_are_six_stories(engine: Engine) -> None:
    lines = [
        line(
            n,
            f"https://a.example/{n}",
            f"{name} obtient la qualification SecNumCloud",
            summary=f"L’ANSSI a qualifié l’offre de {name}, après {PROVIDERS[n - 1]}, pour trois ans.",
            published=f"2026-11-1{n}",
        )
        for n, name in enumerate(PROVIDERS)
    ]
    answers = grouped(engine, lines)
    assert len(set(stories(answers))) == len(PROVIDERS)


@pytest.mark.parametrize("said", ["obtient SecNumCloud", "décroche la qualification SecNumCloud", "lève 20 millions"])
def test_companies_with_ordinary_names_are_told_apart(engine: Engine, said: str) -> None:
    names = ("Cirrova", "Armorial", "Nuage", "Altair", "Horizon", "Partage")
    lines = [
        line(n, "https://a.example/" + name, f"{name} {said}", f"{name} {said}. {prose(name, 120)}")
        for n, name in enumerate(names)
    ]
    assert stories(grouped(engine, lines)) == list(range(len(names)))


def test_a_company_with_an_ordinary_name_is_one_however_it_is_told(engine: Engine) -> None:
    lead = "L’hébergeur lillois Nuage est qualifié SecNumCloud par l’ANSSI."
    titles = ("Nuage obtient SecNumCloud", "L’hébergeur Nuage décroche SecNumCloud", "SecNumCloud : visa pour Nuage")
    lines = [line(n, f"https://s{n}.example/x", title, summary=lead) for n, title in enumerate(titles)]
    assert set(stories(grouped(engine, lines))) == {0}


def test_the_same_label_told_by_others_is_one_story(engine: Engine) -> None:
    titles = (
        "Nébulis obtient la qualification SecNumCloud",
        "SecNumCloud : l’ANSSI qualifie Nébulis",
        "Nébulis décroche son visa",
    )
    lines = [
        line(
            n,
            f"https://site{n}.example/1",
            title,
            summary="L’hébergeur nantais Nébulis est qualifié SecNumCloud par l’ANSSI.",
        )
        for n, title in enumerate(titles)
    ]
    answers = grouped(engine, lines)
    assert set(stories(answers)) == {0}
    assert copies(answers) == [None] * 3


def test_what_follows_is_another_story_of_the_same_dossier(engine: Engine) -> None:
    lines = [
        line(
            1,
            "https://a.example/1",
            "La Cnil inflige 800 000 euros d’amende à Medilia",
            summary="L’éditeur Medilia traitait des données de santé sans autorisation, selon la Cnil.",
            published="2026-09-09",
        ),
        line(
            2,
            "https://b.example/1",
            "Medilia conteste son amende devant le Conseil d’État",
            summary="L’éditeur Medilia demande l’annulation de la sanction de 800 000 euros de la Cnil.",
            published="2026-09-25",
        ),
    ]
    answers = grouped(engine, lines)
    assert stories(answers) == [1, 2]
    assert [each["dossier"] for each in answers] == [1, 1]
    assert answers[1]["reason"]["rule"] == "steps"


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_who_goes_to_court_the_same_day_opens_another_story(engine: Engine, order: tuple[int, ...]) -> None:
    """The decision, a comment on it, and the action against it, in any order of arrival."""
    told = (
        (
            "La CNIL autorise l’entrepôt EMC2 du Health Data Hub chez Microsoft",
            "La délibération autorise l’entrepôt EMC2 chez Microsoft pour trois ans.",
        ),
        (
            "EMC2 chez Microsoft : le Health Data Hub autorisé, des hébergeurs grincent",
            "L’entrepôt EMC2 du Health Data Hub ira chez Microsoft, a décidé la CNIL.",
        ),
        (
            "Entrepôt EMC2 : des associations déposent un référé contre la CNIL",
            "Elles veulent faire suspendre l’autorisation donnée au Health Data Hub d’utiliser Microsoft.",
        ),
    )
    lines = [line(n, f"https://s{n}.example/x", told[n][0], summary=told[n][1]) for n in order]
    found = {answer["id"]: answer for answer in grouped(engine, lines)}
    assert found[0]["story"] == found[1]["story"]
    assert found[2]["story"] == 2
    assert len({answer["dossier"] for answer in found.values()}) == 1


def test_two_acts_of_one_kind_are_two_stories(engine: Engine) -> None:
    lines = [
        line(
            n,
            f"https://a.example/{n}",
            ("", "La Cnil sanctionne un éditeur de santé (SAN-2026-001)", "SAN-2026-002 : sanction de la Cnil")[n],
            summary="La formation restreinte de la Cnil prononce une amende contre un éditeur de logiciels de santé.",
        )
        for n in (1, 2)
    ]
    answers = grouped(engine, lines)
    assert stories(answers) == [1, 2]
    assert answers[1]["reason"]["rule"] == "acts"


# --- bad input -----------------------------------------------------------------------------------------------------
def test_a_bad_line_is_told_with_its_number_and_stops_nothing(engine: Engine) -> None:
    lines: list[dict[str, Any] | bytes] = [
        line(1, title="a"),
        b"{",
        b"",
        b"[]",
        b'{"title": "x"}',
        b'{"id": 3, "text": 4}',
        line("é", title="b"),
    ]
    answers, told, code = ran(engine, lines)
    assert [each["id"] for each in answers] == [1, "é"]
    assert [row.split(" : ")[1] for row in told.splitlines()] == ["ligne 2", "ligne 4", "ligne 5", "ligne 6"]
    assert code == 1


def test_fields_that_are_absent_or_unknown_do_no_harm(engine: Engine) -> None:
    answers, told, code = ran(
        engine, [{"id": 1, "title": "Un"}, {"id": 2, "title": "Deux", "summary": None, "colour": []}]
    )
    assert [each["id"] for each in answers] == [1, 2]
    assert (told, code) == ("", 0)


def test_what_is_read_otherwise_than_meant_is_told_and_counts_all_the_same(engine: Engine) -> None:
    lines = [
        {"id": 1, "title": "Un", "published": "0001-01-01T00:00:00"},
        {"id": 2, "title": "Deux", "published": "lundi"},
        {"id": 3, "title": "Trois", "published": "2999-01-01"},
        {"id": 3, "title": "Quatre"},
        {"id": 5, "title": " ", "text": None},
    ]
    answers, told, code = ran(engine, lines)
    assert ([each["id"] for each in answers], code) == ([1, 2, 3, 3, 5], 0)
    for row, said in zip(told.splitlines(), ("1970", "ISO 8601", "avenir", "déjà servi ligne 3", "rien"), strict=True):
        assert said in row
    assert [row.split(" : ")[1] for row in told.splitlines()] == [f"ligne {n}" for n in range(1, 6)]


@pytest.mark.parametrize(
    ("whole", "said"),
    [
        (gzip.compress(b'{"id": 1, "title": "Un"}\n' * 9, mtime=0), "zcat"),
        (bz2.compress(bytes(range(256)) * 9), "bzcat"),
        (lzma.compress(bytes(range(256)) * 9), "xzcat"),
        (b"PK\x03\x04\n\n\xff\n", "archive"),
        ('{"id": 1}\n{"id": 2}\n'.encode("utf-16"), "UTF-8"),
        (b'[\n{"id": 1},\n{"id": 2}\n]\n', "tableau"),
        (b'[{"id": 1}, {"id": 2}]\n', "tableau"),
        (b"", "aucun article"),
    ],
)
def test_an_input_without_lines_is_told_in_one(engine: Engine, whole: bytes, said: str) -> None:
    errors = io.StringIO()
    run(engine, io.BytesIO(whole), io.BytesIO(), errors, NOW, None)
    (row,) = errors.getvalue().splitlines()
    assert said in row


def test_five_megabytes_are_read_no_further_than_is_useful(engine: Engine) -> None:
    long = prose(1, 3_000) + " mot" * 1_300_000
    lines = [line(1, "https://a.example/1", "Long", long), line(2, "https://b.example/1", "Long", prose(1, 3_000))]
    assert copies(grouped(engine, lines)) == [None, 1]


@pytest.mark.parametrize("published", ["", "2099-01-01", "1970-01-01", "2026-11-23T08:00:00+14:00", "n’importe quoi"])
def test_a_date_that_is_missing_or_absurd_changes_no_group(engine: Engine, published: str) -> None:
    lines = [
        line(1, "https://a.example/1", "Panne chez Nébulis", prose(1)),
        line(2, "https://b.example/1", "Panne chez Nébulis", prose(1), published=published),
        line(3, "https://c.example/1", "Panne chez Nébulis", prose(1)),
    ]
    assert copies(grouped(engine, lines)) == [None, 1, 1]
    assert set(stories(grouped(engine, lines))) == {1}


def test_other_alphabets_are_not_taken_for_one_another(engine: Engine) -> None:
    choice = random.Random(1)
    words = ["".join(choice.choice("абвгдежзик") for _ in range(5)) for _ in range(200)]
    other = ["".join(choice.choice("абвгдежзик") for _ in range(5)) for _ in range(200)]
    lines = [line(1, "https://a.example/1", "a", " ".join(words)), line(2, "https://b.example/1", "b", " ".join(other))]
    assert copies(grouped(engine, lines)) == [None, None]
    assert copies(grouped(engine, [lines[0], {**lines[0], "id": 3, "url": "https://c.example/1"}])) == [None, 1]


# --- the same answers, always --------------------------------------------------------------------------------------
def stream() -> list[dict[str, Any]]:
    sheet = Path(__file__).with_name("stories.jsonl").read_text(encoding="utf-8").splitlines()
    told = [json.loads(each) for each in sheet[:30]]
    texts = [
        line(f"t{n}", f"https://site{n % 5}.example/{n}", f"Titre {n}", prose(n % 6, 90) + FOOTER) for n in range(20)
    ]
    return [each for pair in zip(told, texts, strict=False) for each in pair]


def test_ten_restarts_change_no_answer(engine: Engine, tmp_path: Path) -> None:
    lines = stream()
    whole = grouped(engine, lines)
    state = tmp_path / "state.db"
    cut = [
        answer for start in range(0, len(lines), 4) for answer in grouped(engine, lines[start : start + 4], state=state)
    ]
    assert cut == whole


def test_the_seed_of_hash_changes_no_answer() -> None:
    given = "\n".join(json.dumps(each) for each in stream()).encode()
    answers = {
        subprocess.run(
            [sys.executable, "-c", "import sys; from bot.cli import main; sys.exit(main(['group']))"],
            input=given,
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(answers) == 1


def test_two_short_titles_with_one_name_are_two_stories(engine: Engine) -> None:
    lines = [
        line(n, f"https://a.example/{n}", title) for n, title in enumerate(("Armorial recrute", "Armorial déménage"))
    ]
    assert stories(grouped(engine, lines)) == [0, 1]


def test_a_name_in_two_common_words_is_a_name(engine: Engine) -> None:
    lines = [
        line(
            1,
            "https://a.example/1",
            "Fuite de données : Free lourdement sanctionné par la Cnil",
            summary="Les amendes visent la sécurité insuffisante des accès aux données des abonnés.",
        ),
        line(
            2,
            "https://b.example/2",
            "La Cnil sanctionne France Travail pour une fuite de données",
            summary="L’opérateur public n’avait pas assez sécurisé l’accès aux données des demandeurs d’emploi.",
        ),
    ]
    assert stories(grouped(engine, lines)) == [1, 2]
