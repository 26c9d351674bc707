"""The kinds of facts: what French tells one, in how many forms, and what only looks like it."""

import pytest

from matchers.engine.engine import compile_engine
from matchers.language.fact_words import FACTS, Fact
from matchers.language.text import clean
from matchers.model import Article
from matchers.signal.facts import conjugated, told
from tests.matchers.builders import watchlist


def found(kind: Fact, sentence: str, *, headline: bool = True) -> list[str]:
    text = clean(sentence)
    spans = told((kind,), text.text, text.folded.decode("latin-1"), headline=headline)
    return [text.text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("verb", "told_by"),
    [
        ("adopter", "adopte adoptent adopta adopterent adopté adoptée adoptés adoptées"),
        ("infliger", "inflige infligent infligea infligerent infligé infligée infligés infligées"),
        ("rejeter", "rejette rejettent rejeta rejeterent rejeté rejetée rejetés rejetées"),
        ("choisir", "choisit choisissent choisirent choisi choisie choisis choisies"),
        ("obtenir", "obtient obtiennent obtint obtinrent obtenu obtenue obtenus obtenues"),
        ("remettre", "remet remettent remit remis remise remises"),
    ],
)
def test_a_verb_tells_a_fact_in_the_third_person_and_by_its_participles(verb: str, told_by: str) -> None:
    forms = conjugated(verb)
    assert {*forms.told, *forms.participles} == set(told_by.split())


