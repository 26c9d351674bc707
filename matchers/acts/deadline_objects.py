"""Whether the words before a day say which things are meant, and none when: « émis avant le … ». Pure."""

import re

# « les certificats émis avant le 1er janvier », « les revenus perçus à compter du … » : which ones, and no duty
_WHICH = re.compile(
    r"(?<![a-z])(?<!etre )(?<!avoir )(?<!sera )(?<!seront )(?<!est )(?<!sont )"
    r"(?:(?:emis|delivre|conclu|mise?s? (?:sur le marche|en service|en place|en .{1,2}uvre)|depose|notifie|acquis"
    r"|signe|installe|cree|autorise|certifie|publie|ne|recu|percu|presente|forme|introduit|engage|ouvert|clo(?:s|t)"
    r"|souscrit|renouvele|reconduit|realise|effectue|verse|du|survenu|intervenu|constate|commi[st]|collecte|produit"
    r"|attribue|passe|lance|enregistre|immatricule|construit|livre|commande|facture|vendu|achete|nomme|recrute"
    r"|prononce|rendu|transmis|adresse|etabli|inscrit|adopte|valide|homologue|agree|embauche|demarre"
    r"|debute|commence)e?s? (?:avant le|a compter du|a partir du|entre le|au)"
    r"|(?:produit|collecte|recueilli|constate|verse|percu|survenu|commis)e?s? jusqu'au"
    # Which wording, or which of what goes on that day
    r"|en cours (?:au|le)"
    r"|(?:version|redaction|taux|tarifs?|bareme)(?: (?!entr)[a-z]+){0,3} (?:en vigueur|applicables?) (?:au|le)"
    r"|(?:an|ans|annees?|mois|semaines?|jours?|heures?)(?: (?:francs?|ouvres?|calendaires?))? (?:au moins |au plus )?"
    r"(?:avant le|avant|apres le|a compter du|a partir du|from|before)"
    r"|(?:apres|posterieure?s? au|anterieure?s? au|qui suit|qui suivent"
    r"|mise?s? (?:a jour|en ligne)|(?:publie|modifie|actualise|redige|paru)e?s?) le|posterieure?s? au"
    r"|anterieure?s? au) $"
    r"|(?<![a-z])(?<!be )(?<!are )(?:received|submitted|sent|lodged|filed) (?:by|before|until|no later than) $"
)
# « les agents recrutés avant le … », as written: a participle without its auxiliary says which ones
_SORTED = re.compile(
    r"(?<!\bêtre )(?<!\bavoir )(?<!\bsera )(?<!\bseront )(?<!\best )(?<!\bsont )(?<!\bété )"
    r"\b(?!(?:prolong|prorog|report|repouss|fix|avanc|allong|décal|clôtur|abrog|délibér|délégu|procéd|employ|salari"
    r"|assur|priv|intéress|donn|dur|entr|ann|journ|arriv)é)[^\W\d_]+(?<!t)ée?s? "
    r"(?:avant le|à compter du|à partir du|après le|entre le|(?<!accordée )(?<!accordé )(?<!renouvelée )(?<!renouvelé )"
    r"(?<!délivrée )(?<!délivré )(?<!autorisée )(?<!autorisé )jusqu'au) $"
)


def says_which(before: str, written: str) -> bool:
    """Do the words before a day say which things are meant, and none when? `written`: their end as given."""
    return _WHICH.search(before) is not None or _SORTED.search(written) is not None
