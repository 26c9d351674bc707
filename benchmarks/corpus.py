"""Articles made by seed from sentences written for this: the same ones on every machine."""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from matchers.language.text import fold
from matchers.model import Article

SEED = 20260101
LENGTH = 4_000  # characters of an article's text

Kind = Literal["ordinary", "relevant", "dense"]
"""No sentence on what is watched; one in ten; all of them."""

SLOTS = {
    "lieu": "Rennes|Lille|Brest|Nancy|Toulouse|Le Havre|Saint-Étienne|Dijon|Bordeaux|Amiens|Pau|Besançon",
    "mois": "janvier|février|mars|avril|mai|juin|septembre|octobre|novembre|décembre",
    "n": "3|7|12|18|26|40|62|85|120|350|1\u202f200|4\u202f500",
    "qui": "la maire|le préfet|la directrice|le syndicat|le collectif d’usagers|l’exploitant|la présidente"
    "|le rapporteur|l’association des parents|le porte-parole|une habitante|le comité d’entreprise",
    "quoi": "le tramway|la piscine|la halle du marché|le lycée professionnel|la station d’épuration|la médiathèque"
    "|le parc éolien|la ligne de fret|le plan de circulation|la rocade|le stade|la maison de quartier",
    "verbe": "inquiète|rassure|divise|surprend|réjouit|agace|mobilise|intrigue",
    "chose": "un rapport|une étude|un sondage|une note interne|un audit|une enquête de terrain|une expertise",
}
ORDINARY = """
Le conseil municipal de {lieu} s’est réuni jeudi soir pour examiner le budget de l’année à venir.
«\u00a0Nous n’avons pas d’autre choix\u00a0», reconnaît {qui}, qui suit le dossier depuis {n} mois.
La réunion a duré près de trois heures\u00a0; aucune décision n’a été prise sur {quoi}.
Les travaux commenceront en {mois}, après l’enquête publique, et coûteront {n} millions d’euros.
Selon {chose}, {n}\u00a0% des personnes interrogées disent mal connaître leurs droits.
Le tribunal de {lieu} rendra son jugement le {n} {mois} (les deux parties peuvent faire appel).
À l’hôpital de {lieu}, les équipes de nuit manquent encore de bras\u00a0: vingt postes restent à pourvoir.
Qui paiera\u00a0? La question revient à chaque séance, sans réponse claire.
Les données de l’enquête seront publiées à l’automne, promet le ministère.
Un opérateur de réseau a prévenu ses clients d’une panne de quelques minutes.
Le prix du gaz a reculé de {n}\u00a0% en un mois, d’après les chiffres officiels.
L’éditeur prévoit d’embaucher une cinquantaine d’ingénieurs à {lieu} et à {lieu}.
Cette réforme, attendue depuis 2019, avait été repoussée deux fois.
Interrogé par nos soins, le cabinet n’a pas souhaité faire de commentaire…
Le cœur du projet reste inchangé\u00a0: moderniser les outils et former les agents.
L’annonce {verbe} les riverains, à {n} jours de la rentrée.
«\u00a0On nous l’avait promis pour {mois}\u00a0», rappelle {qui}, un peu lasse.
{quoi} fermera tout l’été, faute de personnel qualifié, et rouvrira en {mois}.
Un automobiliste a été blessé dimanche près de {lieu}\u00a0; ses jours ne sont pas en danger.
Le festival attend {n}\u00a0000 visiteurs, soit {n}\u00a0% de plus que l’an dernier.
Pour {qui}, «\u00a0le compte n’y est pas\u00a0»\u00a0: il manque encore {n} places en crèche.
La région apportera {n} millions, l’État le reste, si le calendrier est tenu.
D’après {chose} que nous avons pu consulter, le chantier a pris {n} semaines de retard.
Les agriculteurs de la plaine demandent une aide d’urgence après la grêle de {mois}.
Une averse a interrompu la finale, reprise dans la soirée devant un public clairsemé.
Le film, tourné entre {lieu} et {lieu}, sort mercredi dans {n} salles.
Rien n’est signé, mais {qui} y croit\u00a0: «\u00a0Le dossier est solide.\u00a0»
Les syndicats appellent à la grève le {n} {mois}\u00a0; un service minimum est prévu.
Le taux de chômage de l’agglomération est passé sous les {n}\u00a0%, une première depuis dix ans.
À la veille des vacances, l’affluence {verbe} les commerçants du centre-ville.
La startup a levé {n} millions d’euros auprès d’investisseurs européens.
Un smartphone pliant, une montre et des écouteurs\u00a0: la marque renouvelle tout son catalogue.
La mise à jour corrige {n} défauts, dont un jugé sérieux par son éditeur.
Le service client promet une réponse sous {n} heures, y compris le week-end.
L’entreprise familiale, fondée en 1948, exporte désormais dans {n} pays.
{chose} le confirme\u00a0: les ménages dépensent moins en vêtements et plus en loisirs.
Les pompiers de {lieu} sont intervenus {n} fois dans la nuit à cause du vent.
Le député promet d’interroger le gouvernement «\u00a0dès mardi\u00a0» sur {quoi}.
Au musée de {lieu}, une exposition réunit {n} toiles venues de collections privées.
Le vainqueur l’emporte en 2 h {n}, devant un coureur belge et un Espagnol.
La commission a rendu son avis\u00a0: favorable, sous réserve de {n} modifications.
Il faudra s’armer de patience\u00a0: la rue restera en sens unique jusqu’en {mois}.
Le club de {lieu} recrute un gardien et deux milieux avant la fin du marché des transferts.
Une pétition a réuni {n} signatures en trois jours contre le projet de {quoi}.
Le médecin du village part à la retraite\u00a0; personne ne s’est encore présenté.
""".strip().splitlines()
ABOUT = """
Le Health Data Hub quittera Microsoft Azure pour un hébergeur qualifié SecNumCloud.
La plateforme des données de santé doit migrer vers un cloud souverain avant {mois}.
La Cnil a autorisé l’entrepôt EMC2, hébergé chez Microsoft, pour trois ans.
L’ANSSI a délivré la qualification SecNumCloud à {n} offres d’informatique en nuage.
Bleu, la coentreprise d’Orange et de Capgemini, vise la qualification SecNumCloud.
S3NS, filiale de Thales et de Google Cloud, a franchi un jalon avec l’Anssi.
Le nouveau référentiel HDS impose l’hébergement en Europe, rappelle l’Agence du numérique en santé.
La certification HDS de l’hébergeur de {lieu} a été renouvelée par un organisme accrédité.
Le Conseil d’État a rejeté le recours contre l’hébergement des données de santé chez AWS.
Le Cloud Act et la section 702 du FISA exposent les données aux autorités américaines.
Le SNDS, que copie le Health Data Hub, réunit {n} milliards de lignes.
OVHcloud, Outscale et NumSpot répondent à l’appel d’offres pour l’hébergement.
Le schéma EUCS ne prévoit plus de critère d’immunité, regrette la DINUM.
L’espace européen des données de santé (EHDS) entre en application en {mois}.
Une cyberattaque a paralysé le CHU de {lieu}\u00a0: les données des patients ont fuité.
La Cnil sanctionne un éditeur pour avoir traité des données de santé sans autorisation.
Devant le Sénat, Anton Carniaux n’a pu garantir que les données restent hors d’atteinte.
William Méauzoone, de Leviia, réclame un cloud de confiance pour les hôpitaux.
La loi SREN encadre le recours au cloud pour les données sensibles de l’État.
Microsoft 365 et Office 365 sont déconseillés par la circulaire sur le cloud au centre.
""".strip().splitlines()


