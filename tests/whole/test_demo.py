"""The demonstration, from its first line to its last."""

import io

from bot.demo import press, show
from bot.demo.site import NOW


async def test_the_morning_reads_as_it_should() -> None:
    out = io.StringIO()
    assert await show.demo(out) == 0
    told = out.getvalue()
    before, _, rest = told.partition("La presse du matin")
    flashes, _, digest = rest.partition("8 heures.")

    assert "╭" not in before, "nothing old is announced"
    assert "« L'Hebdo du serveur » : " in before, "a dead source is told, and hurts nobody"
    messages = flashes.split("╭")[1:]
    alerts = [flattened(message) for message in messages if "⚡" in message]
    assert len(alerts) == 4, "a dispatch and its copies are one message that grows"
    assert sum("Valmorin" in alert for alert in alerts) == 1, "a hospital that stands still is an event"
    assert sum("3sources" in alert for alert in alerts) == 1, "its copies stand under it"
    assert sum("Délibération2023146" in alert and "4sources" in alert for alert in alerts) == 1, (
        "an act leads its press"
    )
    assert sum(flattened("un collectif annonce un référé") in alert for alert in alerts) == 1, "what follows is apart"
    assert sum("Nébulis" in alert for alert in alerts) == 1
    assert all("en réponse au n°" in message for message in messages if "⚡" not in message)
    assert "Quotidien · jeudi 1er février" in digest
    assert flattened("texte partiel, réservé aux abonnés") in flattened(digest)
    assert "Déjà envoyé en flash" in digest
    assert flattened("Échéances ⏳ J-2 · sam. 3 févr. · fin de la consultation") in flattened(digest)
    assert "@hdh" in digest
    assert "304" in digest
    assert "Nébulis, Nébulis IaaS\u00a0: J3 → Qualifié (Liste des services qualifiés, " in digest
    assert "/statuts secnumcloud : Qualifié\u00a0: 3, J1\u00a0: 1, J0\u00a0: 1" in digest
    assert "Nébulis, Nébulis IaaS\u00a0: Fin de validité\u00a0: (vide) → 1er févr. 2027" in digest

    stories = [story for outlet in press.load() for story in outlet.stories if story.stage == 2]
    kept, _, others = digest.partition("Et ce qui n’a pas été retenu ?")
    left, _, primary = others.partition("La source première")
    assert "Rappel ≥" in left
    shown = flattened(flashes + kept + primary.partition("Et pourquoi")[0])
    relevant = [story for story in stories if story.expected]
    noise = [story for story in stories if not story.expected]
    names = {outlet.id: flattened(outlet.name) for outlet in press.load()}
    missing = [story for story in relevant if flattened(story.title) not in shown]
    assert [story.title for story in missing if names[story.outlet] not in shown] == [], "a duplicate becomes a source"
    assert len(missing) < len(relevant) / 2
    assert [story.title for story in noise if flattened(story.title) in shown] == []


def test_the_morning_runs_at_the_pace_of_the_day() -> None:
    clock = show.Morning(NOW)
    assert clock() >= NOW
    clock.set(show.EIGHT)
    assert clock() >= show.EIGHT


def flattened(text: str) -> str:
    """Without frames, wrapping and spaces, so that a wrapped title is found."""
    return "".join(char for char in text if char.isalnum())
