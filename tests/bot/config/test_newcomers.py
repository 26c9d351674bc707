"""Faults of those who write their first watchlist: each is one clear line, at the place to mend."""

import io
from datetime import timedelta
from pathlib import Path

import pytest

from bot.config.feedfile import read_feeds
from bot.tools.check import check
from tests.bot.config.test_settings import FEEDS, folder, messages
from tests.storage.builders import NOW

EXAMPLES = 'examples: {match: ["Le Health Data Hub"], ignore: [Rien]}\n'
AT = "watchlists/essai.yaml"


def written(at: Path, text: str, feeds: str = FEEDS, **others: str) -> list[str]:
    """What `vigie check` prints of a watchlist, and of others, without its last line."""
    out = io.StringIO()
    check(folder(at, feeds=feeds, essai=text + EXAMPLES, **others), Path("/nowhere"), NOW, out)
    return out.getvalue().replace("\u00a0", " ").splitlines()[:-1]


@pytest.mark.parametrize(
    ("line", "place", "said"),
    [
        ("nom: A", "1:1", "clé « nom » inconnue ; écrivez « name »"),
        ("titre: A", "1:1", "clé « titre » inconnue ; écrivez « name »"),
        ("Name: A", "1:1", "clé « Name » inconnue ; vouliez-vous « name » ?"),
        ("name: A\nmots: [x]", "2:1", "clé « mots » inconnue ; écrivez « any »"),
        ("name: A\nSauf: [x]", "2:1", "clé « Sauf » inconnue ; écrivez « none »"),
        ("name: A\nET: [x]", "2:1", "clé « ET » inconnue ; écrivez « all »"),
        ("name: A\nOU: [x]", "2:1", "clé « OU » inconnue ; écrivez « any »"),
        ("name: A\nmots clés: [x]", "2:1", "clé « mots clés » inconnue ; écrivez « any »"),
        ("name: A\nrequête: x", "2:1", "clé « requête » inconnue ; écrivez « query »"),
        ("name: A\nau moins: 2", "2:1", "clé « au moins » inconnue ; écrivez « at_least »"),
        ("name: A\nniveau: flash", "2:1", "clé « niveau » inconnue ; écrivez « level »"),
        ("name: A\nlevel: hebdo", "2:1", "« hebdo » inconnu : flash, daily, weekly ; écrivez « weekly »"),
        ("name: A\nlevel: Quotidien", "2:1", "« Quotidien » inconnu : flash, daily, weekly ; écrivez « daily »"),
        ("name: A\nnews: {mots: [x]}", "2:8", "clé « mots » inconnue ; écrivez « words »"),
        ("name: A\nnews: {officiel: true}", "2:8", "clé « officiel » inconnue ; écrivez « official »"),
        ("name: A\nnews: {official: oui}", "2:8", "« true » ou « false » est attendu ; écrivez « true »"),
        ("name: A\nnear: {termes: [x, y], terms: [x, y]}", "2:8", "clé « termes » inconnue ; écrivez « terms »"),
    ],
)
def test_a_french_word_is_answered_with_the_right_key(tmp_path: Path, line: str, place: str, said: str) -> None:
    assert messages(folder(tmp_path, essai=f"{line}\nany: [Health Data Hub]\n{EXAMPLES}")) == [f"{AT}:{place} : {said}"]


@pytest.mark.parametrize(
    ("news", "place", "said"),
    [
        ("news:", "2:1", "rien n'y fait une nouvelle : il y faut words, facts, people ou official"),
        ("news: {}", "2:1", "rien n'y fait une nouvelle : il y faut words, facts, people ou official"),
        ("news: {people: -5}", "2:8", "au moins 1 est attendu"),
        ("news: {people: 0}", "2:8", "au moins 1 est attendu"),
        ("news: {people: 1.5}", "2:8", "un nombre entier est attendu"),
        (
            "news:\n  facts: [octroi]\n  people:",
            "4:3",
            "il y manque un nombre : combien de personnes touchées font une nouvelle",
        ),
    ],
)
def test_news_without_what_makes_it_are_one_line(tmp_path: Path, news: str, place: str, said: str) -> None:
    text = f"name: A\n{news}\nlevel: flash\nany: [Health Data Hub]\n{EXAMPLES}"
    assert messages(folder(tmp_path, essai=text)) == [f"{AT}:{place} : {said}"]