@dataclass(frozen=True, slots=True)
class Corpus:
    """`articles` of each kind; `digest` changes if a single character does."""

    articles: dict[Kind, tuple[Article, ...]]
    digest: str


def corpus(count: int = 200, seed: int = SEED) -> Corpus:
    """`count` articles of each kind."""
    choice = random.Random(seed)
    shares: dict[Kind, float] = {"ordinary": 0.0, "relevant": 0.1, "dense": 1.0}
    articles = {
        kind: tuple(_article(choice, share, f"{kind}{number}") for number in range(count))
        for kind, share in shares.items()
    }
    digest = hashlib.sha256(repr(articles).encode()).hexdigest()[:12]
    return Corpus(articles, digest)


def _article(choice: random.Random, share: float, name: str) -> Article:
    sentences: list[str] = []
    while sum(map(len, sentences)) < LENGTH:
        sentences.append(sentence(choice, ABOUT if choice.random() < share else ORDINARY))
    title, summary = (sentence(choice, ABOUT if share else ORDINARY).rstrip(".") for _ in range(2))
    return Article(name, title, summary, " ".join(sentences))


def sentence(choice: random.Random, among: Sequence[str]) -> str:
    """One sentence, its blanks filled."""
    text = choice.choice(among)
    for slot, words in SLOTS.items():
        while f"{{{slot}}}" in text:
            text = text.replace(f"{{{slot}}}", choice.choice(words.split("|")), 1)
    return text[0].upper() + text[1:]


# --- invented words, for lists longer than anyone writes -------------------------------------------------------------
_TAILS = tuple(
    "bec dan dis fort gard lan lis mont nex nis pax ric sol tec tis tor ven vox wan zor".split()  # noqa: SIM905
)


def names(count: int, seed: int = SEED) -> list[str]:
    """As many different invented names; they begin like the words of the articles, so that a pass goes deep."""
    choice = random.Random(seed)
    words = sorted(
        {word for line in (*ORDINARY, *ABOUT) for word in fold(line).decode("latin-1").split() if word.isalpha()}
    )
    found: dict[str, None] = {}
    while len(found) < count:
        word = choice.choice(words)
        name = word[: choice.randint(2, 7)] + choice.choice(_TAILS) + choice.choice(("", "", *_TAILS))
        found[name if choice.random() < 0.5 else f"{choice.choice(words)} {name}"] = None
    return list(found)