@pytest.mark.parametrize(
    ("kind", "sentence", "words"),
    [
        ("octroi", "Nuage SA vient tout juste d'obtenir son visa", "vient tout juste d'obtenir"),
        ("octroi", "L'agence a enfin remis à Nuage SA son visa", "a enfin remis à Nuage SA son visa"),
        ("octroi", "Les deux offres sont désormais qualifiées", "sont désormais qualifiées"),
        ("octroi", "Nuage SA qualifié SecNumCloud", "Nuage SA qualifié SecNumCloud"),
        ("octroi", "Feu vert pour le nuage breton", "Feu vert"),
        ("retrait", "Qualification suspendue pour Nuage SA", "suspendue"),
        ("retrait", "Le certificat n'a pas été renouvelé", "n'a pas été renouvelé"),
        ("retrait", "Un éditeur privé de son certificat", "privé de son certificat"),
        ("retrait", "Retrait du visa de Nuage SA", "Retrait"),
        ("décision", "Les Sages censurent l'article 4", "censurent"),
        ("décision", "La cour donne tort à la Cnil", "donne tort"),
        ("décision", "Nuage SA a eu gain de cause", "a eu gain de cause"),
        ("décision", "Le tribunal prononce l'annulation du marché", "prononce l'annulation"),
        ("recours", "Deux associations saisissent le juge", "saisissent"),
        ("recours", "Un candidat traîne la plateforme devant le juge", "traîne la plateforme devant"),
        ("sanction", "L'hôpital mis en demeure", "mis en demeure"),
        ("sanction", "Amende record pour une mutuelle", "Amende"),
        ("texte", "Promulgation de la loi", "Promulgation"),
        ("texte", "La loi est entrée en vigueur", "entrée en vigueur"),
        ("texte", "Le décret sur les données sensibles de l'État est enfin publié", "décret sur"),
        ("texte", "Les eurodéputés disent oui", "disent oui"),
        ("marché", "Le ministère opte pour Nuage SA", "opte"),
        ("marché", "Le groupement va confier ses dossiers à Nuage SA", "va confier"),
        ("marché", "Le marché finalement attribué à Nuage SA", "attribué"),
        ("départ", "La plateforme dira adieu à Azur", "dira adieu"),
        ("départ", "L'armée tourne le dos à Azur", "tourne le dos"),
        ("départ", "Fin de l'hébergement chez Azur", "Fin de l'hébergement"),
        ("soins", "L'hôpital est revenu au papier", "revenu au papier"),
        ("soins", "Une attaque prive des milliers de soignants de leur logiciel", "prive des milliers de soignants"),
        ("soins", "L'hôpital réoriente les ambulances", "réoriente les ambulances"),
        ("panne", "Panne géante chez l'hébergeur", "Panne"),
        ("octroi", "Nuage SA, premier à passer sous SecNumCloud", "passer sous SecNumCloud"),
        ("octroi", "Nuage SA est enfin SecNumCloud", "Nuage SA est enfin SecNumCloud"),
        ("retrait", "L'agence biffe l'offre de son catalogue", "biffe l'offre de son catalogue"),
        ("recours", "Plainte contre l'éditeur du logiciel", "Plainte contre"),
        ("sanction", "Une astreinte de 10 000 euros pour l'éditeur", "Une astreinte"),
        ("sanction", "La Cnil somme la mutuelle de purger ses fichiers", "somme la mutuelle de"),
        ("soins", "Les sages-femmes écrivent tout dans des cahiers", "écrivent tout dans des cahiers"),
        (
            "soins",
            "Le préfet demande aux habitants d'éviter les urgences",
            "demande aux habitants d'éviter les urgences",
        ),
        ("soins", "Les urgences n'acceptent plus que les cas graves", "urgences n'acceptent plus que"),
        ("soins", "La clinique perd ses dossiers", "perd ses dossiers"),
        ("texte", "L'interdiction étendue aux mairies", "interdiction étendue"),
        ("soins", "Des dialyses supprimées à la clinique", "dialyses supprimées"),
        ("soins", "La clinique sans téléphones ni bloc", "sans téléphones"),
        ("coupure", "Le procureur coupé de ses courriels", "coupé de ses courriels"),
        ("coupure", "L'éditeur désactive les comptes du tribunal", "désactive les comptes"),
        ("aveu", "Amazon reconnaît ne rien pouvoir contre une réquisition", "Amazon reconnaît"),
        ("aveu", "L'hébergeur se dit incapable de garantir le secret", "incapable de garantir"),
        ("aveu", "Google ne peut pas promettre le secret", "Google ne peut pas"),
        ("aveu", "Amazon a remis les courriels d'une mairie", "Amazon a remis"),
        ("octroi", "Le club des qualifiés s'agrandit", "club des qualifiés s'agrandit"),
        ("octroi", "L'agence appose enfin son visa", "appose enfin son visa"),
        ("retrait", "Nuage SA amputé de son label", "amputé de son label"),
        ("retrait", "L'agence retranche du périmètre un centre", "retranche du périmètre"),
        ("retrait", "Le certificat de Nuage SA n'est plus valide", "certificat de Nuage SA n'est plus valide"),
        ("retrait", "Deux certificats déclarés caducs", "certificats déclarés caducs"),
        ("décision", "Le choix d'Azur conforté par le tribunal", "conforté par le tribunal"),
        ("décision", "L'entrepôt, bloqué par les juges", "bloqué par les juges"),
        ("sanction", "La Cnil frappe fort : 40 000 euros pour une clinique", "Cnil frappe fort : 40 000 euros"),
        ("sanction", "Trois millions d'euros : la note de la Cnil", "euros : la note de la Cnil"),
        ("texte", "La circulaire exige un nuage français", "circulaire exige"),
        ("marché", "Nuage SA préféré aux géants", "préféré aux"),
        ("marché", "L'hôpital met le cap sur Nuage SA", "met le cap sur"),
        ("report", "La bascule repoussée à 2028", "repoussée"),
        ("sanction", "La formation a fixé à 9 000 euros le prix", "a fixé à 9 000 euros"),
        ("soins", "La clinique envoie ses malades à Nîmes", "envoie ses malades"),
        ("soins", "Le bloc ne dispose plus de ses écrans", "ne dispose plus de ses écrans"),
        ("soins", "L'attaque rend les agendas inutilisables", "agendas inutilisables"),
        ("marché", "Nuage SA a pris le relais d'Azur", "a pris le relais"),
        ("départ", "Le contrat d'Azur n'est pas reconduit", "contrat d'Azur n'est pas reconduit"),
        ("départ", "L'hébergement chez Azur prend fin", "prend fin"),
        ("texte", "Signé lundi, le décret surprend", "Signé lundi, le décret"),
        ("report", "La copie aura quatre mois de retard", "mois de retard"),
    ],
)
def test_a_fact_is_told_by_verbs_nouns_and_set_phrases(kind: Fact, sentence: str, words: str) -> None:
    assert any(each.startswith(words) for each in found(kind, sentence)), found(kind, sentence)


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("octroi", "Nuage SA voudra obtenir le visa"),
        ("octroi", "Des offres qui ne sont pas SecNumCloud"),
        ("recours", "La mairie fait appel à un hébergeur"),
        ("sanction", "La somme versée à la mutuelle de Lille"),
        ("décision", "Le comité rend un avis sur le règlement"),
        ("coupure", "Le Samu coupe court aux rumeurs"),
        ("aveu", "Le ministre reconnaît un retard"),
        ("octroi", "Nuage SA obtiendrait le visa"),
        ("octroi", "Nuage SA obtenait ses visas par lettre"),
        ("octroi", "Une offre qualifiée ne suffit plus"),
        ("retrait", "Le directeur n'a pas tranché"),
        ("décision", "La stratégie s'impose : un casse-tête"),
        ("décision", "Le ministère a reconnu que le calendrier glisse"),
        ("texte", "L'industrie se mobilise avant le vote"),
        ("texte", "Le règlement s'impose dans les esprits"),
        ("marché", "L'appel d'offres serait lancé"),
        ("soins", "L'hôpital privé de la Loire a déposé plainte"),
        ("départ", "Une part de marché du nuage"),
        ("recours", "Des soignants contestent le recours à Azur"),
        ("texte", "Une offre présentée comme fidèle à la loi"),
        ("texte", "Une association exige un sursaut"),
        ("texte", "Contraintes du marché public : le nuage"),
        ("retrait", "La qualification est valable trois ans"),
        ("octroi", "Nuage : la liste des offres qualifiées par l'agence"),
        ("soins", "La clinique envoie ses factures à Nîmes"),
        ("texte", "Publié chaque année, le référentiel sert de guide"),
        ("marché", "Nuage SA prend le temps de répondre"),
        ("sanction", "Cnil : un budget de 30 millions d'euros"),
        ("report", "La migration prend du retard"),
    ],
)
def test_what_is_supposed_described_or_a_noun_tells_none(kind: Fact, sentence: str) -> None:
    assert found(kind, sentence) == []


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("La qualification obtenue par Nuage SA fait des envieux", []),
        ("Le visa accordé à Nuage SA fait des envieux", []),
        ("Obtenue en juin, la qualification rassure", ["Obtenue"]),
        ("L'agence a relu le dossier et accordé le visa", ["accordé"]),
        ("Nuage SA a obtenu le visa", ["a obtenu"]),
    ],
)
def test_below_the_headline_a_participle_alone_describes_unless_its_clause_begins_with_it(
    sentence: str, words: list[str]
) -> None:
    assert found("octroi", sentence, headline=False) == words


