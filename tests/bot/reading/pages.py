"""Pages in the layouts of French sites, all words our own."""

import json

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
    node = {"@context": "https://schema.org", "@type": "NewsArticle", **fields}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def _next(data: object) -> str:
    return json.dumps(data).replace("<", "\\u003c")


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
JAHIA = page(
    f"{MENU}<div class='container'><div id='bodywrapper'><div class='row'><div class='col-md-8 area main-area'>"
    f"<div class='article-content jahia-template-gxt'><h1>Valmorin choisit son hébergeur</h1>"
    f"<div class='rich-text'>{BODY}</div></div></div><div class='col-md-4'><div class='bloc-liens'><ul>"
    "<li><a href='/x'>Microsoft ouvre un centre</a></li></ul></div></div></div></div></div>"
)
NEXT = page(
    '<div id="__next"></div><script id="__NEXT_DATA__" type="application/json">'
    + _next({"props": {"pageProps": {"article": {"title": "Valmorin", "body": BODY, "related": ["Microsoft"]}}}})
    + "</script>"
)
NUXT = page(
    f'<div id="__nuxt"><div id="__layout"><div>{MENU}<main class="page"><section data-v-1a2b><h1>Valmorin</h1>'
    f'<div class="article__text" data-v-1a2b>{BODY}</div></section></main></div></div></div>'
    "<script>window.__NUXT__={data:[]}</script>"
)


# --- walls
def _article(end: str = "", head: str = "", start: str = "", kept: int = 3) -> bytes:
    """An article of which `kept` paragraphs can be read."""
    shown = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS[:kept])
    return page(
        f"{MENU}<main><article><h1>Valmorin choisit son hébergeur</h1>{start}{shown}{end}</article></main>", head
    )


_OFFER = "<div class='offre'><p>Déjà abonné ? Connectez-vous</p><p>À partir de 1 € par mois, sans engagement</p></div>"

LOCKED_PAGES = (
    LOCKED,
    _article(_OFFER, ld(isAccessibleForFree=False)),
    _article(_OFFER, ld(isAccessibleForFree="False")),
    _article("", ld(isAccessibleForFree="http://schema.org/False")),
    _article("<p>Inscrivez-vous gratuitement pour lire la suite</p>", ld(isAccessibleForFree=False)),
    _article("", '<meta property="article:content_tier" content="metered">'),
    _article("", '<meta property="article:content_tier" content="locked">'),
    _article(f"<p>Il vous reste 74.5% de cet article à lire. La suite est réservée aux abonnés.</p>{_OFFER}"),
    _article(f"<div><p>Ce contenu est réservé aux abonné·e·s</p></div>{_OFFER}", ld(isAccessibleForFree=True)),
    _article(f"<div class='paywall'><h3>Envie de lire la suite ?</h3></div>{_OFFER}"),
    _article(f"<aside><h3>Débloquer votre article</h3></aside>{_OFFER}"),
    _article("<p><span>La suite de cet article est réservée à nos abonnés</span></p><p>Je m’abonne</p>"),
    _article(f"<p><b>Cet article</b> est réservé aux abonnés.</p>{_OFFER}"),
    _article("<section><p>Contenu réservé aux abonnés</p><p>S’abonner pour 9,99 € par mois</p></section>"),
    _article("<p>Lecture restreinte</p><p>Profitez de l’offre découverte à 1 €</p>"),
    _article("<p>Il vous reste 60 % de l’article à découvrir</p><p>Se connecter</p>", kept=1),
)
FREE_PAGES = (
    WORDPRESS,
    SPIP,
    DRUPAL,
    _article("", ld(isAccessibleForFree=True), kept=8),
    _article("<ul><li><a href='/x'>Contenu réservé aux abonnés : un autre sujet</a></li></ul>", kept=8),
    _article(start=f"<p>« Cet article est réservé aux abonnés » : {TEXT[:300]}</p>", kept=8),
    _article("<p>Offre réservée à nos inscrits</p><p>Réservé aux utilisateurs connectés</p>", kept=8),
    _article("<div class='paywall poool premium'></div><a href='/abo'>Abonnez-vous</a>", kept=8),
    _article("", ld(**{"@type": "WebPage", "isAccessibleForFree": False}), kept=8),
    _article("", '<meta property="article:content_tier" content="free">', kept=8),
    _article(f"<p>{'Les murs payants se multiplient, et les abonnés hésitent. ' * 3}</p>", kept=8),
    _article("<aside><h2>À lire aussi</h2><a href='/x'>Réservé aux abonnés</a></aside>", kept=8),
)
