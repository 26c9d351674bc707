"""Steps of an affair: by what words French news tells a decision, a leak, an appeal. Pure."""

import re
from functools import lru_cache

from matchers.language.text import clean

MARK = "%"
_GRANTED = "qualification|certification|certificat|agrement|homologation|autorisation|habilitation"
_ENTITLED = re.compile(rf" (?:{_GRANTED})s?(?![a-z])")
# Somebody is arrested: an « arrêté » alone is an act, and what is « arrêté » may be a project
_SOMEBODY = (
    "(?:hommes?|femmes?|personnes?|jeunes?|adolescente?s?|lyceens?|etudiants?|pirates?|hackers?|hackeurs?|membres?)"
)
_HELD = (
    rf"{_SOMEBODY}(?: \w+){{0,4}} arretee?s?(?![a-z])|arrete(?:nt)? (?:une?|des|deux|trois|quatre) (?:\w+ )?{_SOMEBODY}"
)
AGAIN = "%again"  # it happens once more


def _at_words(pattern: str) -> re.Pattern[str]:
    """A pattern of words as it begins one in `_folded`: a blank to look for spares nine tries of ten."""
    first = pattern.replace(r"\A", r"(?<=\A )")
    return re.compile(f" (?:{first})")


# What kind of step in an affair a title tells: the first kind of which a word begins so, folded. A ruling names the
# appeal that it rejects, and a leak the attack that led to it: so the later step of an affair comes first.
_STEPS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, _at_words(pattern))
    for kind, pattern in (
        (
            "react",
            r"denonc|exhort|vent debout|(?<!ne )s oppos|s indign|s inquiet|fustig|protest|tolle|convoqu"
            r"|repond(?:ent)?(?![a-z])|replique"
            r"|(?:demand|reclam|exig)(?:e|ent) (?:aux? |a l etat|des comptes|des explications"
            r"|l arret|l abandon|le retrait)",
        ),
        ("plead", r"requisitions?(?![a-z])|requis(?:e|es)?(?![a-z])|requier"),
        (
            "punish",
            r"(?:ans|mois) de prison|prison (?:ferme|avec sursis)"
            r"|(?:reconnue?s?|juge(?:e|s|es)?|declaree?s?) coupables?",
        ),
        ("clear", r"relax(?:e|es|ee|ees)(?![a-z])|acquitt|blanchi|non lieu(?![a-z])"),
        ("deny", r"dement(?:i|ent|it)?(?![a-z])|refut|nie(?:nt)?(?![a-z])"),
        ("close", r"clotur|clot(?![a-z])|class(?:e|ee|ement) sans suite"),
        (
            "delay",
            r"report(?:e|er|es|ee|ees|ent)?(?![a-z])|repouss|decal(?!og)|ajourn|retarde"
            r"|(?:mois|semaines|jours|ans?) de retard|pren(?:d|nent) du retard",
        ),
        (
            "finish",
            r"(?:est|sont) (?:enfin |desormais )?(?:acheve|termine|finalise|boucle)(?:e|es|s)?(?![a-z])"
            r"|(?:acheve|boucle|finalise|termine)(?:nt)? (?:la|le|les|son|sa|l )",
        ),
        (
            "await",
            r"en delibere(?![a-z])|(?:decision|jugement|arret|verdict|reponse|delibere)s? (?:est |sont )?"
            r"(?:attendue?s?(?![a-z])|fixee?s?(?![a-z])|le \d)|(?:rendra|rendront) (?:sa|son|leur)",
        ),
        (
            "fold",
            r"(?<!echappe a la )(?<!evite la )liquidation judiciaire|en liquidation(?![a-z])|liquidee?s?(?![a-z])",
        ),
        (
            "receive",
            r"redressement judiciaire|en redressement(?![a-z])|(?:depot de|depose(?:nt)? (?:le|son)) bilan"
            r"|cessation de paiements?|procedure de sauvegarde",
        ),
        (
            "reject",
            r"rejet|debout|refus|ecarte|annul|retoqu|censur|desavou|fin de non recevoir|donne(?:nt)? tort"
            r"|revers(?![a-z])|invalide(?:nt|e|es|r)?(?![a-z])"
            r"|(?:ramene|redui(?:t|sent)|allege)(?: \w+){0,5} (?:amende|sanction|peine)",
        ),
        (
            "sue",
            r"(?<!etudient un )(?<!etudie un )(?<!envisagent un )(?<!envisage un )recours(?! (?:a|aux?)(?![a-z]))"
            r"|saisi|attaque(?:nt|ra|r)? (?:la|le|en|devant|l )|referes?(?![a-z])"
            r"|(?<!des )(?<!de )(?<!nombre de )plaintes?(?![a-z])"
            r"|(?:fait|font|faire|fera|feront) appel|interjet|pourvoi|action (?:de groupe|collective|en justice)"
            r"|assign|contre attaque|traine(?:nt)? (?:\w+ ){0,3}(?:en|devant la) justice"
            r"|contest\w*(?: \w+){0,4} (?:devant|en justice|au conseil d etat)",
        ),
        ("contest", r"contest"),
        (
            "trial",
            r"comparai|plaide(?:nt)? (?:non )?coupable"
            r"|proces (?:s ouvr|debut|commenc)|ouverture du proces|prevenus?(?![a-z])|a la barre"
            r"|(?:juges?|renvoyes?|cites?) (?:devant|a partir)"
            r"|devant (?:le tribunal|la justice|les juges|la cour d assises)",
        ),
        (
            "arrest",
            r"interpell(?:e|es|ee|ees|ations?)(?![a-z])|arrestation|presumes? |mise?s? en examen|garde a vue|suspect"
            rf"|perquisition|{_HELD}",
        ),
        (
            "recover",
            r"retabli|redemarr|retour a la normale|rouvr(?!\w* (?:une |l )?enquete)|retrouve|rallum|reouv"
            r"|revien(?:t|nent) (?:a la normale|en ligne)"
            r"|de nouveau (?:accessible|disponible|en ligne|en service)|repris(?:e|ent) d activite"
            r"|repren(?:d|nent)(?![a-z])|remise? en (?:service|route)",
        ),
        ("claim", r"revendiqu|rancon(?![a-z])|ultimatum|exige(?:nt)? de l argent"),
        (
            "leak",
            r"fuites?(?! (?:de gaz|d eau|de carburant))|diffus|divulg"
            r"|vol(?:s| massif)? (?:de|des) (?:\w+ ){0,2}(?:donnees|fichiers|dossiers|informations)"
            r"|vole(?:es|s)? |derob|subtilis|siphon|exfiltr"
            r"|en vente|m(?:et|ettent|ises?) en ligne"
            r"|(?:pirates?|hackers?|cybercriminels?|gang)(?: \w+){0,2} publi"
            r"|publi(?:e|es|ent|ees) (?:sur le net|des donnees)|dans la nature|expose(?:s|e|es|ent)?(?![a-z])",
        ),
        (
            "attack",
            r"cyberattaqu|rancongiciel|ransomware|pirat|intrusion|plan blanc"
            r"|attaques? (?:informatique|contre|visant)|(?:pris(?:e|es)?|prend) pour cible|cybermalveillan"
            r"|malveillance informatique|touche(?:e|s|es)?(?![a-z])(?! (?:par|de|a)(?![a-z]))",
        ),
        ("lose", r"perd |perte de|retir|retrait|suspen|abandonn|renonc"),
        (
            "probe",
            r"(?:r?ouvr|lanc)\w+ (?:une|deux|trois|l|son|plusieurs) enquetes?|ouvre un controle"
            r"|enquete (?:sur|contre|de|visant|europeenne|judiciaire|ouverte)"
            r"|enquetent|soupconne(?:e|s|es)? de|dans le viseur",
        ),
        (
            "punish",
            r"sanction|amende|condamn|inflig|met en demeure|mis(?:e|es)? en demeure|ecop|epingl"
            r"|puni(?:e|es|s|t|r|ssent)?(?![a-z])|penalite|astreinte|rappel(?:ee?s?)? a l ordre|verbalis"
            r"|(?:paiera|passe(?:nt)? a la caisse)(?![a-z])"
            r"|(?:devra|devront|doit|doivent) (?:payer|verser|debourser|s acquitter)(?![a-z])",
        ),
        ("report", r"(?<!par )rapports?(?![a-z])|conclusions|recommand|cour des comptes|bilan"),
        ("hear", r"audition|sous serment|devant (?:le senat|les senateurs|les deputes|la commission)"),
        (
            "choose",
            r"choisi|retenu|retien|attribu|remport|selectionn|confie|laureat|gagne(?:nt)?(?![a-z])|rafle"
            r"|opte(?:nt)? pour|jette(?:nt)? (?:son|leur) devolu|mise(?:nt)? sur|adjug"
            r"|(?:decroche|obtien)(?:nt|t)? le (?:marche|contrat)",
        ),
        (
            "tender",
            r"appel d offres|appel a projets|(?:lance|publie) un marche|avis de marche|consultation publique"
            r"|(?:ouvre|lance|met en) (?:une )?consultation",
        ),
        ("draft", r"en commission|commission (?:des (?:lois|affaires)|speciale|mixte)|amendement"),
        (
            "force",
            r"(?:entr\w+|entree) en (?:vigueur|application)"
            r"|(?:est|sont) (?:desormais )?(?:en vigueur|obligatoire)"
            r"|s applique(?:nt)? (?:depuis|desormais|a partir|des)",
        ),
        (
            "adopt",
            r"adopt|promulg|journal officiel|vote(?![a-z])|votent|votee"
            r"|parue?s?(?![a-z])|parait",
        ),
        (
            "move",
            r"migr|bascul(?!\w* (?:sur|au|en) (?:le )?(?:papier|mode degrade))|demenag"
            r"|(?<!patients )(?<!malades )transfer(?!ts? (?:de |des )?(?:donnees|patients|malades))"
            r"|quitt(?!e(?:nt)? (?:la (?:tete|direction|presidence)|ses fonctions|son poste))",
        ),
        (
            "hire",
            r"nomme(?:e|s|es)?(?![a-z])|nomination|pren(?:d|dra|nent) la (?:tete|direction|presidence)"
            r"|pren(?:d|dra) les (?:renes|commandes)|aux commandes"
            r"|change(?:nt)? de (?:tete|patron|directeur|directrice|president)|succede"
            r"|remplace(?:e|ra)? a la tete|promu|reconduit",
        ),
        (
            "quit",
            r"demission|depart (?:de|surprise|du)|sur le depart|s en (?:va|vont)(?![a-z])|limog"
            r"|evince|claque la porte|jette l eponge"
            r"|quitte(?:nt)? (?:la (?:tete|direction|presidence)|ses fonctions|son poste)",
        ),
        ("apply", r"candidat|postul|brigu|depos|entame|s engage dans"),
        ("stage", r"jalon|franchi"),
        (
            "grant",
            r"obtien|obtenu|decroch|qualifie|certifie|autoris|adoub|valid|feu vert|approuv|homologu|agree"
            r"|delivr|accorde"
            r"|rec(?:oit|oivent|u|us) (?:\w+ ){0,2}(?:qualif|certif|agrement|label|visa|homolog)",
        ),
        (
            "bid",
            r"negoci|pourparlers|en discussion|convoit|lorgn|offre (?:de rachat|publique)|projet de rachat"
            r"|(?:veut|propose de|pourrait|envisage de) (?:rachet|acquer|s offrir|repren)",
        ),
        (
            "buy",
            r"rachet|rachat|acqui(?!tt)|fusion|pren(?:d|nent) le controle|sous (?:le )?controle|absorb"
            r"|met(?:tent)? la main|s empare|s offre(?:nt)?(?![a-z])"
            r"|passe(?:nt)? (?:sous pavillon|dans le giron|aux mains)",
        ),
        (
            "raise",
            r"leve |levee|recapitalis|remet(?:tent)? (?:\w+ ){0,2}(?:au pot|millions)|injecte"
            r"|tour de table|(?:ouvre|entre)\w*(?: \w+){0,3} capital|augmentation de capital",
        ),
        (
            "stop",
            r"pannes?(?![a-z])|indisponible|inaccessible|injoignable|hors (?:service|ligne)|coupure|flanch"
            r"|plant(?:e|ent|age)(?![a-z])|paralys|mode degrade|tombe(?:nt)? en rade"
            r"|rechute|ne repond(?:ent)? plus|a l arret(?![a-z])",
        ),
        ("fire", r"incendie|en feu(?![a-z])"),
        ("strike", r"greve|debray"),
        # official titles have no verb: « Décision de qualification », « Délibération SAN-2026-004 », « Arrêté du … »
        (
            "grant",
            r"\A(?:nouvelle|decision|delivrance|octroi|renouvellement|attestation)s? (?:de |d )?(?:la |l )?"
            rf"(?:{_GRANTED})s?(?![a-z])",
        ),
        ("punish", r"\Adeliberation (?:\w+ )*?san(?![a-z])"),
        ("adopt", r"\A(?:decret|arrete|loi|ordonnance) (?:n|du)(?![a-z])"),
        (
            "plan",
            r"lance(?:nt)?(?![a-z])|publi(?:e|ent|ee?s?|cation)(?![a-z])|(?:est|sont) en ligne|devoil|presente|inaugur"
            r"|ouvre|demarr|deploi",
        ),
    )
)
DEEDS = tuple(form for kind, form in _STEPS if kind in ("lose", "choose", "apply", "stage", "grant", "buy", "raise"))
"""What a company does: obtains, buys, gives up."""