def test_a_list_without_its_name_is_one_line(tmp_path: Path) -> None:
    assert messages(folder(tmp_path, essai=f"any: [Health Data Hub]\n{EXAMPLES}")) == [f"{AT}:1:1 : il manque « name »"]


def test_a_title_of_an_example_is_one(tmp_path: Path) -> None:
    text = "name: A\nany: [x]\nexamples: {match: [{titre: x}], ignore: [{titre: y, résumé: z}]}\n"
    assert messages(folder(tmp_path, essai=text)) == [
        f"{AT}:3:21 : clé « titre » inconnue ; écrivez « title »",
        f"{AT}:3:43 : clé « titre » inconnue ; écrivez « title »",
        f"{AT}:3:53 : clé « résumé » inconnue ; écrivez « summary »",
    ]


def test_french_words_in_the_other_files_are_answered_too(tmp_path: Path) -> None:
    at = folder(tmp_path, feeds="feeds:\n  - adresse: https://a.fr/\n", entities="hdh: {nom: Health Data Hub}\n")
    assert {message.partition(" : ")[2] for message in messages(at)} == {
        "clé « adresse » inconnue ; écrivez « url »",
        "clé « nom » inconnue ; écrivez « name »",
    }


@pytest.mark.parametrize("unseen", ["\u00a0", "\u202f", "\u200b", "\u2060"])
def test_what_is_glued_to_a_key_unseen_is_told_once(tmp_path: Path, unseen: str) -> None:
    told = "une espace insécable ou un signe invisible y est collé, effacez-le"
    text = f"name{unseen}: A\nany{unseen}: [Health Data Hub]\n"
    at = folder(tmp_path, essai=text + EXAMPLES)
    assert messages(at) == [f"{AT}:1:1 : clé « name » : {told}", f"{AT}:2:1 : clé « any » : {told}"]


@pytest.mark.parametrize("colon", ["\u00a0:\u00a0", "\u202f:\u202f", "\uff1a", "\uff1a ", " \uff1a "])
def test_a_colon_that_yaml_does_not_read_is_told_on_its_own_line(tmp_path: Path, colon: str) -> None:
    (said,) = messages(folder(tmp_path, essai=f"name{colon}A\nany: [Health Data Hub]\n{EXAMPLES}"))
    assert said.startswith(f"{AT}:1:")
    assert "« : » n’est pas lu ici" in said


NO_BREAK = "espace insécable ici : YAML veut une espace ordinaire, effacez-la et retapez-la"
QUOTE = "il manque le guillemet qui ferme le texte ouvert ici"
HASH = '« # » commence une remarque : mettez des guillemets, "#santé"'
DASH = "il manque une espace après « - » : écrivez « - Health… »"


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("name:\u00a0A\nany: [Health Data Hub]\n", "1:6", NO_BREAK),
        ("name: A\nlevel:\u202fdaily\nany: [Health Data Hub]\n", "2:7", NO_BREAK),
        ("name: A\nany:\n  -\u00a0Health Data Hub\n", "3:3", DASH),
        ("name: A\nany:\n  -Health Data Hub\n  - autre\n", "3:3", DASH),
        ("name: A\nany:\n-Health Data Hub\n", "3:1", DASH),
        ("name: A\nany: [Health Data Hub, #santé]\n", "2:24", HASH),
        ("name: A\nany: [#santé]\n", "2:7", HASH),
        ("name: A\nany:\n  - #santé\n  - Health Data Hub\n", "3:4", HASH),
        ('name: A\nquestion: "Et alors ?\nany: [Health Data Hub]\n', "2:11", QUOTE),
        ('name: "A\nany: [Health Data Hub]\n', "1:7", QUOTE),
        ('name: A\nany:\n  - "Health Data Hub\n  - "autre"\n', "3:5", QUOTE),
        ('name: A\nquestion: "Une longue\n  question"\nany: ["Health Data Hub]\n', "4:7", QUOTE),
        ('name: A\nquestion: "Qui ? # pas une remarque\nany: [Health Data Hub]\n', "2:11", QUOTE),
        ("name: A\nquery: Health OU Hub\n", "2:15", "« OU » s'écrit OR dans une requête"),
        ("name: A\nquery: Health ET Hub\n", "2:15", "« ET » s'écrit AND dans une requête"),
        ("name: A\nquery: Health sauf Hub\n", "2:15", "« sauf » s'écrit NOT dans une requête"),
    ],
)
def test_a_slip_of_yaml_is_told_where_it_is(tmp_path: Path, text: str, place: str, said: str) -> None:
    assert messages(folder(tmp_path, essai=text + EXAMPLES)) == [f"{AT}:{place} : {said}"]


