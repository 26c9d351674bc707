"""What a page writes another way than it is read is found all the same, and its span is that of the field as given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchers.engine.engine import compile_engine
from matchers.language.text import clean
from matchers.model import Problem
from matchers.scan.page import sentence_ends
from tests.matchers.builders import engine, entities, lint, match, said, spans, watchlist


@pytest.mark.parametrize(
    ("term", "text", "found"),
    [
        # dotted acronyms
        ("CNIL", "La C.N.I.L. a rendu son avis", "C.N.I.L."),
        ("DINUM!", "selon la D.I.N.U.M, qui", "D.I.N.U.M"),
        ("règlement de l'UE", "le règlement de l’U.E. sur les données", "règlement de l’U.E."),
        ("S.N.D.S.", "Le SNDS s'ouvre", "SNDS"),
        ("J.R.R. Tolkien", "un lecteur de J.R.R. Tolkien", "J.R.R. Tolkien"),
        ("cnil!", "La C.N.I.L. a rendu son avis", None),
        # marks of notes
        ("données de santé", "Les données de santé¹ des Français", "données de santé"),
        ("données de santé", "Les données* de santé**, dit-il", "données* de santé"),
        ("Health Data Hub", "Le Health Data Hub²", "Health Data Hub"),
        ("règlement 2016/679", "le règlement 2016/679³", "règlement 2016/679"),
        ("ANSSI!", "l'ANSSI⁴†", "ANSSI"),
        ("EMC2!", "le projet EMC²", "EMC²"),
        ("10 km2", "à 10 km² d'ici", "10 km²"),
        # words cut at the end of a line
        ("souveraineté numérique", "la souverai-\nneté numérique", "souverai-\nneté numérique"),
        ("hébergement", "l'héber\u00ad\ngement", "héber\u00ad\ngement"),
        ("certification", "la certifi- \n cation", "certifi- \n cation"),
        ("Seine-Saint-Denis", "en Seine-Saint-\nDenis", "Seine-Saint-\nDenis"),
        ("e-santé", "le marché de l'e-\nsanté", "e-\nsanté"),
        ("production", "la pré-\net la post-production", "production"),
        # characters left undecoded
        ("données de santé", "Les donn&eacute;es de sant&#233; fuient", "donn&eacute;es de sant&#233;"),
        ("cloud souverain", "Un cloud&nbsp;souverain", "cloud&nbsp;souverain"),
        ("l'hébergeur", "l&rsquo;h&amp;eacute;bergeur", "l&rsquo;h&amp;eacute;bergeur"),
        ("R&D", "la R&amp;D publique", "R&amp;D"),
        ("santé", "la san&shy;té", "san&shy;té"),
        ("certification", "la certi&#xFB01;cation", "certi&#xFB01;cation"),
        ("zorglub", "une &zorglub; inconnue", "zorglub"),
        # hyphens in a word
        ("extraterritorial*", "des lois extra-territoriales", "extra-territoriales"),
        ("interopérab*", "l'inter‑opérabilité", "inter‑opérabilité"),
        ("cyberattaq*", "une cyber-attaque", "cyber-attaque"),
        ("extra-territorial*", "des lois extraterritoriales", "extraterritoriales"),
        ("extraterritorial*", "un extra territorial", None),
        ("télécom*", "une télé, comme hier", None),
        # brackets, and dots of abbreviations
        ("règlement (UE) 2016/679", "Le règlement (UE) 2016/679 du 27 avril", "règlement (UE) 2016/679"),
        ("règlement UE 2016/679", "Le règlement (UE) n’est pas là", None),
        ("article 31 (SREN) et (RGPD)", "à l’article 31 (SREN) et (RGPD).", "article 31 (SREN) et (RGPD"),
        ("loi « informatique » (1978)", "la loi « informatique » (1978)", "loi « informatique » (1978"),
        ("art. 5 de la loi", "selon l'art. 5 de la loi", "art. 5 de la loi"),
        ("données de santé", "Les données. De santé, on parle", None),
        # acronyms with blanks, in the plural, in other letters
        ("HDS!", "un hébergeur H. D. S. certifié", "H. D. S."),
        ("UE!", "le droit de l’U. E. prime", "U. E."),
        ("JK!", "J. K. Rowling signe", None),
        ("CHU!", "deux CHUs touchés", "CHUs"),
        ("CHU", "deux CHUs touchés", "CHUs"),
        ("API", "les APIs ouvertes", "APIs"),
        ("fuite au GHT", "une fuite aux GHTs", None),
        ("SNDS", "le SNDSs", None),
        ("CHU!", "deux chus", None),
        ("HDS!", "les HDSs", None),
        ("ANSSI!", "l’ᴀɴꜱꜱɪ", "ᴀɴꜱꜱɪ"),
        ("CNIL!", "la 🅲🅽🅸🅻", "🅲🅽🅸🅻"),
        # notes in brackets, and after an acronym
        ("HDS!", "certifié HDS²", "HDS"),
        ("EMC2!", "la solution EMC²", "EMC²"),
        ("données de santé", "les données [1] de santé", "données [1] de santé"),
        ("cloud souverain", "un cloud[note 3] souverain", "cloud[note 3] souverain"),
        ("cloud souverain", "un cloud[^2] souverain", "cloud[^2] souverain"),
        ("certification HDS", "la certification (1) HDS", "certification (1) HDS"),
        ("données de santé", "les données<sup>2</sup> de santé", "données<sup>2</sup> de santé"),
        ("article 5 1", "l'article 5 (1)", "article 5 (1"),
        # tags, and marks of emphasis
        ("données de santé", "des données de <em>santé</em>", "données de <em>santé"),
        ("données de santé", "des données de &lt;b&gt;santé&lt;/b&gt;", "données de &lt;b&gt;santé"),
        ("cloud souverain", "un cloud<br/>souverain", "cloud<br/>souverain"),
        ("données de santé", "des **données** de _santé_", "données** de _santé"),
        ("cloud souverain", "un cloud * souverain", None),
        # other hyphens at the end of a line
        ("hébergement", "l’héber‐\r\ngement", "héber‐\r\ngement"),
        ("hébergement", "l’héber¬\ngement", "héber¬\ngement"),
        ("SecNumCloud", "la qualification SecNum‑\nCloud", "SecNum‑\nCloud"),
        # hyphens that a name or a word is not written with, or is
        ("SecNumCloud", "le label SecNum-Cloud", "SecNum-Cloud"),
        ("SecNumCloud", "le label SecNum Cloud", None),
        ("cybersécurité", "la cyber-sécurité", "cyber-sécurité"),
        ("cybersécurité", "le cyber, sécurité", None),
        ("co-entreprise", "une coentreprise", "coentreprise"),
        # both genders
        ("patient concerné", "les patient·e·s concerné·es", "patient·e·s concerné·es"),
        ("hébergeur certifié", "tout hébergeur(s) certifié(s)", "hébergeur(s) certifié(s"),
        ("médecin généraliste", "un médecin(e) généraliste", "médecin(e) généraliste"),
        ("directeur médical", "les directeur.trice.s médicaux", "directeur.trice.s médicaux"),
        ("exemple", "www.exemple.es", "exemple"),
        # a name set apart, low quotes made of commas, a capitals word cut by a line, a bare tag
        ("Gaia-X", "le projet Gaia - X avance", "Gaia - X"),
        ("Gaia-X", "le projet Gaia – X avance", "Gaia – X"),
        ("cloud public", "le cloud - public ou privé", None),
        ("cloud de confiance", "le cloud ,,de confiance'' arrive", "cloud ,,de confiance"),
        ("cloud de confiance", "le cloud,, de confiance", None),
        ("SecNumCloud", "le label SECNUM-\nCLOUD", "SECNUM-\nCLOUD"),
        ("HealthDataHub", "merci #HealthDataHub", "HealthDataHub"),
        # a hashtag of several words, or of one that is a name
        ("Health Data Hub", "merci #HealthDataHub", "HealthDataHub"),
        ("données de santé", "Fuite de #DonnéesDeSanté, encore", "DonnéesDeSanté"),
        ("espace européen des données de santé", "#EspaceEuropéenDesDonnéesDeSanté", "EspaceEuropéenDesDonnéesDeSanté"),
        ("cybersécurité", "La #CyberSécurité à l’hôpital", "CyberSécurité"),
        ("santé", "La #CyberSanté¹ et après", "Santé"),
        ("NIS2!", "le #NIS2Santé", "NIS2"),
        ("OVHcloud", "chez #OVHCloud", "OVHCloud"),
        ("SecNumCloud 3.2", "le #SecNumCloud 3.2", "SecNumCloud 3.2"),
        ("hôpital attaqué", "#HôpitalAttaqué", "HôpitalAttaqué"),
        ("données de santé", "#Donne\u0301esDeSante\u0301", "Donne\u0301esDeSante\u0301"),
        ("données de santé", "https://exemple.fr/#DonnéesDeSanté", None),
        ("santé", "#donneesdesante", None),
        ("santé publique", "#NotreSanté publique", "Santé publique"),
        ("CaRE!", "le programme #CaRE", "CaRE"),
        ("NumSpot", "chez #NumSpot", "NumSpot"),
        # the whole of it, however it is written; what of it is written as one; its words
        ("NumSpot!", "chez #NumSpot", "NumSpot"),
        ("numspot!", "chez #NumSpot", None),
        ("numspot", "chez #NumSpot", "NumSpot"),
        ("nums*", "chez #NumSpot", "NumSpot"),
        ("MonEspace!", "ouvrez #MonEspaceSanté !", "MonEspace"),
        ("Espace Santé!", "ouvrez #MonEspaceSanté !", "EspaceSanté"),
        ("offre MonNumSpot", "l’offre #Mon #NumSpot", None),
        ("DORA 2", "le #DORA2", "DORA2"),
        ("DORA2!", "le #DORA2", "DORA2"),
        ("DORA!", "le #DORA2025Bilan", "DORA"),
        # the sign of a number, and numbers of one character
        ("arrêté n° 12", "l’arrêté no 12", "arrêté no 12"),
        ("arrêté n° 12", "l’arrêté nº12", "arrêté nº12"),
        ("arrêté n° 12", "l’arrêté nᵒ\u202f12", "arrêté nᵒ\u202f12"),
        ("arrêté n° 12", "l’arrêté non 12", None),
        ("annexe IV", "l’annexe Ⅳ", "annexe Ⅳ"),
        # three letters
        ("vol de données", "Trois vols de données", "vols de données"),
        ("loi de blocage", "les lois de blocage", "lois de blocage"),
    ],
)  # fmt: skip
def test_a_term_is_found_as_pages_write_it(term: str, text: str, found: str | None) -> None:
    seen = [hit.rstrip(".)") for hit in spans(engine(any=[term]), text=text)]
    assert seen == ([found.rstrip(".)")] if found else [])


@pytest.mark.parametrize(
    ("expression", "text", "found"),
    [
        (r"article L\.? ?1111-8", "à l’article L.\u202f1111\u20118 du code", ["article L.\u202f1111\u20118"]),
        (r"n° ?2026-\d+", "le décret n°\u00a02026‑209, et nº 2026–210", ["n°\u00a02026‑209", "nº 2026–210"]),
        (r"l'article \d+", "l’article\u00a05", ["l’article\u00a05"]),
        (r'"[A-Z]+"', "« oui », “NON”", ["“NON”"]),
        ("délib[ée]ration n°\u00a0\\d+", "délibération n° 12", ["délibération n° 12"]),
        (r"T-\d+/\d+", "l'affaire T‑553/23", ["T‑553/23"]),
        (r"d&eacute;cret", "un décret", []),
        (r"décret \d+", "un d&eacute;cret&nbsp;12", ["d&eacute;cret&nbsp;12"]),
        (r"Num[A-Z]pot", "chez #NumSpot, puis #MonNumSpot", ["NumSpot", "NumSpot"]),
        (r"Num-?Spot", "chez #NumSpot", ["NumSpot"]),
    ],
)
def test_an_expression_is_looked_for_as_people_type_it(expression: str, text: str, found: list[str]) -> None:
    assert spans(engine(any=[f"regex:{expression}"]), text=text) == found


ODD = (
    "A. B. ",
    "<b>",
    "<sup>3</sup>",
    "[1]",
    "(2)",
    "·e·s",
    "(s)",
    "‑\r\n",
    "¬\n",
    "C.N.I.L.",
    "é",
    "e\u0301",
    "&eacute;",
    "&#39;",
    "&",
    ";",
    "¹",
    "²*",
    "mot",
    "-\n",
    " ",
    "  ",
    "\u00ad",
    "A.B",
    "ﬁ",
    "#DonnéesDeSanté",
    "#",
)


@given(st.lists(st.sampled_from(ODD), max_size=12))
def test_every_character_leads_back_to_its_place(parts: list[str]) -> None:
    text = "".join(parts)
    read = clean(text)
    places = [read.span(at, at + 1) for at in range(len(read.text))]
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert places == sorted(places)


def test_a_hashtag_is_told_once() -> None:
    assert spans(engine(any=["cyber-sécurité"]), "La #CyberSécurité") == ["CyberSécurité"]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("M. Dupont parle. Il part.  Fin", 3),
        ("Voir cf. p. 3, art. 5 et fig. 2 de MM. X et Y", 1),
        ("L'art. L. 1111-8, al. 2, du code", 1),
        ("Il a dit « non. » Puis oui", 2),
        ("Vraiment ? Oui ! Bien… et encore", 4),
        ("approx. dix hôpitaux, env. 3 000 lits", 1),
        ("Le Dr. Martin et Mme. Petit (cf. supra) ont signé au 12 bd. Ney. Puis rien", 2),
        ("La D.I.N.U.M. agit", 1),
    ],
)
def test_an_abbreviation_ends_no_sentence(text: str, sentences: int) -> None:
    assert 1 + len(list(sentence_ends(text))) == sentences


# --- two entities that share a word --------------------------------------------------------------------------------
SHARING = {
    "souverainete": {"name": "souveraineté des données", "aliases": ["souveraineté numérique"]},
    "sante": {"name": "données de santé", "aliases": ["numérique en santé"]},
    "hds": {"name": "hébergement des données de santé"},
}


@pytest.mark.parametrize(
    ("near", "title", "found"),
    [
        (["@souverainete", "@sante"], "Souveraineté des données de santé : le débat", True),
        (["@sante", "@souverainete"], "La souveraineté numérique en santé", True),
        (["@sante", "@sante"], "La souveraineté des données de santé", False),
        (["@sante", "title:@sante"], "Les données de santé", False),
        (["@hds", "@sante"], "L'hébergement des données de santé", False),
        (["souveraineté des données", "@sante"], "La souveraineté des données de santé", False),
        (["souveraineté des données", "données de santé"], "La souveraineté des données de santé", False),
    ],
)
def test_two_entities_may_share_a_word(near: list[str], title: str, found: bool) -> None:
    built = compile_engine({"x": watchlist(near={"terms": near, "within": 5})}, entities(SHARING))
    assert (match(built, title) is not None) is found


def test_two_entities_that_share_a_word_come_in_order() -> None:
    terms = {"terms": ["@sante", "@souverainete"], "within": 5, "ordered": True}
    built = compile_engine({"x": watchlist(near=terms)}, entities(SHARING))
    assert match(built, "La souveraineté des données de santé") is None
    assert match(built, "Données de santé et souveraineté numérique") is not None


# --- title: wherever it stands ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("terms", [["title:alpha", "alpha"], ["alpha", "title:alpha"]])
def test_a_term_wanted_in_the_title_counts_wherever_it_stands(terms: list[str]) -> None:
    both = engine(all=terms)
    assert match(both, "Un alpha") is not None
    assert match(both, "Rien", text="Un alpha") is None
    found = match(engine(any=terms), "Un alpha", text="un alpha")
    assert found is not None
    assert (found.score, [hit.field for hit in found.hits]) == (4, ["title", "text"])


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize(
    ("blocks", "title", "text", "found"),
    [
        ({"all": ["alpha", {"any": ["title:alpha", "beta"]}]}, "Un alpha", "", True),
        ({"near": {"terms": ["alpha", "beta"]}, "any": ["title:alpha"]}, "Un alpha et beta", "", True),
        ({"any": ["title:alpha"], "near": {"terms": ["alpha", "beta"]}}, "Un alpha", "un alpha beta", True),
        ({"at_least": {"n": 2, "of": ["alpha", "title:alpha", "beta"]}}, "Un alpha", "un alpha", False),
        ({"at_least": {"n": 2, "of": ["alpha", "title:alpha", "beta"]}}, "Un alpha", "un beta", True),
    ],
)
def test_blocks_see_both(blocks: dict[str, object], title: str, text: str, found: bool, order: int) -> None:
    built = engine(**dict(list(blocks.items())[::order]))
    assert (match(built, title, text=text) is not None) is found


# --- check -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("term", "lost"),
    [
        ("règlement (UE) n° 2016/679 (RGPD)", False),
        ("C.N.I.L.", False),
        ("« Blue » (OVH)", False),
        ("santé & social", False),
        ("AGENCE DU NUMÉRIQUE EN SANTÉ!", False),
        ("loi du 6 janvier 1978, article 2", True),
        ("Yahoo! Mail", True),
        ("Fin. Début", True),
    ],
)
def test_check_tries_each_term_and_alias_against_its_own_text(term: str, lost: bool) -> None:
    named = {"e": {"name": "Épreuve", "aliases": [term]}}
    found = lint({"x": watchlist(any=[term], examples={"ignore": ["rien"]})}, entities(named))
    assert not said(found)
    told = [problem for problem in found if isinstance(problem, Problem) and "son propre texte" in problem.message]
    assert [problem.path for problem in told] == ([("e", "aliases", 0), ("any", 0)] if lost else [])


@pytest.mark.parametrize(
    ("term", "instead"),
    [
        ("cloud; SecNumCloud; HDS", "[cloud, SecNumCloud, HDS]"),
        ("données de santé | patients", "[données de santé, patients]"),
        ("cloud / nuage", "[cloud, nuage]"),
        ("octroi • retrait", "[octroi, retrait]"),
        ("rançongiciel, fuite de données", "[rançongiciel, fuite de données]"),
        ("Thales – Orange", "[Thales, Orange]"),
        ("HDS!; =Blue", '["HDS!", "=Blue"]'),
        ("@hdh; @cnil", '["@hdh", "@cnil"]'),
        ("Yahoo! Mail", ""),
        ("Fin. Début", ""),
    ],
)
def test_several_terms_written_as_one_are_told_apart(term: str, instead: str) -> None:
    found = lint({"x": watchlist(any=[term], examples={"ignore": ["rien"]})}, {})
    told = [problem.message.partition("plusieurs termes\u00a0? ") for problem in found if problem.path == ("any", 0)]
    assert [hint for _, _, hint in told] == [f"un par ligne, ou «\u00a0{instead}\u00a0»" if instead else ""]


@pytest.mark.parametrize(
    ("term", "linked"),
    [
        ("cloud OR SecNumCloud", "OR"),
        ("cloud OU nuage", "OU"),
        ("hôpital ET cyberattaque", "ET"),
        ("SecNumCloud NOT webinaire", "NOT"),
        ("cloud ou nuage", ""),
        ("ARTS ET MÉTIERS", ""),
    ],
)
def test_a_condition_written_as_a_term_is_a_doubt(term: str, linked: str) -> None:
    found = lint({"x": watchlist(any=[term], examples={"ignore": ["rien"]})}, {})
    told = [problem.message for problem in found if problem.path == ("any", 0)]
    assert [f"«\u00a0{linked}\u00a0» compris" in message for message in told] == ([True] if linked else [])


def test_the_dot_that_ends_a_dotted_acronym_is_of_its_span() -> None:
    assert spans(engine(any=["CNIL"]), text="La C.N.I.L. et la C.N.I.L") == ["C.N.I.L.", "C.N.I.L"]