# The same, wider: two titles that tell one event often share no word, but a kind of word (« écope », « amende »).
_CLASSES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (f"{MARK}{kind}", _at_words(pattern))
    for kind, pattern in (
        ("delay", r"report(?:e|er|es|ee|ent)?(?![a-z])|repouss|decal(?!og)|ajourn|retard|sursis"),
        (
            "refuse",
            r"rejet|debout|refus|ecart(?:e|er|ent)(?![a-z])|annul|oppos|veto|retoqu|desavou|dit non"
            r"|disent non|fin de non recevoir|donne(?:nt)? tort",
        ),
        (
            "sue",
            r"recours|saisi|pourvoi|fait appel|font appel|contre attaque|interjet"
            r"|attaque(?:nt)? (?:la|le|en|devant|l )|referes?(?![a-z])|plainte|assign|poursui"
            r"|tribunal|proces|justice"
            r"|conseil d etat",
        ),
        ("contest", r"contest|denonc|critiqu|fustig|deplor|indign|s inquiet|inquietude|s alarm|protest"),
        ("defend", r"defend|repond|replique|dement|s explique|clarifi|precis|mise? au point|rassure|assure qu|justifi"),
        (
            "recover",
            r"retabli|redemarr|retour a la normale|revien(?:t|nent)|rouvr|reouv"
            r"|de nouveau (?:accessible|disponible|en ligne)|retrouve|repris(?:e|ent) d activite|remis en"
            r"|relance",
        ),
        (
            "leak",
            r"fuite|compromis(?:e|es)?(?![a-z])|subtilis|siphon|aspir|exfiltr|dans la nature|pille|diffus"
            r"|divulg|vol de donnees|vol(?:e|es|ees)(?![a-z])|en vente|mise?s? en ligne|expos|violation"
            r"|circul|forum|derob",
        ),
        (
            "attack",
            r"cyberattaqu|rancongiciel|ransomware|pirat|intrus|plan blanc|hacker|hackeur|cybercrimin"
            r"|cybermalveill|paralys|victime|acces (?:illegitim|frauduleu|non autoris)"
            r"|attaques? (?:informatique|contre|visant)",
        ),
        (
            "leave",
            r"sorti|quitt|abandon|renonc|tourne(?:r|nt)? la page|adieu|se passer|divorce|remplac|desengag|rompt"
            r"|rupture|fin de|depart(?!ement)|demission|s en (?:va|vont)(?![a-z])"
            r"|(?:cede|laisse)(?:nt)? (?:la|sa|leur) place|tourne(?:r|nt)? le dos|dit stop|delaiss|largu"
            r"|claque la porte|bannit|bye bye|fait une croix|debranch",
        ),
        ("move", r"migr|bascul|demenag|transfer|rejoin|rapatri"),
        ("lose", r"perd |perte de|retir|retrait|suspen|gel(?:e|er|ent)?(?![a-z])"),
        (
            "punish",
            r"sanction|amende|condamn|inflig|mise?s? en demeure|met en demeure|ecop"
            r"|puni(?:e|es|s|t|r|ssent)?(?![a-z])|epingl|payer|paier|pai(?:e|ent)(?![a-z])|debours|couperet"
            r"|l addition|a la caisse|rappel(?:ee?s?)? a l ordre|verbalis|astreinte"
            r"|penalit",
        ),
        ("report", r"rapport|conclusions|recommand|bilan|etude|enquete|constat|barometre|sondage|audit"),
        ("warn", r"alert|avert|met en garde|mise en garde|sonnette|alarm|risqu|menac"),
        (
            "hear",
            r"audition|sous serment|devant (?:le senat|les senateurs|les deputes|la commission)|interrog"
            r"|commission d enquete",
        ),
        (
            "choose",
            r"choisi|retenu|retien|attribu|remport|selection(?:n|(?![a-z]))|confie|designe|vainqueur"
            r"|laureat|rafle|opte(?:nt)? |mise(?:nt)? sur|jette(?:nt)? (?:son|leur) devolu|adjug"
            r"|(?:est|sont) elue?s?(?![a-z])|l emporte",
        ),
        (
            "tender",
            r"appel d offres|appels? a projets|marche public|(?:lance|publie|ouvre) un marche"
            r"|consultation publique|(?:ouvr|lanc|met)\w*(?: en)? (?:une )?consultation"
            r"|mise en concurrence|candidature",
        ),
        (
            "vote",
            r"vote|adopt|promulg|entre(?:e)? en vigueur|journal officiel|transpos|projet de loi|proposition de loi"
            r"|amendement",
        ),
        ("apply", r"candidat|postul|brigu|depos|entame|s engage dans"),
        ("stage", r"jalon|franchi|etape"),
        (
            "grant",
            r"obtien|obtenu|decroch|qualifi|certifi|autoris|adoub|valid|feu vert|approuv|homologu|agre|visa"
            r"|enterin|avalis"
            r"|sesame|accorde"
            r"|label",
        ),
        (
            "buy",
            r"rachet|rachat|acqui|fusion|met(?:tent)? la main|s empare|s offre"
            r"|reprise|repren|cession|ced(?:e|er)(?![a-z])|vente|vend(?:u|us|ue|ues|re|ent|eurs?)?(?![a-z])",
        ),
        (
            "raise",
            r"leve |lev(?:ee|er) de fonds|tour de table|recapitalis|remet(?:tent)? au pot|injecte|debloqu"
            r"|invest|financ|subvention|budget|million|milliard",
        ),
        (
            "hire",
            r"recrut|nomm|nomination|embauch|pren(?:d|dra|nent) la (?:tete|direction|presidence)"
            r"|prend(?:ra)? les (?:renes|commandes)|aux commandes|change(?:nt)? de (?:tete|patron)|succed"
            r"|directeur general|demission|limog|remerci|evinc|congedi|remplac|depart(?!ement)",
        ),
        (
            "partner",
            r"partenariat|s associe|allian|accords?(?![a-z])|sign(?:e|es|ent|er|ature)(?![a-z])|s unissent"
            r"|cooper|convention",
        ),
        ("launch", r"lanc|inaugur|ouvr|deploi|demarr|devoil|present|annonc|mise en service"),
        (
            "publish",
            r"publi(?:e|es|ee|ees|ent|cation)(?![a-z])|(?:est|sont) en ligne|paru(?:e|s|tion)?(?![a-z])|devoil",
        ),
        (
            "stop",
            r"ferm(?:e|er|ent|es|ee|ees|eture)(?![a-z])"
            r"|(?<!un )(?<!l )(?<!cet )arret(?:e|ent|er)? (?:de|la|le|les|son|ses|sa)(?![a-z])"
            r"|a l arret(?![a-z])|stopp|interromp|interdi|panne|coupure|indisponib|inaccessib|injoignab"
            r"|flanch|hors service|hors ligne|en rade",
        ),
        ("strike", r"grev|debray|manifest|syndicat|mobilis"),
        ("promise", r"prome|s engage|engagement|veut(?![a-z])|voudr|souhait|prevoi|plan(?![a-z])|strateg"),
        ("guide", r"guide|recommandations|bonnes pratiques|referentiel|doctrine|regle(?:s|ment)|norme"),
        (
            "rise",
            r"hausse|augment|record|explos|progress(?:e|ent|ion)(?![a-z])|bond(?:it|issent)?(?![a-z])"
            r"|doubl(?:ement|er|ent)(?![a-z])|baiss|recul|chut",
        ),
        (
            "arrest",
            r"interpell(?:e|es|ee|ees|ations?)(?![a-z])|presumes? |arrestation|mise?s? en examen"
            rf"|garde a vue|suspect|perquisition|detention|parquet|{_HELD}",
        ),
        ("ransom", r"rancon(?![a-z])|revendiqu|ultimatum|exig|reclam|extor"),
        (
            "disrupt",
            r"papier|mode degrade|deprogramm|urgences|plan blanc|sans informatique|ralenti|transferes|operations",
        ),
        (
            "gang",
            r"pirates?(?![a-z])|hackers?|cybercriminel|gang(?![a-z])|collectif"
            r"|groupe(?= (?:\w+ )?(?:revendiqu|affirm|pretend|de (?:pirat|hack|rancong|cyber)|criminel|cybercriminel))",
        ),
        ("ai", r"intelligence artificielle|ia(?![a-z])|modeles? de langage|assistants?(?![a-z])|algorithm"),
        ("brussels", r"bruxelles|commission europeenne|la commission (?!d enquete|des |speciale)|union europeenne"),
        ("parliament", r"senat|depute|assemblee|parlement|hemicycle|rapporteur"),
        (
            "judge",
            r"(?:le|la|un|une|des|les|du|aux?|par) juges?(?![a-z])|tribunal|cour(?![a-z])|conseil d etat"
            r"|juridiction|magistrat|avocat general|arret(?![a-z])",
        ),
        ("us", r"americain|etats unis|washington|cloud act|extraterritor"),
        ("boss", r"directeur|directrice|patron|dg(?![a-z])|president|a la tete|dirigeant|pdg"),
        ("doctors", r"medecin|generaliste|praticien|soignant|infirmi|pharmacien|liberaux|ordonnance"),
        ("winner", r"succed|l emporte|remplac|gagn|hebergeur"),
        (
            AGAIN[1:],
            r"nouve(?:lle|au|l)s? (?:panne|cyberattaque|attaque|fuite|incident|vol|piratage|greve|amende"
            r"|sanction|recours"
            r"|plainte|condamnation|report|retard|interruption|coupure|faille)"
            r"|(?:deuxieme|seconde|troisieme|quatrieme|enieme|autre) (?:fois|panne|cyberattaque|attaque|fuite"
            r"|incident|vol"
            r"|piratage|greve|amende|sanction|recours|plainte|condamnation|report|retard|interruption|coupure)"
            r"|(?:encore|a nouveau|de nouveau) (?:une? |des )?(?:panne|cyberattaque|attaque|fuite|incident|pirat|vise"
            r"|victime|sanctionn|condamn|en panne|hors service|inaccessible|indisponible|en greve|report|repouss|touche"
            r"|frapp|cible)"
            r"|rebelote|rechute|recidiv",
        ),
        ("share", r"un tiers|moitie|trois quarts|sur quatre|sur trois|sur deux|sur cinq|pour cent"),
    )
)


