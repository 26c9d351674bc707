"""The verbs that want something followed, left or written, and what stands around their object: patterns on words
folded by `wishes.folded`, a blank between two."""

import re

from matchers.model import Level

_POLITE = "stp|svp|s il (?:te|vous) plait|please|pls|plz|merci|thanks|thank you"
_ME = "(?:me |m |nous )"
_TO_ME = "(?: moi| nous| me| us)"
_TOLD = r"(?: au courant| informe\w*| au jus| posted| informed| updated)?"

FOLLOW = re.compile(
    rf"\b(?:{_ME}?(?:suivre|suivez|(?<!je )suis|(?:re?)?(?:abonne[rz]?s?|inscri(?:s|re|vez|ves?)|"
    rf"ajoute[rz]?|active[rz]?)|"
    rf"surveille[rz]?|recevoir|follow|subscribe|sign|add|track|watch|monitor){_TO_ME}?(?: up)?|"
    r"etre (?:alerte|prevenu|averti|informe|notifie)[es]*|"
    rf"{_ME}(?:alerte[rsz]?|previen(?:ne)?s|prevenir|averti[rsz]|notifie[rsz]?|informe[rsz]?|signale[rsz]?|"
    rf"tien(?:ne)?s|tenir){_TOLD}|"
    r"(?:alerte[rz]?|previen[st]|prevenez|averti(?:s|ssez)|notifie[rz]?|informe[rz]?|signale[rz]?|tien[st]|tenez|"
    rf"gardez?|alert|notify|tell|inform|ping|keep|warn){_TO_ME}{_TOLD}|"
    rf"(?:dis|dites|dire|faites|fais){_TO_ME}(?: savoir| signe)?(?= (?:quand|si|des que|lorsqu\w*|if|when))|"
    rf"(?:mets|mettez|mettre|cr[ée]e[rz]?|fais|faire|ouvre|lance[rz]?|set|create|make|put){_TO_ME}?(?: en place| up)? "
    r"(?:une?|an?) (?:nouvel(?:le)? |new )?(?:veille|alerte|alert|watchlist|watch|suivi|notification)|"
    r"let me know|keep an eye|i m interested in|(?:je suis )?interesse\w* par)(?= )"
)
LEAVE = re.compile(
    rf"\b(?:{_ME}?(?:des(?:abonne[rz]?|inscri(?:s|re|vez)|active[rz]?)|enleve[rz]?|retire[rz]?|supprime[rz]?|vire[rz]?|"
    r"degage[rz]?|cache[rz]?|masque[rz]?|ignore[rz]?|bloque[rz]?|coupe[rz]?|stop|stoppe[rz]?|arrete[rz]?|quitte[rz]?|"
    r"exclu[st]|exclure|ecarte[rz]?|unsubscribe|unfollow|remove|drop|mute|hide|block|exclude|disable|silence)"
    rf"{_TO_ME}?(?: (?:de |d )?(?:m |me |nous )?(?:envoyer|montrer|parler|recevoir|suivre|sending|showing|following)"
    rf"{_TO_ME}?)?|"
    rf"(?:je |j )?(?:ne |n )?{_ME}?(?:suis|envoies?|envoyez|montres?|montrez|parles?|parlez|affiches?|mets|mettez|"
    r"suivre)(?: moi)? plus(?: interesse\w*(?: par)?)?|"
    r"(?:(?:je |j )?(?:ne |n )?(?:veux|souhaite|desire|voudrais) (?:plus|pas)|plus)(?: du tout)?"
    r"(?: (?:recevoir|voir|entendre parler|lire|avoir|suivre))?|"
    r"(?:(?:j|y) en ai |j ai |y en a )?(?:marre|assez|ras le bol)|trop|no more|no longer|"
    r"(?:i )?(?:don t|do not|dont) (?:want|need|send me|show me)(?: any)?(?: more)?|enough|tired)(?= )"
)
BRIEF = re.compile(
    rf"(?:{_ME}?(?:fais|faites|faire|prepare[rz]?|redige[rz]?|ecri(?:s|re|vez)|genere[rz]?|sor[st]|sortir|donne[rz]?|"
    rf"pond[sz]?|il (?:me|nous) faut|j ai besoin|make|write|draft|prepare|give){_TO_ME}? "
    r"(?:un |une |l |le |la |d |de |a |the )*)?(?:petite? |rapide |short |quick )*"
    r"(?:brief|briefing|note|synthese|memo|fiche|revue de presse)(?: de veille| de synthese)?(?= )"
)
LED = re.compile(
    r"(?:(?:a|au|aux|la|le|les|l|de|du|des|d|en|un|une|sur|par|to|the|from|about|on|for|of|with|if|when|whenever|si|quand|"
    r"lorsqu|lorsque|(?:des|chaque fois) (?:que|qu)|il|y|parle|parlent|parlant|rien|anything|any|something|everything|"
    r"nouveau(?:te)?s?|nouvelles?|infos?|informations?|articles?|papiers?|publications?|actu(?:alite)?s?|news|"
    r"alertes?|alerts?|trucs?|choses?|stuff|tout|toute|toutes|tous|ce|ces|cette|qui|que|concerne|touche|vien(?:t|nent)|"
    r"provenant|veilles?|listes?|themes?|sujets?|topics?|mots?|cles?|termes?|key ?words?|terms?|watchlists?|lists?|"
    r"updates?|posts?|mentions?|concernant|rapport avec|au sujet|propos|mes|my|moi|nous|vous|tu|me|us|"
    r"someone|somebody|talks|mention(?:ed|ne|nent)|there|is|are|s|new|quelqu|sort|parait|passe|out|comes|source|site|journal|media|ou|est|"
    r"question|expression)\b ?)*"
)
"""What leads from a verb to its object."""

