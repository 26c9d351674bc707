"""How a reading is told to people: where its text came from, and what is missing."""

from collections.abc import Iterable

SOURCES = {
    "feed_full": "texte entier, donné par le flux",
    "json_ld": "texte de la page, donné par ses données (JSON-LD)",
    "page": "texte de la page",
    "feed_summary": "ce que dit le flux",
    "title_only": "titre seul",
    "none": "rien",
}
FLAGS = {
    "aggregator": "agrégateur : la page n’est pas demandée",
    "assumed_zone": "heure sans fuseau, supposée de Paris",
    "charset_repaired": "caractères réparés",
    "consent": "mur de cookies",
    "day_only": "jour sans heure",
    "killed": "page trop lourde à lire : lecture arrêtée",
    "live": "direct : la page est lue une fois, puis le flux",
    "list": "page de liste, et non d’un article",
    "maybe_incomplete": "peut-être incomplet",
    "needs_js": "page vide sans JavaScript",
    "noarchive": "texte non conservé, à la demande du site",
    "nosnippet": "aucun extrait montré, à la demande du site",
    "not_html": "ce n’est pas une page HTML",
    "odd_date": "date invraisemblable, ignorée",
    "paywalled": "🔒 texte partiel, réservé aux abonnés",
    "reserved": "page non lue : droits de fouille réservés",
    "robots": "page non lue : robots.txt l’interdit",
    "short": "page presque sans texte",
    "too_big": "page trop grosse",
    "unreachable": "page injoignable",
    "unreadable": "page illisible",
    "waiting": "page pas encore lue",
}


def told(source: str, length: int, flags: Iterable[str]) -> str:
    """« texte de la page, 3 120 signes, 🔒 texte partiel, réservé aux abonnés »."""
    count = f"{length:,}".replace(",", "\u202f") + " signe" + ("s" if length > 1 else "")
    return ", ".join((SOURCES.get(source, source), count, *(FLAGS.get(flag, flag) for flag in flags)))