def is_hit(word: str) -> bool:
    """Does this word, with what stands before it, tell that somebody was hit, or warns those whose data he keeps?"""
    return _HIT.match(_folded(word)) is not None


_HIT = re.compile(
    r" (?:touche(?:e|s|es|nt)?|victimes?|concerne(?:e|s|es|nt)?|frappe(?:e|s|es)?|atteint(?:e|s|es)?|impacte(?:e|s|es)?"
    r"|eclabousse(?:e|s|es)?|previen(?:t|nent)|alerte(?:nt)?|averti(?:t|ssent)|informe(?:nt)?)\Z"
)


def entitled(title: str) -> str:
    """The kind of step that the title of an authority tells by its first word alone: « Qualification – Nébulis »."""
    return "grant" if _ENTITLED.match(_folded(title)) else ""


def step(text: str) -> str:
    """The kind of step told, "" for none that we know."""
    said = _folded(text)
    return next((kind for kind, form in _STEPS if form.search(said)), "")


def classes(text: str) -> frozenset[str]:
    """All kinds of steps that a text has words of, as `%kind`."""
    said = _folded(text)
    return frozenset(kind for kind, form in _CLASSES if form.search(said))


@lru_cache(256)
def _folded(text: str) -> str:
    """Folded words, each with a blank before it."""
    return " " + " ".join(clean(text).folded.decode("latin-1").split())