TAIL = re.compile(
    rf"(?: (?:{_POLITE}|pour (?:moi|nous)|for (?:me|us)|(?:a|dans|de|from|to|in|on) (?:mes|ma|my|notre|nos|our) "
    r"(?:veilles?|listes?|alertes?|abonnements?|lists?|watchlists?|feed|alerts)|maintenant|now|aussi|egalement|too|also|"
    r"any ?more|desormais|vite|d urgence|du tout|at all|quelque part|dans la presse|in the press|in the news|sort|"
    r"pour (?:le|la|les|l|mon|ma|mes|notre|nos|un|une|demain|lundi|mardi|mercredi|jeudi|vendredi)(?: \w+){0,2}|"
    r"parait|comes out|is out|la veille|veille|watchlist|alors|hein|donc))+$"
)
"""What follows an object."""

PERSONAL = re.compile(
    r"\b(?:moi|me|m|je|j|nous|us|i|suivre|suivez|suis|follow|veille|alerte|watchlist|know|mots?|termes?|key ?words?)\b"
)
_TIMES = r"(?:(?:une?|1) (?:seule )?(?:fois|mail|message|alerte) )?(?:par|chaque)"
LEVELS: tuple[tuple[Level, re.Pattern[str]], ...] = (
    ("flash", re.compile(r"\b(?:en |in |as )?(?:flash|temps reel|immediat|instantane|urgence|urgent|real ?time)\b")),
    ("daily", re.compile(rf"\b(?:en |as )?(?:quotidien(?:ne)?|journalier|daily|every day|{_TIMES} jour|tous les jours|"
                         r"once a day)\b")),
    ("weekly", re.compile(rf"\b(?:en |as )?(?:hebdo(?:madaire)?|weekly|every week|{_TIMES} semaine|"
                          r"toutes les semaines|once a week)\b")),
)  # fmt: skip
SETS = re.compile(
    r"(?:mets|mettez|mettre|passe|passez|passer|change[rz]?|regle[rz]?|bascule[rz]?|set|put|switch|move|make|get|recevoir|"
    r"envoie[rz]?|envoyer|send|veux|voudrais|aimerais|souhaite|prefere|want|would|like|prefer|je|j|i|que|qu|soit|la|le|"
    r"les|l|en|to|as|at|in|niveau|level|veille|veilles|alertes?|moi|me|a|au|de|du|stp|svp|please|merci|pour|sur|on|for|"
    r"suffit|ca|c est|assez|enough|is|seulement|uniquement|only|just|juste|tu|peux|pouvez|vous|can|you|my|mes|the|"
    r"articles?|recois|suivre|infos?|s|il|te|plait)"
)
"""What surrounds a level and the name of a watchlist that is to have it."""
