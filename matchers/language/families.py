"""Families of French words: what `~héberger` stands for, written out, because no stemmer joins these safely."""

from collections.abc import Iterable

from matchers.language.text import fold

_ENDINGS = ("er", "e", "ent", "é", "ée", "és", "ées", "ant", "a", "ait", "aient", "èrent")
_FUTURE = ("era", "eront", "erait", "eraient")


def _verb(stem: str, soft: str | None = None, without: Iterable[str] = ()) -> set[str]:
    """Third persons, infinitive and participles of a verb in -er. `soft` is its stem before a (hébergea)."""
    hard = {stem + ending for ending in (*_ENDINGS, *_FUTURE) if not ending.startswith("a")}
    forms = hard | {(soft or stem) + ending for ending in _ENDINGS if ending.startswith("a")}
    strangers = {fold(word) for word in without}  # chiffré folds to chiffre: without one goes the other
    return {form for form in forms if fold(form) not in strangers}


def _nouns(*words: str) -> set[str]:
    return {form for word in words for form in (word, word + "s")}


_ISSER = (
    "ir",
    "it",
    "issent",
    "i",
    "ie",
    "is",
    "ies",
    "issait",
    "issaient",
    "issant",
    "ira",
    "iront",
    "irait",
    "iraient",
)

# Forms that fold to another word: these count only where their accents are written.
ACCENTED = frozenset(("chiffré", "chiffrés"))

# Left out on purpose: chiffre (a number), migrant (a person), administrateur, and what else means another thing.
FAMILIES: dict[str, frozenset[str]] = {
    name: frozenset(forms)
    for name, forms in {
        "souverain": _nouns("souverain", "souveraine", "souveraineté", "souverainiste"),
        "héberger": _verb("héberg", "héberge") | _nouns("hébergeur", "hébergeuse", "hébergement"),
        "qualifier": _verb("qualifi") | _nouns("qualification", "requalification"),
        "certifier": _verb("certifi") | _nouns("certification", "recertification", "certificateur", "certificat"),
        "chiffrer": _verb("chiffr", without=("chiffre", "chiffrent")) | _nouns("chiffrement") | {"chiffré", "chiffrés"},
        "migrer": _verb("migr", without=("migrant",)) | _nouns("migration"),
        "sanctionner": _verb("sanctionn") | _nouns("sanction"),
        "pirater": _verb("pirat") | _nouns("pirate", "piratage"),
        "administrer": _verb("administr") | _nouns("administration"),
        "attaquer": _verb("attaqu") | _nouns("attaque", "cyberattaque", "attaquant", "cyberattaquant"),
        "autoriser": _verb("autoris") | _nouns("autorisation"),
        "labelliser": _verb("labellis") | _nouns("labellisation", "label"),
        "homologuer": _verb("homologu") | _nouns("homologation"),
        "externaliser": _verb("externalis") | _nouns("externalisation"),
        "sécuriser": _verb("sécuris") | _nouns("sécurisation"),
        "condamner": _verb("condamn") | _nouns("condamnation"),
        "attribuer": _verb("attribu") | _nouns("attribution", "attributaire"),
        "suspendre": _nouns("suspension", "suspendu", "suspendue")
        | {"suspendre", "suspend", "suspendent", "suspendait", "suspendra", "suspendrait"},
        "transférer": _verb("transfér") | _nouns("transfert") | {"transfère", "transfèrent"},
        "notifier": _verb("notifi") | _nouns("notification"),
        "fuiter": _verb("fuit") | _nouns("fuite"),
        "rançonner": _verb("rançonn") | _nouns("rançon", "rançongiciel", "ransomware"),
        "investir": {f"invest{ending}" for ending in _ISSER} | _nouns("investissement", "investisseur"),
        "exfiltrer": _verb("exfiltr") | _nouns("exfiltration"),
        "divulguer": _verb("divulgu") | _nouns("divulgation"),
        "dérober": _verb("dérob"),
        "rapatrier": _verb("rapatri") | _nouns("rapatriement"),
        "stocker": _verb("stock") | _nouns("stockage"),
        "localiser": _verb("localis") | _nouns("localisation", "relocalisation") | _verb("relocalis"),
        "protéger": _verb("protég", "protége") | _nouns("protection") | {"protège", "protègent"},
        "basculer": _verb("bascul") | _nouns("basculement"),
        "renouveler": _verb("renouvel") | _nouns("renouvellement") | {"renouvelle", "renouvellent", "renouvellera"},
        "auditer": _verb("audit") | _nouns("audit", "auditeur", "auditrice"),
        "annuler": _verb("annul") | _nouns("annulation"),
        "racheter": _verb("rachet") | _nouns("rachat") | {"rachète", "rachètent", "rachètera"},
        "interdire": _nouns("interdiction", "interdit", "interdite")
        | {"interdire", "interdisent", "interdisait", "interdisant", "interdira", "interdirait"},
        "décrocher": _verb("décroch"),
        "retirer": _verb("retir") | _nouns("retrait"),
        "infliger": _verb("inflig", "inflige"),
        "adopter": _verb("adopt") | _nouns("adoption"),
        "renoncer": _verb("renonc", "renonç") | _nouns("renoncement"),
        "paralyser": _verb("paralys") | _nouns("paralysie"),
        "revendiquer": _verb("revendiqu") | _nouns("revendication"),
        "obtenir": _nouns("obtenu", "obtenue", "obtention")
        | {"obtenir", "obtient", "obtiennent", "obtenait", "obtiendra", "obtiendront"},
        "perdre": _nouns("perdu", "perdue") | {"perdre", "perd", "perdent", "perdra", "perdront"},
        "compromettre": _nouns("compromission") | {"compromet", "compromettent", "compromettre", "compromettait"},
        "dépendre": _nouns("dépendance", "dépendant", "dépendante")
        | {"dépendre", "dépend", "dépendent", "dépendait", "dépendra"},
        "choisir": {f"chois{ending}" for ending in _ISSER} | {"choix"},
    }.items()
}
