"""What people write to a bot as to a person is one of a few wishes; what may be news is none."""

import pytest

from bot.conversation.wishes import Wish, wish_of

WISHES: dict[Wish, tuple[str, ...]] = {
    "less": (
        "arrête", "stop svp", "plus jamais ça", "fiche moi la paix", "unsubscribe me please", "trop de messages",
        "mets-toi en pause", "je suis en vacances jusqu’au 15", "too many alerts", "je pars en congés jusqu’à lundi",
        "juste le résumé svp", "supprime mes données",
        "mute for two hours",
    ),
    "days": ("stop les alertes le week-end", "rien le dimanche", "no alerts on weekends please", "plus rien le we",
             "plus que les vendredis", "que le lundi et le jeudi", "only on Fridays"),
    "quiet": ("pas d'alertes cette nuit", "pas de notif après 20h",
              "no alerts at night pls", "stop pinging me after 9pm"),
    "export": ("exporte mes données", "télécharger mes alertes", "can I get a copy of my data"),
    "why": ("c’est quoi ce flash ?", "pk j'ai reçu ça", "why did I get this?", "d'où vient cette alerte ?"),
    "status": ("pourquoi je ne reçois rien ?", "j’ai rien reçu ce matin", "quand vient le prochain digest ?",
               "ça marche encore ?", "t'es là ?", "are you still working?"),
    "resume": ("remets les alertes stp", "euh tu peux réactiver les notifications", "turn it back on",
               "je suis rentré tu peux reprendre"),
    "week": ("envoie-moi le récap de la semaine", "weekly summary please"),
    "digest": ("quoi de neuf aujourd’hui ?", "any news?", "je peux avoir le digest ?", "les nuovelles du jour"),
    "hour": ("je voudrais le digest à 7h30", "send me the digest at 7:30", "send the digest at 7am",
             "changer l’heure du récap"),
    "language": ("passe en anglais", "switch to French please"),
    "lists": ("à quoi je suis abonné ?", "what am I following?", "rappelez-moi mes veilles", "ajouter un mot-clé",
              "liste des veilles"),
    "deadlines": ("prochaines échéances ?", "upcoming deadlines"),
    "help": ("comment ça marche ?", "what can you do?", "c’est quoi ce bot", "au secours"),
    "privacy": ("tu fais quoi de mes données ?", "quelles infos conservez-vous sur moi"),
    "missed": ("tu as raté un article",),
    "settings": ("je veux voir les réglages",),
}  # fmt: skip


@pytest.mark.parametrize(("said", "wish"), [(said, wish) for wish, told in WISHES.items() for said in told])
def test_a_wish_is_understood_however_it_is_said(said: str, wish: Wish) -> None:
    assert wish_of(said) == wish


NEWS = (
    "marché public", "marché", "arrêté", "arrêts maladie", "alerte CERT-FR", "données", "données personnelles",
    "délai de notification", "panne informatique", "aides d’État", "commande publique", "le guide", "Le Point", "bug",
    "manque de soignants", "silence vaut accord", "data act", "StopCovid", "trop de données", "7", "", "mots " * 90,
)  # fmt: skip


@pytest.mark.parametrize("said", NEWS)
def test_what_may_be_news_is_no_wish(said: str) -> None:
    assert wish_of(said) is None
