"""Who speaks with authority: the sites of those who decide. Pure."""

import re

OFFICIAL = (
    *("anssi.fr", "cnil.fr", "conseil-etat.fr", "courdecassation.fr", "conseil-constitutionnel.fr", "arcep.fr"),
    *("has-sante.fr", "senat.fr", "assemblee-nationale.fr", "ccomptes.fr", "cofrac.fr", "esante.fr", "gouv.fr"),
    *("europa.eu", "banque-france.fr", "autoritedelaconcurrence.fr", "ameli.fr", "ansm.sante.fr", "ars.sante.fr"),
    *("amf-france.org", "anses.fr", "arcom.fr", "cada.fr", "cre.fr", "defenseurdesdroits.fr", "elysee.fr", "hatvp.fr"),
    *("santepubliquefrance.fr", "tribunal-administratif.fr", "atih.sante.fr"),
)
"""Sites of those who decide; their other addresses end so too."""
_SITES = frozenset(OFFICIAL)
_PLAIN = re.compile("(?:[a-z0-9-]+(?:[.][a-z0-9-]+)*)?")  # a host that is spelt as anybody spells it
BULLETIN = "boamp.fr"  # no authority, but where buyers publish


def may_be_official(url: str) -> bool:
    """False where an address is on no such site, nor the bulletin: a tenth of the cost of reading it whole."""
    parts = url.split("/", 3)
    host = parts[2] if len(parts) > 2 else url
    return _PLAIN.fullmatch(host) is None or is_official(host) or host.endswith(BULLETIN)


def is_official(host: str, declared: bool | None = None) -> bool:
    """Is this the site of an authority, or of a service of it? `declared`: what was said of the source, None:
    nothing."""
    if declared is not None:
        return declared
    while host and host not in _SITES:
        host = host.partition(".")[2]
    return bool(host)


_SPEAKERS = {
    "ameli.fr": "cnam",
    "anssi.fr": "anssi",
    "arcep.fr": "arcep",
    "assemblee-nationale.fr": "assemblee",
    "ccomptes.fr": "cour-comptes",
    "cert.ssi.gouv.fr": "cert-fr",
    "cnil.fr": "cnil",
    "conseil-etat.fr": "conseil-etat",
    "curia.europa.eu": "cjue",
    "cyber.gouv.fr": "anssi",
    "ec.europa.eu": "commission-eu",
    "edpb.europa.eu": "edpb",
    "enisa.europa.eu": "enisa",
    "esante.gouv.fr": "ans",
    "has-sante.fr": "has",
    "numerique.gouv.fr": "dinum",
    "sante.gouv.fr": "ministere-sante",
    "senat.fr": "senat",
    "ssi.gouv.fr": "anssi",
}


AUTHORITIES = frozenset(f"@{each}" for each in _SPEAKERS.values())
"""Those that speak so, as terms of a topic."""


def speaker(host: str) -> str:
    """The authority, an id of entities.yaml, that speaks on this site without naming itself; "" where none does."""
    while host and host not in _SPEAKERS:
        host = host.partition(".")[2]
    return _SPEAKERS.get(host, "")