@pytest.mark.parametrize("kind", FACTS)
def test_every_verb_of_a_kind_is_one_that_can_be_conjugated(kind: Fact) -> None:
    assert found(kind, "Il pleut") == found(kind, "Il pleut", headline=False) == []


def test_a_law_that_imposes_is_news_in_a_headline_only() -> None:
    assert found("texte", "Cette loi impose aux hébergeurs") == ["impose"]
    assert found("texte", "Cette loi impose aux hébergeurs", headline=False) == []


@pytest.mark.parametrize(
    ("title", "summary", "news"),
    [
        ("SecNumCloud : Nuage SA", "Deux ans d'audit. L'agence a accordé le visa.", "a accordé"),
        ("SecNumCloud : Nuage SA devrait être qualifié", "", None),
        ("SecNumCloud : la qualification peut être retirée", "", None),
        ("SecNumCloud : Nuage SA menace d'abandonner son certificat", "", None),
        ("SecNumCloud : le refus non motivé que Nuage SA redouterait", "", None),
        ("Deux candidats recalés à SecNumCloud", "", "recalés"),
        ("SecNumCloud : « Nous avons obtenu le visa en un an », raconte son directeur", "", None),
        ("SecNumCloud : Nuage SA « obtient » le visa", "", "obtient"),
        ("SecNumCloud : Nuage SA espère sa qualification", "L'hébergeur a franchi les premiers jalons.", None),
        ("SecNumCloud : Nuage SA ne veut pas attendre", "L'hébergeur a obtenu le visa.", "a obtenu"),
        ("SecNumCloud : l'agence défend les visas accordés aux géants", "", None),
        ("La suspension du visa SecNumCloud demandée par un rival", "", None),
        ("Un géant perd son visa", "SecNumCloud reste exigeant. L'agence se tait.", "perd"),
    ],
)
def test_a_watchlist_names_kinds_of_facts(title: str, summary: str, news: str | None) -> None:
    rules = watchlist(any=["SecNumCloud"], level="flash", news={"facts": ["octroi", "retrait"]})
    (match,) = compile_engine({"x": rules}, {}).match(Article(title=title, summary=summary))
    assert (match.news, match.rings) == (news, news is not None)


