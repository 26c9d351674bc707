"""Whom an act concerns: the roles that its own words mean, by a closed table. Pure."""

import re
from typing import Literal, get_args

from matchers.language.text import fold

PublicRole = Literal["hebergeur", "etablissement", "editeur", "collectivite", "professionnel", "journaliste"]

PUBLIC_ROLES: tuple[PublicRole, ...] = get_args(PublicRole)

_ROLES: tuple[tuple[PublicRole, str], ...] = (
    (
        "hebergeur",
        r"hebergeurs?(?![a-z ]* (?:touris|loisir|saisonn|meuble|(?:mineurs?|personnes|animaux|solidaires?)(?![a-z])))"
        r"|hebergeant(?= des donnees)|hebergement de donnees|informatique en nuage"
        r"|cloud|centres? de donnees"
        r"|infogerants?|prestataires? (?:de services? (?:numerique|qualifie|d informatique"
        r"|de traitement)|qualifie|d hebergement|d infogerance|de services? informatique)[a-z]*"
        r"|operateurs? de plateformes?|data ?centers?|fournisseurs? (?:de services? )?(?:numerique"
        r"|d hebergement|cloud|d informatique)[a-z]*",
    ),
    (
        "etablissement",
        r"etablissements?(?: (?!cooperation|enseignement|credit)[a-z]+){0,5}? (?:de sante"
        r"|hospitaliers?|medico sociaux|sanitaires?|de soins|sociaux)|hopita(?:l|ux)"
        r"|chu|chru|centres? hospitaliers?|centres? de lutte contre le cancer|cliniques?(?! veterinaires?)"
        r"|ehpad|groupements? hospitaliers?|ght|groupements? de cooperation sanitaire"
        r"|ap ?hp|structures? (?:de soins|medico sociales|sanitaires)|fonction publique hospitaliere|(?:maisons?"
        r"|centres?) de sante|hospices?|pharmacies? a usage interieur"
        r"|hospitalisation a domicile|aide medicale urgente|samu|smur|ssiad|services? de soins infirmiers"
        r"|services? autonomie a domicile|personnels? hospitaliers",
    ),
    (
        "editeur",
        r"editeurs?(?! de (?:services? de )?(?:presse|livres?|musique|phonogrammes?"
        r"|jeux|services? de (?:television|radio|communication)))|fabricants?(?:,"
        r"| [a-z]+)*? de (?:logiciels?|dispositifs?(?: medica[a-z]+)?)|(?:industriels?"
        r"|entreprises?) (?:de services? )?du numerique|concepteurs? de (?:logiciels?"
        r"|systemes?)|developpeurs?|fournisseurs? de (?:logiciels?|systemes? d (?:information"
        r"|intelligence artificielle)|solutions?)|societes? de services? (?:informatiques?"
        r"|numeriques?)|esn"
        r"|(?:societes?|entreprises?|personnes|structures?) (?:editrices?|editant)(?! (?:de |des "
        r"|d )?(?:presse|publications?|livres?|services de|journa))",
    ),
    (
        "collectivite",
        r"collectivites?|fonction publique territoriale|(?:fonctionnaires|agents|cadres?) territoriaux|elus locaux"
        r"|ccas|communes?|departements?|regions?(?! academiques?)|metropoles?"
        r"|intercommunalites?|epci|etablissements? publics? de cooperation intercommunale"
        r"|mairies?|maires?|villes|syndicats? (?:mixtes?|intercommuna[a-z]+)|communautes? (?:urbaines?"
        r"|de communes|d agglomeration)|conseils? (?:departementa|regiona|municipa"
        r"|metropolitain)[a-z]*",
    ),
    (
        "professionnel",
        r"professionnels?(?: (?!etablissements?)[a-z]+){0,4}? (?:de (?:la )?sante"
        r"|medica[a-z]+|soignants?)|professionnels? et etablissements? de sante|medecins?"
        r"|pharmaciens?|radiologues?|cardiologues?|anesthesistes?|psychiatres?|pediatres?"
        r"|gynecologues?|ophtalmologues?"
        r"|dermatologues?|geriatres?|urgentistes?|oncologues?|chirurgiens?|dentistes?|podologues?|psychomotriciens?"
        r"|manipulateurs? d electroradiologie|puericult(?:eurs?|rices?)|ambulanciers?|preparateurs? en pharmacie"
        r"|psychotherapeutes?|(?:assistants?|cabinets?) (?:medicaux|dentaires?)"
        r"|(?<!soins )infirmier(?:e?s)?|biologistes?|sages? femmes?|chirurgiens? dentistes?"
        r"|pharmacies?(?! a usage interieur)|officines?|laboratoires? de biologie|(?:masseurs? )?kinesitherapeutes?"
        r"|orthophonistes?|praticiens?|aides? soignant(?:e?s)?|psychologues?|ergotherapeutes?"
        r"|dieteticiens?|opticiens?"
        r"|audioprothesistes?|pedicures?|osteopathes?|orthoptistes?|internes? (?:en|de)|auxiliaires? de soins"
        r"|soignants?|auxiliaires? medicaux",
    ),
    (
        "journaliste",
        r"journalistes?|(?:entreprises?|editeurs?|services?|agences?|organes?|publications?|titres?) de presse",
    ),
)
_READ = tuple((role, re.compile(rf"(?<![a-z0-9])(?:{form})(?![a-z0-9])")) for role, form in _ROLES)
_BUT = re.compile(r"(?<![a-z])(?:a l exception|a l exclusion|sauf|hormis|autres que|hors)(?![a-z])")

# « éditeurs de logiciels de cabinet et d'officine »: whom a software is for is not whom its publisher's duty concerns
_SOFTWARE = re.compile(r"(?<![a-z])(editeurs? de (?:logiciels?|systemes?|solutions?))(?! pour)[a-z ]*")

_CANDIDATES = re.compile(r"(?<![a-z])candidats? (?:a|au|aux) (?:concours|examens?|epreuves?)[a-z ]*")


def audience(words: str) -> tuple[PublicRole, ...]:
    """The roles that such words mean, in the order of the table; a journalist is concerned by whatever concerns one.

    () where they mean none: then the act is everybody's. Who is named after « à l'exception » is not concerned.
    """
    folded = ", ".join(" ".join(fold(each).decode("latin-1").split()) for each in re.split("[,;/()]", words))
    kept = folded[: cut.start()] if (cut := _BUT.search(folded)) else folded
    plain = _SOFTWARE.sub(r"\1", _CANDIDATES.sub("", kept))
    found: list[PublicRole] = [role for role, form in _READ if form.search(kept if role == "editeur" else plain)]
    return tuple(dict.fromkeys((*found, "journaliste"))) if found else ()