def test_a_quote_missing_at_the_very_end_is_told_on_its_line(tmp_path: Path) -> None:
    text = 'name: A\nany: [Health Data Hub]\nexamples:\n  match: ["Health Data Hub"]\n  ignore: ["Rien]\n\n\n'
    assert messages(folder(tmp_path, essai=text)) == [f"{AT}:5:12 : {QUOTE}"]


EMPTY = "est un mot de presque tout texte : retirez-le, ou écrivez l'expression"
SHORT = "est si court qu'il se trouvera par hasard : écrivez plus"
REMARK = "est lu comme une remarque : des guillemets, ou une espace après « # »"
UNKNOWN = "aucune source de feeds.yaml ne s’appelle"


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("any: [le, Health Data Hub]\n", "2:7", f"« le » {EMPTY}"),
        ("any: [Health Data Hub, =les]\n", "2:24", f"« =les » {EMPTY}"),
        ("any: [Health Data Hub, ia]\n", "2:24", f"« ia » {SHORT}, ou « ia! » si c'est un sigle"),
        ("any: [Health Data Hub, X!]\n", "2:24", f"« X! » {SHORT}"),
        ("any:\n  - Health Data Hub #santé\n", "3:21", f"« #santé » {REMARK}"),
        ("any: [Health Data Hub, titre:Azure]\n", "2:24",
         "« titre:Azure » : cette marque s'écrit « title: », sans espace après"),
        ("any: [Health Data Hub]\nboost: {source:Le Mondde: 1}\n", "3:9",
         f"{UNKNOWN} « Le Mondde » ; vouliez-vous « Le Monde » ?"),
        ('any: [Health Data Hub, {all: ["source:Nuagis", Azure]}]\n', "2:31", f"{UNKNOWN} « Nuagis »"),
    ],
)  # fmt: skip
def test_what_is_sound_yaml_and_no_good_idea_is_a_warning(tmp_path: Path, text: str, place: str, said: str) -> None:
    feeds = "feeds:\n  - {name: Le Monde, url: 'https://a.fr/rss'}\n"
    found = [line for line in written(tmp_path, f"name: A\n{text}", feeds) if line.startswith(AT)]
    assert found == [f"{AT}:{place} : attention, {said}"]


@pytest.mark.parametrize(
    "text",
    [
        "any: [Health Data Hub, UE!]\n",
        "any:\n  - Health Data Hub # la plateforme\n  # rien\n",
        'any: ["Health Data Hub", "#nuages souverains"]\n',
        "any: [Health Data Hub]\nboost: {source:Monde: 1}\n",
        'question: "Une longue\n    question #nuage ?"\nany: [Health Data Hub]\n',
    ],
)
def test_what_is_meant_so_is_left_alone(tmp_path: Path, text: str) -> None:
    feeds = "feeds:\n  - {name: Le Monde, url: 'https://a.fr/rss'}\n"
    assert [line for line in written(tmp_path, f"name: A\n{text}", feeds) if line.startswith(AT)] == []


def test_two_watchlists_of_one_name_and_two_entities_of_one_alias_are_told(tmp_path: Path) -> None:
    out = io.StringIO()
    text = f"name: Nuages\nany: [Health Data Hub, '@a', '@b']\n{EXAMPLES}"
    entities = "a: {name: Nuagis, kind: org}\nb: {name: Autre, kind: org, aliases: [NUAGIS]}\n"
    at = folder(tmp_path, entities=entities, deux=text.replace("Nuages", "nuages"), un=text)
    assert check(at, Path("/nowhere"), NOW, out) == 0
    found = out.getvalue().replace("\u00a0", " ")
    assert "watchlists/un.yaml:1:1 : attention, « Nuages » est aussi le nom de la veille « deux »" in found
    assert "entities.yaml:2:39 : attention, « NUAGIS » est aussi un nom de « @a » : gardez-le" in found


