"""What is no event, whatever it speaks of: guides, opinions, adverts, meetings, jobs, manuals, surveys, looks back."""

import re

from matchers.language.text import clean
from matchers.late import late
from matchers.model import Article, Quiet
from matchers.sites import parts_of

_OPENERS = "pourquoi|comment|comprendre|mode d emploi|ce qu il faut (?:savoir|retenir)|decryptage|explications"
_COUNTED = "conseils|astuces|etapes|bonnes pratiques|questions|choses|raisons|regles|outils|facons|idees recues|gestes"
_COUNTS = r"\d+|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quelques|plusieurs"
# Of titles, folded: a blank stands for any punctuation, and two for what sets apart.
_TITLES: dict[Quiet, tuple[str, ...]] = {
    "guide": (
        rf"(?:\A *|  )(?:{_OPENERS})\b",
        r"\A *(?:qu est ce qu|quels?|quelles?|peut on)\b",
        r"(?:\A *|  )(?:que faire|que faut il|que se passe t il|faut il)\b",
        rf"(?:\A *|  )(?:les |nos )?(?:{_COUNTS}) (?:\w+ )?(?:{_COUNTED})\b",
        r"(?:\A *|  )(?:l|le|les|ces?|nos) (?:bons? )?(?:reflexes?|gestes?)\b",
        r"\bguide (?:pour|pratique|complet|de|d|du|des)\b",
        r"\b(?:bonnes pratiques|pas a pas|tutoriel|livre blanc|glossaire|foire aux questions|faq|conseils pour)\b",
        r"\bce qu[ei] (?:\w+ ){0,9}?(?:change|changent|changera|changeront|changer)\b",
        r"\b(?:fiche pratique|retours? d experience|tout (?:savoir|comprendre)|comparatif|etat des lieux|diagnostic)\b",
    ),
    "opinion": (
        r"\A *(?:opinions?|tribunes?|editos?|editorial|chroniques?|billet|point de vue|cartes? blanches?)  ",
        r"\A *(?:entretien|debat|interview|itw|libre propos|avis|avis d expert|humeur)  ",
        r"\b(?:interviews?|entretiens?) (?:croisee?s?|avec|exclusi\w+|de|du)\b",
        r"\b(?:plaidoyer|tribune|angle mort|le cas oublie|il est temps de|en finir avec)\b",
    ),
    "advert": (
        r"\b(?:publi ?redactionnel|publi ?reportage|sponsorise|contenu de marque|communique de presse|code promo)\b",
        # « Hébergez vos dossiers », « Avec Nuage, gardez vos données chez vous »; between quotes somebody says it
        r"\A(?:avec (?:\w+ ){1,5} )?\w{3,}ez (?:vos|votre|nos|notre)\b",
        r"\b(?:bons? plans?|black friday|soldes|note de marche|notre solution|decouvrez (?:notre|nos|la|les))\b",
    ),
    "meeting": (
        r"\b(?:webinaires?|webinars?|conferences?(?! de presse)|colloques?|matinales?|salons?|congres(?! americain))\b",
        # what is sold or shown « sur un forum » is stolen
        r"\b(?<!sur un )(?<!sur le )(?<!sur des )(?<!sur les )(?<!sur plusieurs )forums?\b"
        r"(?! (?:cyber\w*|de (?:hack\w+|pirat\w+|discussion)|pirates?|specialises?|clandestins?|du dark\w*))"
        r"(?!.*\b(?:millions?|milliers|en vente|volee?s?|derobee?s?)\b)",
        r"\b(?:symposiums?|seminaires?|hackathons?|ateliers?|tables? rondes?|replay|podcasts?|meetups?)\b",
        r"\binscri(?:vez|ptions?)\b",
        # rendez-vous that are cancelled, and agendas that are out of order, are care
        r"\A *rendez vous (?!medica|annul|report|suppr|deprog|decal|en ligne)|\bdonn\w+ rendez vous\b",
        r"\brendez vous (?:de la|de l|du|des|le|au|aux|a|annuels?|incontournables?)\b|\bpetit dejeuner\b",
        r"\A *agenda\b|  agenda\b|\bagenda  |\bagenda \Z",
        # an attack that is only played
        r"\b(?:un|d|l) exercice\b(?! illegal| 20| d[eu] )|\bsimul(?:e|ent|ation|ations)\b|\bgrandeur nature\b",
        r"\b(?:save the date|tour de france|rencontres|assises|universites? d ete|portes ouvertes|summit)\b",
        r"\bjournees?  ?(?:d|de|du|des|nationales?|europeennes?|l|la)\b",
    ),
    "job": (
        r"\b(?:offres? d emploi|h f|f h|recrute|recrutement|cdi|cdd|stage|stagiaire|alternance|alternants?)\b",
        r"\b(?:poste a pourvoir|appel a candidatures?|fiche de poste|freelances?)\b",
    ),
    "roundup": (
        r"\b(?:revue de presse|cyberhebdo|hebdo|en bref|les breves|newsletter|recap|recapitulatif|retrospective)\b",
        r"\b(?:au sommaire|liens interessants|actu(?:alite)? de la semaine|\d+ actualites|actualites majeures)\b",
        r"\b(?:semaine  ?\d+|l essentiel de (?:l actu|la semaine)|ce qu il ne fallait pas manquer|bilan \d{4})\b",
        r"\b(?:bilan de l annee|tendances \d{4}|predictions)\b",
    ),
    "study": (
        r"\b(?:barometres?|sondages?|panorama|palmares|observatoire annuel|rapport annuel|bilan annuel)\b",
        r"\btop  ?\d+\b|\bclassement (?:d|des|de la)\b",
        r"\bl?es (?:\d+ )?(?:plus (?:gros|grand|important)\w*|pires) (?:\w+ )?"
        r"(?:fuites|\w*attaques|piratages|sanctions|amendes)\b",
        r"  (?:le |notre )?bilan\b(?! (?:\w+ ){0,2}?(?:grimp|s alourd|mont|pass|attein|s eleve|explos|doubl|revu)\w*)",
        r"attaques?(?: \w+){0,3} (?:explosent|se multiplient|bondissent|progressent|augmentent)\b",
        r"\b(?:explosion|multiplication|recrudescence) des (?:\w*attaques|fuites|vols)\b",
        r"\b(?:couts? (?:de|des|du|moyen|cache|\w+ des)|etude (?:de|du|d)|selon une (?:etude|enquete))\b",
    ),
    "lookback": (
        rf"\b(?:{_COUNTS}) (?:ans?|mois) (?:apres|plus tard|deja)\b",
        rf"\bil y a (?:{_COUNTS}) (?:ans?|mois)\b",
        r"\b(?:retour sur|petite histoire|histoire d(?:e|u|un|une)?|chronologie|anniversaire)\b",
        r"\b(?:que reste t il|lecons? d\w*|raconte(?:nt)?|temoignages?|portrait|recit|dans les coulisses)\b",
        r"(?:\A|  )(?:a l interieur d|plongee (?:dans|au)|immersion (?:dans|au))",
        r"\b(?:(?:les|des|quels|principaux|ses|leurs) enseignements|rappel (?:de l importance|utile|salutaire))\b",
    ),
}
# What a summary calls the article with its first words: « Portrait de l'hébergeur… », « Tribune. »
_SUMMARIES: dict[Quiet, str] = {
    "opinion": r"\A *(?:tribunes?|edito|editorial|chronique|billet|point de vue|entretien|interview)(?:  | avec\b)",
    "guide": r"\A *(?:decryptage|analyse|explications|mode d emploi)  |\A *(?:nos|les) (?:conseils|reponses)\b",
    "lookback": r"\A *(?:retour sur|portraits? d|portraits?  |recit  |reportage  |recit d)",
    "meeting": r"\A *(?:webinaire|replay|podcast|conference|exercice)  ",
}
_GENRE = 40  # characters of a summary in which it says what it is
_GENRES = tuple((kind, late(pattern)) for kind, pattern in _SUMMARIES.items())
_SAID = tuple((kind, late("|".join(patterns))) for kind, patterns in _TITLES.items())
_QUOTED = late(r"\A\s*[«\"“][^»\"”]*[»\"”]?[\s.]*\Z")  # a title that is all said by somebody
_PAGES = late(r"\b(?:documentation|docs?|wiki|faq|glossaires?|lexique|aide|help|guides?|tutoriels?)\b")


def timeless(article: Article) -> Quiet | None:
    """What the article is instead of an event; None if nothing tells. Its title tells, the first words of its summary,
    its address, and its source."""
    title = clean(article.title)
    folded = title.folded.decode("latin-1")
    for kind, pattern in _SAID:
        if pattern.search(folded):
            return kind
    summary = clean(article.summary[:_GENRE]).folded.decode("latin-1")
    for kind, pattern in _GENRES:
        if pattern.search(summary):
            return kind
    if title.text.rstrip().endswith("?"):
        return "guide"
    if _QUOTED.match(title.text):
        return "opinion"
    return "documentation" if is_documentation(article) else None


def is_documentation(article: Article) -> bool:
    """Do its address or its source say that it is a page of a manual?"""
    address = parts_of(article.url)
    place = f"{address.hostname or ''} {address.path}".lower()
    return any(_PAGES.search(re.sub(r"[^a-z]", " ", text)) for text in (place, article.source.lower()))
