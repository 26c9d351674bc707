"""Pages in the layouts of French sites, all words our own."""

SENTENCES = (
    "L'agglomération de Valmorin a confié ses dossiers médicaux à un hébergeur certifié.",
    "Le contrat court jusqu'en 2029 et prévoit une réversibilité complète des données.",
    "Les élus avaient d'abord retenu un prestataire étranger, avant de revoir leur copie.",
    "La direction informatique de l'hôpital détaille le calendrier de la migration.",
    "Une centaine d'applications seront déplacées par lots, de la paie à l'imagerie.",
    "L'agence nationale suivra chaque étape et publiera un bilan à la fin de l'année.",
)
PARAGRAPHS = tuple(f"{SENTENCES[n % 6]} {SENTENCES[(n + 1) % 6]} Étape numéro {n}." for n in range(8))
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
TEXT = "\n".join(PARAGRAPHS)


def page(body: str, head: str = "", title: str = "Valmorin choisit son hébergeur - Le Phare") -> bytes:
    return (
        f'<!DOCTYPE html><html lang="fr-FR"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body>{body}</body></html>"
    ).encode()


def ld(**fields: object) -> str:
    import json

    node = {"@context": "https://schema.org", "@type": "NewsArticle", **fields}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


MENU = "<nav><ul><li><a href='/a'>Accueil</a></li><li><a href='/b'>Microsoft Azure</a></li></ul></nav>"

WORDPRESS = page(
    f"{MENU}<main><article class='post'><h1 class='entry-title'>Valmorin choisit son hébergeur</h1>"
    f"<div class='entry-content'>{BODY}<p>À lire aussi : Un autre sujet</p></div></article></main>"
    "<aside><h2>Les plus lus</h2><ul><li><a href='/x'>Microsoft ouvre un centre</a></li></ul></aside>"
)
SPIP = page(
    f"<div id='page'>{MENU}<div class='contenu-principal'><div class='cartouche'><h1 class='crayon article-titre'>"
    f"Valmorin choisit son hébergeur</h1></div><div class='crayon article-texte texte'>{BODY}</div></div></div>"
)
DRUPAL = page(
    f"{MENU}<main role='main'><article class='node node--type-article'><div class='field field--name-body "
    f"field--type-text-with-summary'>{BODY}</div></article></main><footer>Mentions légales</footer>"
)
LOCKED = page(
    f"{MENU}<article><h1>Valmorin choisit son hébergeur</h1><p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p>"
    "<p>Il vous reste 82 % de cet article à lire.</p><p>Abonnez-vous à partir de 1 € par mois</p></article>",
    ld(headline="Valmorin choisit son hébergeur", isAccessibleForFree="False"),
)