ITEM = "ce « - » n’est pas aligné sur celui de l’élément qui le précède : même retrait"
LIST = "une liste est attendue : une ligne par élément, chacune précédée de « - »"


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("any:\n\u00a0\u00a0- Health Data Hub\n  - autre\n", "3:2", NO_BREAK),
        ("any:\n  - Health Data Hub\n \u202f- autre\n", "4:2", NO_BREAK),
        ("any:\n  – Health Data Hub\n  – autre\n", "3:3", "« – » n’est pas le tiret de YAML : écrivez « - Health… »"),
        ("any:\n  • Health Data Hub\n", "3:3", "« • » n’est pas le tiret de YAML : écrivez « - Health… »"),
        ("any:\n  - Health Data Hub\n - autre\n", "4:2", ITEM),
        ("any:\n  - Health Data Hub\n  - near:\n      terms: [a, b]\n   - autre\n", "6:4", ITEM),
        ("question: 'L'hôpital et ses données'\nany: [Health Data Hub]\n", "2:12",
         "l’apostrophe de « L'hôpital » ferme le texte : mettez-le entre guillemets doubles"),
        ("any:\n  - 'cloud d'État'\n", "3:6",
         "l’apostrophe de « d'État » ferme le texte : mettez-le entre guillemets doubles"),
        ("any: [&cloud, Health Data Hub]\n", "2:7",
         '« &cloud » est lu comme une ancre YAML : mettez des guillemets, "&cloud"'),
        ("any:\n  - loi : données de santé\n", "3:5", "« : » fait de « loi » une clé : si c’est un texte, "
         'mettez-le entre guillemets, "loi : données de santé"'),
        ("any:\n  - near: {terms: [Health, Hub]}\n    within: 3\n", "4:5",
         "clé « within » inconnue ici : sa place est sous « near: »"),
        ("id: essai\nany: [Health Data Hub]\n", "2:1",
         "clé « id » inconnue ici : le nom du fichier en tient lieu, retirez cette ligne"),
        ("any: Health Data Hub\n", "2:1", "une liste est attendue ; écrivez « [Health Data Hub] »"),
        ("any: Health Data Hub, HDH\n", "2:1", "une liste est attendue ; écrivez « [Health Data Hub, HDH] »"),
        ('any: "\\"Hub\\" [x]"\n', "2:1", LIST),
    ],
)  # fmt: skip
def test_the_shape_of_a_list_is_told_where_it_breaks(tmp_path: Path, text: str, place: str, said: str) -> None:
    assert messages(folder(tmp_path, essai="name: A\n" + text + EXAMPLES)) == [f"{AT}:{place} : {said}"]


def test_a_name_fits_a_message(tmp_path: Path) -> None:
    text = f"name: {'A' * 121}\nany: [Health Data Hub]\n{EXAMPLES}"
    assert messages(folder(tmp_path, essai=text)) == [f"{AT}:1:1 : ce texte dépasse 120 signes"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"feeds": "feeds:\n  name: Le Fil\n"}, "feeds.yaml:2:3 : des lignes « clé: valeur » sont attendues : "
         "il manque un tiret devant chaque source, « - id: … »"),
        ({"feeds": "- url: https://a.fr/rss\n"},
         "feeds.yaml:1:1 : des lignes « clé: valeur » sont attendues : commencez par « feeds: »"),
        ({"entities": "hdh: Health Data Hub\n"},
         "entities.yaml:1:1 : des lignes « clé: valeur » sont attendues ; écrivez « name: Health Data Hub »"),
        ({"entities": "santé: {name: Santé}\n"},
         "entities.yaml:1:1 : forme inattendue : lettres, chiffres et traits d’union seulement ; écrivez « sante »"),
        ({"essai": "- Health Data Hub\n"},
         f"{AT}:1:1 : des lignes « clé: valeur » sont attendues : ces termes vont sous « any: »"),
        ({"essai": f"name: A\nnone: [x]\n{EXAMPLES}"},
         f"{AT}:1:1 : aucune condition n'exige un terme : cette veille verrait tous les articles"),
    ],
)  # fmt: skip
def test_what_should_stand_around_it_is_said(tmp_path: Path, files: dict[str, str], said: str) -> None:
    assert messages(folder(tmp_path, **files)) == [said]


def test_a_rhythm_may_be_written_as_people_do(tmp_path: Path) -> None:
    feeds = "feeds:\n  - {url: https://a.fr/rss, every: 2 heures}\n  - {url: https://b.fr/rss, every: 1h–6h}\n"
    read, problems = read_feeds(folder(tmp_path, feeds=feeds) / "feeds.yaml")
    assert problems == []
    assert [(feed.every, feed.least, feed.most) for feed in read] == [
        (timedelta(hours=2), None, None), (None, timedelta(hours=1), timedelta(hours=6)),
    ]  # fmt: skip
