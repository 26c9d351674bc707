"""Who decides, and is no press: what they publish is marked."""

from bot import grouping

OFFICIAL = (
    *("anssi.fr", "cnil.fr", "conseil-etat.fr", "courdecassation.fr", "conseil-constitutionnel.fr", "arcep.fr"),
    *("has-sante.fr", "senat.fr", "assemblee-nationale.fr", "ccomptes.fr", "cofrac.fr", "esante.fr", "gouv.fr"),
    *("europa.eu", "banque-france.fr", "autoritedelaconcurrence.fr", "ameli.fr"),
)
"""Sites of those who decide; their other addresses end so too."""


def is_official(host: str) -> bool:
    return any(host == site or host.endswith(f".{site}") for site in OFFICIAL)


def published_by_official(url: str) -> bool:
    return is_official(grouping.host(url))
