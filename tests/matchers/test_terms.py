import re

import pytest

from matchers.language.families import FAMILIES
from matchers.language.text import fold
from matchers.watchlists.terms import TermKind, family, forms, inflections, parse, patterns
from tests.matchers.builders import finds


@pytest.mark.parametrize(
    ("written", "kind", "text", "reach"),
    [
        ("données de santé", TermKind.INFLECTED, "données de santé", 3),
        ("SNDS!", TermKind.EXACT, "SNDS", 3),
        ("télécom*", TermKind.PREFIX, "télécom", 3),
        ("=cloud", TermKind.LITERAL, "cloud", 3),
        ("~héberger", TermKind.FAMILY, "héberger", 3),
        ("@hdh", TermKind.ENTITY, "hdh", 3),
        ("title:Bleu!", TermKind.EXACT, "Bleu", 1),
        ("lead:@hdh", TermKind.ENTITY, "hdh", 2),
    ],
)
def test_a_term_says_how_it_is_to_be_found(written: str, kind: TermKind, text: str, reach: int) -> None:
    term = parse(written)
    assert (term.kind, term.text, term.reach) == (kind, text, reach)


@pytest.mark.parametrize(
    ("word", "others"),
    [
        ("souverain", "souverains souveraine souveraines"),
        ("souveraine", "souverain"),
        ("hôpital", "hôpitaux"),
        ("hôpitaux", "hôpital"),
        ("régional", "régionaux régionale régionales"),
        ("réseau", "réseaux"),
        ("enjeu", "enjeux"),
        ("qualifié", "qualifiée qualifiés qualifiées"),
        ("européen", "européenne européennes"),
        ("francilien", "francilienne"),
        ("offensif", "offensive"),
        ("hébergeur", "hébergeuse hébergeurs"),
        ("dangereux", "dangereuse"),
        ("données", "donnée"),
        ("clouds", "cloud"),
        ("professionnel", "professionnelle"),
        ("français", "française"),
        ("hospitalier", "hospitalière"),
        ("Microsoft", "Microsofts"),
    ],
)
def test_a_reader_expects_these_forms(word: str, others: str) -> None:
    assert all(finds(word, other) for other in others.split())


@pytest.mark.parametrize(
    ("word", "stranger"),
    [
        ("cours", "cour"),
        ("sens", "sen"),
        ("temps", "temp"),
        ("données", "donné"),
        ("accord", "accorde"),
        ("règlement", "réglementé"),
        ("SNDS", "SNDSS"),
        ("par", "pars"),
        ("bus", "bu"),
        ("porte", "port"),
        ("certification", "certificatione"),
        ("Outscale", "Outscal"),
        ("virus", "viru"),
        ("H2O2", "H2O2s"),
    ],
)
def test_false_forms_are_not_made(word: str, stranger: str) -> None:
    assert not finds(word, stranger)


def test_a_word_is_always_one_of_its_forms() -> None:
    assert all(word in inflections(word) for word in ("jeux", "yeux", "Thales", "héros", "bijoux", "nez", "S3NS"))


def test_every_family_has_a_name_that_is_found_without_accents() -> None:
    assert family("heberger") == "héberger"
    assert family("inconnue") is None
    assert all(family(name) == name and len(FAMILIES[name]) > 3 for name in FAMILIES)


@pytest.mark.parametrize(
    ("name", "found", "left"),
    [
        ("~héberger", "hébergements hébergeait hébergé hébergeurs", "auberge"),
        ("~souverain", "souveraineté souveraines", "souvent"),
        ("~chiffrer", "chiffrement chiffrées", "chiffre"),
        ("~migrer", "migrera migration", "migrant"),
        ("~administrer", "administration", "administrateur"),
    ],
)
def test_a_family_joins_what_no_stemmer_does(name: str, found: str, left: str) -> None:
    assert all(finds(name, word) for word in found.split())
    assert not finds(name, left)


def test_an_alias_inflects_only_its_lower_case_words() -> None:
    assert forms(parse("certification HDS"), entity=True) == ("certification HDS", "certifications HDS")
    assert forms(parse("Cnil"), entity=True) == ("Cnil",)


def test_a_long_phrase_has_a_bounded_number_of_forms() -> None:
    assert len(forms(parse("souverain hospitalier national européen qualifié régional"))) <= 96


@pytest.mark.parametrize("written", ["", "...", "!", "*", "~", "~rien", "Яндекс", "« »"])
def test_what_folds_to_nothing_has_no_pattern(written: str) -> None:
    assert not patterns(parse(written))


@pytest.mark.parametrize(
    ("term", "title"),
    [("cœur", "coeur"), ("coeur", "cœur"), ("Œuvre", "oeuvre"), ("curriculum vitæ", "curriculum vitae")],
)
def test_ligatures_are_found_both_ways(term: str, title: str) -> None:
    assert finds(term, title)


@pytest.mark.parametrize("entity", [False, True])
@pytest.mark.parametrize(
    "written",
    [
        "données de santé", "n 5", "nœud de cœurs", "oeuvre d'art", "arrêté n° 2018-137", "SecNumCloud", "½ journée",
        "hébergeurs français et européens", "Яндекс cloud", "cybersécurité hospitalière", "L’Œuvre", "C.N.I.L.", "…",
        "loi visant à sécuriser et à réguler l'espace numérique",
    ],
)  # fmt: skip
def test_each_form_has_its_pattern_however_it_is_spelt(written: str, entity: bool) -> None:
    term = parse(written)
    folded = [b" ".join(fold(form).split()) for form in forms(term, entity=entity)]
    wanted = {b" %b " % each for each in folded if each and b"\x90" not in each}
    found = patterns(term, entity=entity)
    assert wanted <= found
    assert {_unbound(each) for each in found} == {_unbound(each) for each in wanted}


def _unbound(pattern: bytes) -> bytes:
    return re.sub(rb" no(?= [0-9])", b" n", pattern.replace(b"\x9c", b"oe").replace(b"\x9d", b"ae"))