@pytest.mark.parametrize(
    ("kind", "sentence", "headline", "words"),
    [
        ("marché", "L'État a notifié hier le marché", False, ["a notifié"]),
        ("marché", "Le ministère relance le marché", True, ["relance le marché"]),
        ("marché", "LE MINISTERE RELANCE LE MARCHE", True, ["RELANCE LE MARCHE"]),
        ("marché", "Nuage SA lance une offre d'hébergement", True, []),
        ("départ", "La plateforme sort enfin d'Azur", True, ["sort enfin d"]),
        ("départ", "Sa part de marché recule", True, []),
        ("recours", "Recours contre l'entrepôt : audience mercredi", True, []),
        ("recours", "Un collectif annonce un recours", True, ["annonce un recours"]),
        ("octroi", "La qualification sera accordée en mars", True, []),
        ("départ", "Les données seront transférées à Lille", True, ["transférées"]),
    ],
)
def test_objects_carried_nouns_and_what_will_be(kind: Fact, sentence: str, headline: bool, words: list[str]) -> None:
    assert found(kind, sentence, headline=headline) == words


@pytest.mark.parametrize(
    ("kind", "sentence", "words"),
    [
        ("recours", "La cour renvoie à la CJUE une question", ["renvoie à la CJUE"]),
        ("octroi", "L'agence octroie le visa", ["octroie"]),
        ("soins", "L'hôpital est contraint de transférer des patients", ["contraint de transférer des patients"]),
        ("départ", "Le ministère décide de quitter Azur", ["décide de quitter"]),
        ("départ", "Le ministère voulait quitter Azur", []),
        ("octroi", "Nuage SA annonce avoir reçu le visa", ["annonce avoir reçu"]),
        ("retrait", "Nuage SA se voit retirer le visa", ["se voit retirer"]),
        ("octroi", "Nuage SA rêve d'avoir reçu le visa", []),
        ("soins", "L'attaque a forcé la clinique à fermer son accueil", ["forcé la clinique à fermer"]),
        ("soins", "La panne contraint les équipes à reporter des soins", ["contraint les équipes à reporter"]),
        ("octroi", "La loi contraint les hébergeurs à obtenir le visa", []),
        ("sanction", "La clinique devra payer 300 000 euros", ["devra payer 300"]),
        ("sanction", "La clinique devra payer ses fournisseurs", []),
        ("aveu", "L'hébergeur a transmis ces courriels à la police", ["a transmis ces courriels à la police"]),
        ("aveu", "L'hébergeur a transmis son dossier à l'agence", []),
        ("aveu", "Le groupe a admis qu'il ne peut pas le garantir", []),
        ("aveu", "Le groupe a admis ne pas pouvoir le garantir", ["a admis ne pas pouvoir"]),
        ("texte", "Le texte, attendu depuis un an, est paru hier", ["Le texte, attendu depuis un an, est paru"]),
        ("texte", "Le texte, attendu depuis un an, sera publié", []),
    ],
)
def test_what_has_to_be_or_is_said_to_be_done(kind: Fact, sentence: str, words: list[str]) -> None:
    assert found(kind, sentence, headline=False) == words


