"""The words of each kind of fact that makes news: verbs, nouns of the act, and set phrases. Data only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Fact = Literal[
    "octroi", "retrait", "décision", "recours", "sanction", "texte", "marché", "départ", "soins", "panne",
    "coupure", "aveu", "report",
]  # fmt: skip
FACTS: tuple[Fact, ...] = get_args(Fact)


@dataclass(frozen=True, slots=True)
class FactWords:
    """`verbs` tell the fact whatever they bear on, those of `headline` in a headline only (elsewhere a law that
    « impose » is an old one); those of `bound` with such an object near, before or after them. `nouns` tell it where a
    clause begins with them, or after a verb that only carries them (annonce, prononce), those of `carried` after such a
    verb only. `said`: regular expressions of
    folded text, one a line. `coming`: is what is decided for tomorrow a fact already (va quitter)?"""

    verbs: str = ""
    headline: str = ""
    bound: tuple[tuple[str, str], ...] = ()
    nouns: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()
    said: str = ""
    coming: bool = False


# Objects, folded: alternatives of a regular expression
_TEXT = (
    "lois?|decrets?|arretés?|ordonnances?|circulaires?|reglements?|referentiel|directive|texte|proposition"
    "|projet de loi|amendements?|article|obligation|interdiction|schema|strategie|doctrine|paquet|acte|act|budget"
)
_STATE = (
    "lois?|decrets?|arretés?|circulaires?|reglements?|directive|texte|referentiel|doctrine|matignon|etat|gouvernement"
    "|ministere|ministre|bruxelles|commission europeenne|anssi|dinum|premier ministre"
)
# What is endorsed by those who may: a chance, a decline or a fragmentation is only said to be
_AGREED = (
    r"eucs|accords?|compromis|decisions?|choix|traités?|criteres?|clauses?|preference|niveaux?|reforme|revision"
    r"|suppression|abandon|report|sortie|migration|certification|\w+ act"
)
_LAW = "lois?|decrets?|reglements?|directive|ordonnances?|referentiel"
_RULING = "arrets?|decisions?|jugements?|ordonnances?|verdict"  # an opinion decides nothing
_CONTRACT = (
    "marchés?|contrats?|accords?|conventions?|partenariat|appel d offres|commande|hebergement|lot|groupement"
    "|consultation"
)
_RIGHT = (
    "qualifications?|certifications?|certificats?|visas?|labels?|agrements?|sesame|jalons?|habilitations?|homologations?"
    "|autorisations?|statut"
)
_UPHELD = "sanction|amende|legalité|choix|transferts?|saisie|entrepot|suspension|annulation|interdiction"
_UNLAWFUL = (
    r"contraires?|illegal\w*|ill?icites?|legal\w*|conformes?|incompatibles?|irreguli\w+|inconstitution\w+|incompetente?"
    r"|irrecevables?|responsable|suffisant\w*"
)
_DATA_USE = (
    "hebergements?|entrepots?|traitements?|transferts?|acces|microsoft|amazon|google|azure|aws|utilisation|projets?|données"
    "|cloud|reutilisation|recours|plateforme"
)
_COURT = "conseil d etat|conseil constitutionnel|justice|tribunal|juges?|cour|cjue|cnil|parquet|commission europeenne"
# « Le recours à un cloud américain » is no plea
_PLEA = rf"recours(?! (?:a|aux?) (?!(?:la |l )?(?:{_COURT})))|pourvois?|requetes?|demandes?|plaintes?|referé|appel"
# Several of them, or none in particular: what they are is no news of one
_SOME = (
    r"(?:les|des|d|de|seule?s?|peu|aucune?|combien|(?:la )?liste|toute?s?|tous|chaque|quelles?|quels?|\d+"
    r"|(?:\w+ )?offres)\b"
)
# « Un hébergeur qualifié SecNumCloud ouvre… » tells what it opens
_GOES_ON = "pour|par|la|l|a|au|aux|en|des|depuis|jusqu|sur|avec|malgre|et|apres|selon|hier|ce|cette|dans"
_NO_VERB = rf"(?= *\d|  | *\Z| (?:{_GOES_ON})\b)"
_NOW = "est|sont|eté|desormais|enfin|devien(?:t|nent)|officiellement"
_CARE = (
    "operations?|interventions?|rendez vous|consultations?|admissions?|examens|chirurgies?|activité|soins"
    "|accouchements?|dialyses?|chimiotherapies?|hospitalisations?"
)
_CARED_FOR = (
    "patients?|malades?|urgences|ambulances?|examens|pompiers|blesses|femmes enceintes|parturientes|nouveau nes"
)
_PUT_OFF = "renvoyer|reporter|annuler|deprogrammer|transferer|fermer"
_WARDS = "urgences?|blocs?|samu|maternité|soins|activité|reanimation|pharmacie|laboratoire"
_LINES = "reseaux?|serveurs?|informatique|internet|liaisons?|connexions?|acces|systemes? d information"
_SERVICES = "acces|services?|comptes?|plateformes?|teleservices?|raccordements?"
_JUDGES = (
    "conseil d etat|conseil constitutionnel|cour de justice|cjue|tribunal|tribunaux|justice|juges?|cour d appel"
    "|cour de cassation|cour administrative|cour federale|cour de luxembourg|sages|magistrats"
)
# « Le tribunal administratif de Melun », « la justice belge »
_COURT_OF = (
    r"(?:administrati(?:f|ve)|judiciaires?|federale?|superieure?|supreme|europeenne?s?|des referés|du referé"
    r"|de (?:l )?(?!la |l |le )\w+(?: europeenne)?|\w+(?:aise?|ienne?|eenne|aine?|ande?|belge))"
)
# « Un marché maintenu par le tribunal », « l'accord validé par la justice »
_RULED = (
    "validé|confirmé|conforté|maintenu|blanchi|bloqué|stoppé|gelé|freiné|sauvé|recadré|desaisi|contredit|lavé|exonéré"
    "|mis (?:a terre|en pieces|hors jeu)"
)
# What a court does is a ruling, unless it only looks at it
_JUDGED = (
    r"(?!examin|etudi|ecout|enten|entr|planch|doit|doive|va |vont|peut|peuve|attend|recoit|recoive|pench|interrog|hesit"
    r"|discut|debat|analys|expliqu|rappel|recommand|prepar|accueill|consacr|tient|organis|publi|veut|veul|souhait|est "
    r"|ont |sont |et |dont |avant |contre |entre |face |le |ce |de |une |que |se |pendant |comme |autre|demand|instrui"
    r"|met |mett|ouvr|continu|reste|croul|manqu|recrut|demenag|numeris|administrative|europeenne|pourrai|devrai|prend|"
    r"refuse de|propos|prononc|plaid|estim|cherch|prevoi|evoqu|prevent|souten|defend|salu|critiqu"
    r"|donne rend|cour|date|dis|dit |juge (?!que))"
    r"\w{2,}(?:e|ent|t|d)"
)
# So is what lawmakers do, unless they only speak of it or get to it
_LAWMAKERS = (
    "parlement(?: europeen)?|eurodeputés|senat|assemblee(?: nationale)?|vingt sept|etats membres"
    "|negociateurs|ministres europeens|conseil de l union europeenne|conseil de l ue"
)
_LAID_DOWN = (
    r"(?!examin|etudi|ecout|enten|entr|doi|va |vont |peu|attend|recoi|pench|interrog|hesit|discut|debat|analys|expliqu"
    r"|rappel|recommand|prepar|accueill|consacr|tien|organis|publi|veu|voul|souhait|est |ont |sont |et |dont |avant "
    r"|contre |entre |face |le |ce |de |une |que |se |pendant |comme |autre|demand|ouvr|continu|reste|manqu|pourrai"
    r"|devrai|prend|propos|plaid|estim|cherch|prevoi|evoqu|prevent|souten|defend|salu|critiqu|inquiet|alert|appel"
    r"|reclam|exig"
    r"|presse|pouss|denonc|deplor|regrett|commenc|reprenn|lanc|planch|travaill|auditionn|interpell|craign|redout"
    r"|espe|divis"
    r"|dechir|dis|dit |oppos|chiffr|mesur|point|epingl|dress|divergent|peinent|fourbiss|affut|promett|compt|relanc"
    r"|avanc|francais|belge|allemand|sant)"
    r"\w{3,}(?:ent|it|e|t)"
)
_WORK_TOOLS = (
    "soignants|medecins|patients|hopita(?:l|ux)|etablissements?|logiciels?|informatique|reseau|systemes?|acces|dossiers?"
    "|ordinateurs?|telephones?|messagerie|ecrans?|agendas?|postes? de travail|internet|imagerie|plannings?"
)
_BY_HAND = "papier|feuilles?|cahiers?|la main|stylo|crayon|carnets?|fiches?"
_LISTS = "liste|club|cercle|catalogue|panorama"
_LISTED = r"(?:de |du )(?:la |sa |leur |son )?(?:liste|catalogue|registre|panorama)"
_SERVED = "messageries?|courriels?|mails?|comptes?|acces|services?|cloud|licences?|logiciels?|serveurs?"
_AMERICA = "washington|americaine?s?|fbi|nsa|trump"
_ADMITS = "admet|avoue|reconnait|concede|(?:a|ont) (?:admis|avoué|reconnu)"
_AUTHORITY = f"{_AMERICA}|justice|procureurs?|parquet|enqueteurs|police|renseignement|juges?"
_MEANS = "budget|moyens|credits|dotation|subvention"  # what the regulator has, not what it asks
_CONTENT = "données|courriels?|e ?mails|messages|messageries?|fichiers|documents|contenus?|boites?"
_HOMES = "hebergeur|mains|prestataire|toit|maison|camp|cremerie|fournisseur|cloud|adresse"
_VENDOR = "microsoft|amazon|aws|google|oracle|ibm|salesforce|palantir|redmond|hyperscalers?|geant americain"

FACT_WORDS: Mapping[Fact, FactWords] = {
    "octroi": FactWords(
        verbs="obtenir décrocher octroyer délivrer décerner empocher arracher remporter recevoir rejoindre franchir"
        " accorder homologuer adouber estampiller introniser",
        bound=(
            ("remettre attribuer valider confirmer maintenir conserver apposer", _RIGHT),
            ("prolonger renouveler reconduire étendre élargir passer", _RIGHT),
            ("passer réussir", "examen|audit|epreuve|etape|evaluation"),
            ("intégrer", "liste|club|cercle|catalogue|rangs?|panorama"),
        ),
        nouns=("obtention", "octroi", "délivrance", "renouvellement", "feu vert", "visa"),
        said=rf"""
            (?:{_NOW}) (?:\w+ ){{0,2}}?(?:qualifi|certifi|agre|labellis|homologu)ée?s?
            vien(?:t|nent) (?:tout juste )?d etre (?:qualifi|certifi|agre|labellis|homologu)ée?s?
            (?:{_LISTS}) (?:\w+ ){{0,4}}?s (?:allonge|agrandit|enrichit|etoffe|elargit)(?:nt|ssent)?
            (?:annonce(?:nt)?|confirme(?:nt)?|officialise|obtient) (?:(?!\w+(?:er|ir|re)\b)\w+ ){{0,3}}?la qualification
            \A(?!{_SOME})(?:\w+ ){{1,7}}?(?:qualifi|labellis|certifi)ée?s? (?:par|secnumcloud|hds){_NO_VERB}
            \A(?!{_SOME})(?:\w+ ){{1,7}}?(?:qualifi|labellis|certifi)ée?s? (?:a (?:son|leur) tour|a nouveau|enfin)
            lev(?:e|ent|ée) (?:\w+ ){{0,2}}?(?:suspension|gel|retrait)
            (?:anssi|agence|ans|cofrac|etat) (?:a |vient de |ont )?(?:qualifi|certifi|labellis|agré|agre)(?:e|é|er)
            feux? verts?|c est fait|ca y est|montre patte blanche|coch(?:e|ent) la case|gagn(?:e|ent) ses galons
            (?:a|ont|tien(?:t|nent)|avec) (?:enfin |desormais )?(?:son|leur|le) (?:precieux )?(?:sesame|visa|label)
            (?:a|ont|tien(?:t|nent)|avec) (?:enfin |desormais )?(?:son|sa|leur|la) qualification
            pass(?:e|ent|é|ée|és|ées|er) (?:\w+ )?(?:sous|en|a) (?:\w+ )?secnumcloud
            \A(?!{_SOME})(?:\w+ )*?(?:est|sont|devien(?:t|nent)) (?:(?:{_NOW}) )?secnumcloud(?=  | *\Z| \d)
            enfin  ?(?:l[ea]|son|sa|leur)? ?(?:precieux )?(?:sesame|visa|qualification|label)
            premiere?s? (?:\w+ ){{0,5}}?a (?:etre (?:qualifi|certifi|labellis|agre)ée?s?|obtenir|decrocher|recevoir)
            figur(?:e|ent) (?:\w+ ){{0,4}}?(?:parmi|sur la liste|au catalogue|dans la liste)
            (?:entre|entrent|entrée) (?:dans|au|parmi) (?:\w+ ){{0,2}}?(?:clubs?|cercles?|catalogues?|liste|rang)
        """,
    ),
    "retrait": FactWords(
        verbs="rayer déclasser perdre retirer suspendre révoquer recaler échouer refuser rejeter radier déréférencer"
        " disqualifier"
        " déchoir résilier écarter évincer échoir annuler abroger rétrograder geler",
        bound=(
            (
                "priver lâcher rendre abandonner expirer renoncer débrancher arracher ôter reprendre couper amputer",
                _RIGHT,
            ),
            ("exclure sortir retrancher", "perimetre"),
            ("débarquer exclure effacer sortir", "liste|catalogue|registre|secnumcloud|certificateurs?|anssi"),
        ),
        nouns=("retrait", "suspension", "révocation", "perte", "résiliation", "radiation", "annulation", "fin"),
        said=rf"""
            (?:raye|biffe|ote|efface|sort|radie|exclut|ejecte)(?:nt)? (?:\w+ ){{0,6}}?{_LISTED}
            (?:rayée?s?|biffée?s?|otée?s?|effacée?s?|sortie?s?|exclue?s?|ejectée?s?) {_LISTED}
            (?:n|ne) (?:est|a|sont|ont|sera|seront) (?:pas|plus)(?: eté)? (?:renouvelé|reconduit|prolongé|obtenu)e?s?
            (?:n|ne) (?:est|a|sont|ont|sera|seront) (?:pas|plus)(?: eté)? (?:qualifi|certifi|agre|valid)ée?s?
            ne (?:renouvelle\w*|reconduit|prolonge\w*) pas|ne figur\w+ plus|n ont? plus droit|n a plus le droit
            (?:n|ne) (?:est|sont) plus (?:\w+ )?(?:secnumcloud|hds|en regle|habilitée?s?|autorisée?s?)
            (?:qualifications?|visas?|labels?|certificats?|certifications?) (?:\w+ ){{0,4}}?(?:tomb|saut)(?:e|ent|ée?s?)
            (?:{_RIGHT}) (?:\w+ ){{0,4}}?(?:cess\w+ d etre|(?:est|sont) plus) (?:valables?|valides?)
            (?:{_RIGHT}) (?:\w+ ){{0,4}}?(?:caducs?|caduques?|perimée?s?|invalidée?s?)|sur la touche
            (?:mise?s?|met|mettent|jetée?s?|jette|jettent) (?:a la porte|dehors|sur la touche|au ban)
            (?:ne|n) (?:\w+ ){{0,2}}?(?:survit|survecu|resiste|resisté|passe|passé) pas
            (?:n a|n ont) pas (?:survecu|resisté|passé)
            (?:clé|clef) sous la porte|bouté?e?s? hors
            disparai(?:t|ssent) (?:de la liste|du catalogue)
            (?:dit|disent|a dit|ont dit|oppose|opposent) (?:non|son veto|un refus)
            carton rouge|met(?:tent)? fin|mis fin|mettra fin|fin de partie|coup d arret
            claqu(?:e|ent) la porte|jet(?:te|tent) l eponge
            en liquidation|en redressement judiciaire|depot de bilan|depos\w+ le bilan
            cess(?:e|ent) (?:son|leur) activité
        """,
    ),
    "décision": FactWords(
        verbs="annuler renverser balayer censurer invalider rejeter débouter condamner trancher enjoindre ordonner"
        " suspendre désavouer retoquer interdire relaxer abroger contraindre écarter désapprouver",
        bound=(
            ("rendre prononcer", _RULING),
            (
                "confirmer valider approuver homologuer infirmer réformer",
                f"{_RULING}|{_CONTRACT}|{_RIGHT}|{_UPHELD}",
            ),
            ("autoriser refuser", _DATA_USE),
            ("accorder donner délivrer", "autorisations?|aval"),
            ("juger", "que"),
            ("limiter restreindre élargir étendre", "portée|champ|acces|transferts?|pouvoirs?"),
            ("juger estimer déclarer considérer reconnaître", _UNLAWFUL),
        ),
        nouns=("annulation", "suspension", "censure", "invalidation", "condamnation", "rejet", "non lieu", "cassation"),
        said=rf"""
            (?:donne|donnent|a donne|ont donne) (?:raison|tort|gain de cause)|fait droit|f(?:ait|ont) tomber
            (?:a|ont) (?:eu|obtenu) gain de cause|statue|statuent|met(?:tent)? fin|voie libre
            (?:jugée?s?|declarée?s?|est|sont) (?:\w+ ){{0,3}}?(?:nul|nulle|nuls|nulles|illega\w+)
            cass(?:e|ent|ée?s?)(?! tete)|feux? verts?|carton rouge|d(?:it|isent) (?:oui|non|stop|halte)|donne son accord
            perd(?:ent)? (?:\w+ ){{0,2}}?(?:fondement|base legale|base juridique)
            oppose(?:nt)? (?:son|leur) veto
            (?:leve|levent) (?:\w+ ){{0,2}}?(?:suspension|interdiction|sequestre)
            (?:met|mettent|a mis|ont mis) (?:(?:son|leur) veto|a terre|un terme|en pieces|hors jeu|un coup d arret)
            (?:renvoie|renvoient) (?:\w+ ){{0,5}}?a (?:ses|leurs) (?:etudes|copies?)
            (?:revers|camouflet|victoire|defaite|desaveu) (?:\w+ ){{0,6}}?(?:devant|aux?) (?:l[ae]? |les )?(?:{_JUDGES})
            (?:vol(?:e|ent)|a volé) en eclats
            (?:{_RULED})e?s? par (?:le |la |les |l |des |un )?(?:{_JUDGES})
            (?:\A|(?<=  ))(?:finalement )?(?:le |la |les |l )?(?:{_JUDGES})(?: {_COURT_OF})? (?:{_JUDGED})(?= |\Z)
        """,
    ),
    "recours": FactWords(
        verbs="saisir assigner attaquer",
        bound=(
            ("contester déposer introduire former engager", f"{_PLEA}|{_COURT}"),
            ("porter", "plainte|affaire|contentieux"),
            ("ouvrir", "enquete|procedure|information judiciaire|instruction"),
            ("renvoyer transmettre", "cjue|cour de justice|conseil constitutionnel|question|parquet|justice"),
        ),
        carried=("saisine", "recours", "référé", "pourvoi", "plainte"),
        said=r"""
            (?:recours|pourvoi|referé|plainte|requete) (?:\w+ ){0,3}?(?:deposé|introduit|formé)e?s?
            demande(?:nt)? (?:l annulation|la suspension) (?:\w+ ){0,8}?(?:au|aux|devant)
            (?:\A|  )plaintes? (?:contre|collective|penale|deposée?s?)
            train(?:e|ent) (?:\w+ ){0,5}?devant
            (?:fait|font|interjet\w+) appel(?! aux? | a (?:la|l|une?|des|ses) | a \w+ (?:pour|afin))
            devant (?:la |le |l |les )?(?:juges?|justice|tribunal|conseil d etat|cjue|cour)
        """,
    ),
    "sanction": FactWords(
        verbs="sanctionner infliger écoper condamner épingler",
        bound=(("prononcer payer verser fixer", "amende|sanction|astreinte|euros"), ("mettre", "en demeure|amende")),
        nouns=(
            "amende",
            "astreinte",
            "sanction",
            "condamnation",
            "mise en demeure",
            "rappel à l'ordre",
            "avertissement",
        ),
        said=rf"""
            cnil +(?:(?!{_MEANS})\w+ +){{0,8}}?\d+(?: \d+)* (?:millions? |milliers? )?(?:d )?euros
            euros(?: +(?!{_MEANS})\w+){{0,6}}? +(?:de|par) la cnil|cnil fait payer
            cnil (?:frappe|cogne|tape|sevit|serre|punit|tance|tacle|epingle|reclame \d|presente la note)
            amendes? (?:\w+ ){{0,3}}?(?:s eleve|s elevent|atteint|se monte|record|salée)|note (?:est )?(?:salée|lourde)
            (?:est|sont|eté) sommée?s?|sommée?s? (?:par|de s)
            (?<!la )(?<!une )(?<!cette )(?<!en )somme(?:nt)? (?!de |d )(?:\w+ ){{1,7}}?de?
            (?:met|mettent|mise?|mises) (?:\w+ ){{0,3}}?en demeure|euros d amende|a l amende|amende de \d\w*
            rappel(?:le|lent|é|ée|és)? (?:\w+ ){{0,2}}?a l ordre|mis(?:e|es)? en examen
            (?:prison|ans|mois) (?:ferme|avec sursis)|(?:ans|mois) de prison
            peines? de (?:\w+ ){{0,3}}?(?:prison|ans|mois)|astreinte de \d\w*
            dev(?:ra|ront) (?:payer|verser|debourser|regler) (?:\w+ ){{0,4}}?(?:\d+|amende|astreinte|euros)
        """,
    ),
    "texte": FactWords(
        verbs="adopter promulguer ratifier voter renoncer abroger transposer plébisciter approuver",
        headline="enterrer imposer interdire exclure obliger durcir bannir contraindre",
        bound=(
            ("présenter dévoiler proposer", _LAW),
            ("entériner", rf"{_TEXT}|{_AGREED}"),
            ("publier signer rendre fixer paraître sortir valider confirmer réserver", _TEXT),
            ("abandonner retirer rejeter repousser supprimer", _TEXT),
            ("étendre généraliser lever", "obligations?|interdictions?"),
            (
                "trouver conclure sceller parapher",
                "accord|compromis|declaration|memorandum|trilogues?|negociations?",
            ),
            ("signer", "declaration|memorandum|compromis|traité"),
            (
                "valider rejeter retoquer supprimer écarter confirmer rétablir sauver abandonner assouplir durcir",
                "preference|clauses?|criteres?|exigences?|immunité|garanties?|seuils?",
            ),
            ("reconnaître", r"mutuellement|equivalen\w+"),
        ),
        nouns=("adoption", "promulgation", "publication", "entrée en vigueur", "parution", "abrogation", "vote"),
        said=rf"""
            (?:le|ce) texte +(?:\w+ +){{0,16}}?(?:a eté publié|est paru|a paru|est publié|a eté promulgué)
            (?:{_STATE}) (?:\w+ ){{0,4}}?exige(?:nt)?
            journal officiel|au jo(?:ue)?|entr(?:e|ent|era|eront|ée?s?) (?:\w+ )?en (?:vigueur|application)
            s appliqu(?:e|ent|era|eront) (?:desormais|a|aux?|des|depuis|tout de suite|immediatement|sans delai|aussitot)
            accord (?:provisoire |politique |final )?(?:trouvé|conclu|signé)|accord (?:provisoire|politique)
            trouvent un (?:accord|compromis)|tomb(?:e|ent) d accord|parvien(?:t|nent) a un (?:accord|compromis)
            (?:se sont|s est) entendue?s?|top(?:e|ent)|fumée blanche|sur les rails|coup d envoi|se sont mise?s? d accord
            grav(?:e|ent|é|ée|és|ées) (?:\w+ ){{0,4}}?dans (?:la loi|le marbre|le code)|jett?e(?:nt)? l eponge
            recul(?:e|ent) sur
            (?:arrete|arretent|a arreté|ont arreté) (?:sa|leur|une) position
            (?:\A|(?<=  ))(?:le |la |les |l )?(?:{_LAWMAKERS}) (?:{_LAID_DOWN})(?= )|mise?s? en minorité
            vote(?:nt)? (?:pour|contre)|pass(?:e|ent|é|ée) (?:a|par|avec) \d+ voix|\d+ voix (?:contre|pour)
            enterr(?:e|ent|ée?s?) (?:l|la|le|les) (?:exigences?|clauses?|criteres?|obligations?)
            (?:declaration|communique) (?:commune?|conjointe?)|(?:dit|disent|a dit|ont dit) (?:oui|non)
            feux? verts?|donne son accord|voie libre|ouv(?:re|rent|ert) la voie|c est voté|dernier vote
            devien(?:t|nent) (?:\w+ )?(?:obligatoires?|la regle|la norme)|rend(?:u|ue|us|ues|ent)? obligatoires?
            (?:gravé|inscrit)e?s? dans (?:la loi|le marbre)|vote (?:final|solennel|definitif)
            (?:{_TEXT}) (?:\w+ ){{0,6}}?(?:est|sont) (?:enfin |tout juste )?(?:sorti|tombé|arrivé|publié|signé|la)e?s?
            (?:est|sont) parue?s?|vien(?:t|nent) de paraitre|(?:{_TEXT}) (?:\w+ ){{0,8}}?parai(?:t|ssent)
        """,
    ),
    "marché": FactWords(
        verbs="choisir retenir confier attribuer désigner sélectionner remporter notifier opter succéder écarter"
        " évincer hériter",
        bound=(
            ("signer reconduire prolonger renouveler résilier annuler", _CONTRACT),
            ("lancer publier relancer", "marchés?|appels? d offres|consultation|accord cadre"),
            ("gagner rafler perdre décrocher casser conclure parapher sceller", _CONTRACT),
            ("miser parier", "sur"),
            ("prendre reprendre assurer", "suite|place|releve|relais|cles|commandes|renes|flambeau|succession"),
        ),
        nouns=("attribution", "choix"),
        said=rf"""
            appels? d offres (?:(?:est|a eté|vient d etre) )?(?:enfin )?(?:lanc|publi|attribu|annul|relanc)ée?s?
            infructueu(?:x|se|ses)|f(?:ait|ont) affaire avec|sign(?:e|ent|ée?s?) (?:avec|chez)|rafl\w+ la mise
            chang(?:e|ent|era|eront|ée?s?) d(?:e)? (?:{_HOMES})
            hebergée?s? (?:par|chez) (?:\w+ ){{1,3}}?depuis|desormais (?:\w+ ){{0,4}}?(?:chez|hebergée?s?)
            pos(?:e|ent) ses valises|preférée?s? (?:a|aux?)|met(?:tent)? le cap sur|(?:fait|font) confiance a
            s en remet(?:tent)? a
            (?:s installe|s installent|s installera|emmenage|emmenagent|pass(?:e|ent|era|eront)) chez
            sans suite|jette son devolu|donne sa preference|remplac(?:e|ent|era|eront|ée?s?)
            hebergera|hebergeront|avis d attribution|aura pour hebergeur|bientot chez
            tomb(?:e|ent|é|ée|és|ées) (?:a l eau|dans l escarcelle)|capot(?:e|ent|é)|fait (?:flop|chou blanc)
            coiff\w+ (?:\w+ )*?au poteau
            (?:repart|repartent|reparti|revient) (?:de|a) (?:zero|la case depart)
            (?:aucun candidat|aucune offre|sans candidat)
            (?:marchés?|contrats?|hebergement|lot) (?:\w+ ){{0,6}}?(?:revien(?:t|nent)|vont?|va|echoi\w+) (?:a|au|chez)
        """,
        coming=True,
    ),
    "départ": FactWords(
        verbs="quitter renoncer abandonner débrancher rapatrier délaisser lâcher déménager migrer basculer transférer",
        bound=(
            ("tourner", "page|dos"),
            ("prendre", "fin|congé"),
            ("dire", "adieu|stop|non"),
            ("couper", "ponts|lien|cordon"),
            ("achever terminer", "migration|bascule|transfert|sortie|demenagement|rapatriement"),
            ("éteindre effacer débrancher", "serveurs?|azure|copies?|baies?"),
        ),
        nouns=("migration", "bascule", "transfert", "sortie", "départ", "abandon", "rapatriement"),
        said=r"""
            (?:sort|sortent|part|partent|sortie?s?) (?:enfin )?(?:de|d|du|des|chez)(?! marché)
            (?<!les )(?<!des )(?<!la )(?<!une )(?<!en )(?<!l )partie?s? (?:enfin )?(?:de|d|du|des|chez)(?! marché)
            sort\w* (?:\w+ ){0,4}?(?:du giron|des griffes|des bras|des mains|de l orbite)
            adieu|bye bye|ciao|exit|signe(?:nt)? la fin|fait une croix|fait ses valises|claqu\w+ la porte
            (?:poussée?s?|pousse|accompagnée?s?) vers la sortie|(?:clap|coup de sifflet) (?:de fin|final)
            (?:page|parenthese) (?:\w+ ){0,3}?(?:est |sont )?(?:tourn|referm)ée?s?|pli(?:e|ent|é) bagages?
            (?:a|ont) (?:fait )?(?:ses|leurs) (?:adieux|valises)
            romp(?:t|ent|u)|divorce|met(?:tent)? fin|fin de (?:l ere|partie|l aventure|l hebergement)
            c est (?:fini|terminé|acté)(?: (?:chez|avec))?|fini\w* avec
            n(?:e)? (?:est|sont) plus (?:\w+ ){0,2}?(?:chez|hebergé\w*)
            (?:contrats?|marchés?|conventions?) (?:\w+ ){0,5}?(?:n|ne) (?:\w+ )pas (?:prolong|renouvel|reconduit)\w*
            ne (?:sera|seront) plus hebergé\w*|(?:sera|seront|est|sont) desormais hebergé\w*
            se pass(?:e|ent|era|eront) d|s affranchi(?:t|ssent)|reprend(?:ra)? la main|reprennent la main
        """,
        coming=True,
    ),
    "soins": FactWords(
        verbs="déprogrammer paralyser",
        bound=(
            ("reporter annuler décaler suspendre arrêter bloquer empêcher désorganiser ajourner", _CARE),
            ("déplacer transférer détourner dérouter", _CARE),
            ("supprimer différer limiter réduire restreindre geler décommander", _CARE),
            (
                "transférer réorienter rediriger dérouter évacuer orienter renvoyer diriger déporter détourner"
                " envoyer expédier adresser",
                _CARED_FOR,
            ),
            ("réguler fermer perturber dérouter couper filtrer bloquer réduire", _WARDS),
            ("suspendre fermer interrompre bloquer", _SERVICES),
            ("couper isoler débrancher déconnecter arrêter", _LINES),
        ),
        nouns=("déprogrammation", "retour au papier"),
        said=rf"""
            (?:contraint|contraignent|obligé(?:nt)?|forcé(?:nt)?) (?:\w+ ){{1,4}}?a (?:{_PUT_OFF})
            (?:fermeture|report|annulation|suspension|arret) (?:\w+ )?(?:des?|du|d) (?:la |l )?(?:{_CARE})
            (?:fermeture|arret|perturbation|deroutage) (?:\w+ )?(?:des?|du|d) (?:la |l )?(?:{_WARDS})
            (?:transfert|evacuation|deroutage) (?:\w+ )?(?:des?|du|d) (?:la |l )?(?:{_CARED_FOR})
            (?:retour|reven\w+|revien\w+|repass\w+) (?:au|aux|a la|a l) (?:{_BY_HAND}|fax|ordonnances|ecriture|main)
            retour aux dossiers papier|(?:dirigé|envoyé|orienté|transféré|accueilli)e?s? (?:ailleurs|vers|a|dans)
            l ere du (?:fax|papier)
            (?:ordonnances?|prescriptions?|fiches?|dossiers?) (?:ecrit|manuscrit)e?s?|a la main
            (?:serveurs?|reseaux?|dossiers?|hopital|clinique|maternité) (?:\w+ ){{0,5}}?pris(?:es?)? en otage
            (?:pirates?|hackers?) (?:ont )?(?:tout )?(?:chiffr|verrouill|effac|detrui)\w*|ecrans? noirs?
            plus (?:un|une|aucun|aucune) (?:seule? )?(?:resultats?|examens?|rendez vous|dossiers?|analyses?|scanners?)
            (?:plans? de soins|traitements?|dossiers?|agendas?|historiques?) (?:\w+ )?(?:perdu|effac|envol|disparu)\w*
            plan blanc|mode degradé|a l arret|hors service|au ralenti|au stylo|dans le noir|plan de continuité
            mode papier
            papier (?:et|crayon|et au crayon|et stylo)|crayon et (?:au )?papier
            (?:urgences|blocs?|services?) (?:\w+ ){{0,2}}?(?:regulé|fermé|perturbé|reorienté|filtré)e?s?
            sans (?:informatique|ordinateurs?|dossiers?|logiciels?|ordonnances?|feuilles de soins|agenda)
            sans (?:ecrans?|agendas?|telephones?|internet|reseau|serveurs?|imagerie|connexion)|a l ancienne
            (?:demande|prie|appelle|invite)\w* (?:\w+ ){{0,6}}?evit\w+ (?:\w+ )?urgences
            urgences (?:\w+ ){{0,3}}?(?:ne |n )(?:prennent|accueillent|recoivent|acceptent|traitent) (?:plus )?que
            perd(?:ent)? (?:\w+ ){{0,2}}?(?:{_WORK_TOOLS})
            (?:appels|malades|patients) (?:\w+ )?(?:bascul|repart)\w+ (?:sur|vers)
            (?:not|ecri|redig|remplis|saisis|travaill|consign|transcri)\w*ent (?:\w+ ){{0,4}}?(?:{_BY_HAND})
            (?:sur|par|avec|au) (?:du |des |le |un )?(?:papier|feuilles|cahiers|crayon)|evit\w+ (?:\w+ )?urgences
            priv(?:e|ent|é|és|ée|ées) (?:d|de|du|des|ses|plusieurs) (?:\w+ ){{0,5}}?(?:{_WORK_TOOLS})
            (?:systemes?|serveurs?|reseaux?|logiciels?) (?:\w+ ){{0,5}}?(?:est|sont|eté) (?:tomb|bloqu|chiffr
            verrouill)ée?s?
            (?:ne|n) (?:dispos\w+|a|ont) plus (?:\w+ ){{0,3}}?(?:{_WORK_TOOLS})|a l aveugle
            (?:{_WORK_TOOLS}|fichiers|serveurs?) (?:\w+ ){{0,4}}?(?:illisibles?|inexploitables?|inutilisables?)
            plus (?:acces|accessibles?)|inaccessibles?|indisponibles?|ne trait\w+ plus|ne fonctionn\w+ plus
        """,
    ),
    "panne": FactWords(
        verbs="interrompre",
        nouns=("panne", "interruption", "coupure", "incendie", "inondation"),
        said=r"""
            incendie (?:dans|chez|au|a|d)|sans (?:informatique|dossiers?|acces|logiciels?|connexion)
            (?:prend|prennent|a pris|ont pris) feu
            (?:par|apres|subi\w*) (?:une|la) panne|injoignables?|bloqu(?:e|ent|é|ée|és|ées) (?:\w+ ){0,3}?comptes?
            (?:detruit|ravag|noy|inond)\w* (?:par|sous) (?:\w+ ){0,3}?(?:incendie|feu|flammes|eaux?|inondation)
            dans le noir
            pannes? (?:geante|generale|nationale|majeure|mondiale|massive|informatique|electrique|paralyse|prive)s?
            priv(?:e|ent|ée?s?) d(?:e|es|u)? (?:\w+ ){0,5}?(?:acces|dossiers?|logiciels?|services?|reseau|carte vitale)
            victimes? d une panne|(?:est|sont) en panne|tomb\w+ en panne|a l arret|hors (?:service|ligne)
            inaccessibles?|indisponibles?|ne repond(?:ent)? plus
        """,
    ),
    "coupure": FactWords(
        bound=(
            ("couper suspendre bloquer désactiver fermer geler résilier interrompre", _SERVED),
            (
                "débrancher déconnecter évincer",
                "procureur|juges?|magistrats?|cour penale|clients?|entreprises?|ministere",
            ),
        ),
        said=rf"""
            coupée?s? d(?:e|es|u) (?:\w+ ){{0,2}}?(?:{_SERVED})
            priv(?:e|ent|é|ée|és|ées) d(?:e|es|u)? ?(?:\w+ ){{0,2}}?(?:{_SERVED})
            (?:perd|perdent|a perdu|ont perdu) l acces|plus acces a
            (?:n ont|n a) plus (?:ni )?(?:acces|messagerie|courriels?)
            (?:coupe|ferme|bloque|suspend|desactive)(?:nt|ent)? (?:\w+ ){{0,3}}?(?:{_SERVED})
        """,
    ),
    "report": FactWords(
        verbs="reporter repousser décaler ajourner différer",
        nouns=("report", "ajournement"),
        said=r"""
            (?:mois|ans?|semaines?|semestres?) de retard|(?:glisse|glissent|glissé|renvoyée?s?) (?:a|au|de|jusqu)
            attendra|attendront|rest(?:e|era|eront) (?:\w+ ){0,4}?(?:jusqu)|jou(?:e|ent) les prolongations
        """,
    ),
    "aveu": FactWords(
        said=rf"""
            (?:{_VENDOR}) (?:\w+ ){{0,4}}?(?:admet|avoue|concede|reconnait|confesse)(?:tent|nt|ssent)?
            (?:{_VENDOR}) (?:\w+ ){{0,4}}?(?:ne|n) (?:peu(?:ven)?t|pourra|pourront|garanti(?:ssen)?t)(?: pas| rien)?
            (?:{_VENDOR}) (?:\w+ ){{0,4}}?n est pas en mesure
            (?:{_ADMITS}) (?:\w+ ){{0,8}}?(?:ne|n) (?:\w+ ){{0,2}}?(?:pouvoir|etre|garantir)
            (?:{_VENDOR}) (?:\w+ ){{0,2}}?(?:livr|remet|transmet|fourni|communiqu)\w* (?:\w+ ){{0,8}}?(?:{_AMERICA})
            (?:{_VENDOR}) (?:a|ont) (?:\w+ )?(?:livré|remis|transmis|communiqué|cedé) (?:\w+ ){{0,3}}?(?:{_CONTENT})
            (?:remet|livre|transmet|communique)(?:nt|tent)? (?:\w+ ){{0,7}}?(?:{_AUTHORITY})
            (?:a|ont) (?:remis|livré|transmis|fourni|communiqué) (?:\w+ ){{0,7}}?(?:{_AUTHORITY})
            (?:incapable|incapables|dans l incapacite) de (?:le |les )?(?:garantir|s opposer|resister|refuser)
        """,
    ),
}