@pytest.mark.parametrize(
    ("kind", "sentence", "words"),
    [
        ("octroi", "Nuage SA : l'hébergeur breton qualifié SecNumCloud", ["l'hébergeur breton qualifié SecNumCloud"]),
        ("octroi", "Après Lys, Nuage SA qualifié à son tour", []),
        ("octroi", "Seul jusqu'ici : Nuage SA qualifié à son tour", ["Nuage SA qualifié à son tour"]),
        ("octroi", "Seules neuf offres qualifiées SecNumCloud à ce jour", []),
        ("octroi", "Un hébergeur qualifié SecNumCloud ouvre un centre", []),
        ("octroi", "L'agence lève la suspension du visa", ["lève la suspension"]),
        ("octroi", "Qualification élargie à deux offres", ["Qualification élargie"]),
        ("décision", "Plateforme : annulation partielle de l'avis", ["annulation"]),
        ("décision", "SNDS : autorisation accordée à Nuage SA", ["autorisation accordée"]),
        ("départ", "La plateforme, c'est fini chez ce géant", ["c'est fini chez"]),
        ("départ", "Migration de la plateforme : la facture s'alourdit", []),
        ("départ", "Migration de la plateforme chez Nuage SA", ["Migration"]),
        ("sanction", "Piratage de la clinique : deux ans de prison pour l'auteur", ["ans de prison"]),
        ("sanction", "Amende de la Cnil : la clinique fera appel", []),
        ("sanction", "Sanction de la Cnil : Lys plaidera en juin", []),
        ("sanction", "Mise en demeure : les hôpitaux répondent", []),
        ("sanction", "Amende de la Cnil pour une clinique : le montant surprend", ["Amende"]),
        ("soins", "Fermeture des urgences après une attaque", ["Fermeture des urgences"]),
        ("soins", "À Arles, l'attaque bloque les soins", ["bloque les soins"]),
        ("soins", "Transfert de patients vers Nîmes", ["Transfert de patients"]),
        ("texte", "Deux éditeurs signent un accord sur le nuage", []),
    ],
)
def test_headlines_without_a_verb_and_clauses_after_a_colon(kind: Fact, sentence: str, words: list[str]) -> None:
    assert found(kind, sentence) == words


@pytest.mark.parametrize(
    ("kind", "sentence", "is_told"),
    [
        ("décision", "Le Conseil d'État torpille l'entrepôt", True),
        ("décision", "Entrepôt : la justice belge siffle la fin", True),
        ("décision", "Le tribunal administratif de Melun balaie la demande", True),
        ("décision", "Le Conseil d'État examine l'entrepôt", False),
        ("décision", "Le Conseil d'État et la Cnil se parlent", False),
        ("décision", "La justice entendra les parties en mars", False),
        ("décision", "La Cnil étrille un entrepôt devant la justice", False),
        ("texte", "Nuage : les eurodéputés rallient Paris", True),
        ("texte", "Nuage : les eurodéputés débattent", False),
        ("texte", "Le Parlement européen veut un nuage à lui", False),
        ("texte", "Le texte passe à 412 voix", True),
        ("texte", "Bruxelles entérine le schéma de certification", True),
        ("texte", "Les Vingt-Sept entérinent le Data Act révisé", True),
        ("texte", "L'échec du label entérine la fragmentation du nuage", False),
        ("texte", "Ce visa entérine l'avance américaine, juge un consultant", False),
        ("sanction", "La Cnil présente à Lys une note de 2 millions d'euros", True),
        ("sanction", "La Cnil reçoit un budget", False),
        ("retrait", "Lys n'est plus SecNumCloud", True),
        ("retrait", "La qualification de Lys tombe", True),
        ("retrait", "Lys mis à la porte du label", True),
        ("marché", "L'appel d'offres tombe à l'eau", True),
        ("marché", "La plateforme change de maison", True),
        ("marché", "La plateforme change de cap", False),
        ("départ", "La plateforme plie bagage", True),
        ("départ", "Le juge entendra les parties du dossier", False),
        ("départ", "La migration de la plateforme coûtera cher", False),
        ("soins", "Des dialyses déplacées à Nîmes", True),
        ("panne", "Incendie dans un centre de données", True),
        ("coupure", "Lys ferme le compte d'un juge", True),
        ("aveu", "Microsoft remet à Washington des courriels", True),
    ],
)
def test_who_decides_tells_a_fact_by_any_verb_but_those_of_looking_at_it(
    kind: Fact, sentence: str, is_told: bool
) -> None:
    assert bool(found(kind, sentence)) is is_told
