"""Who speaks with authority: the sites of those who decide. Pure."""

OFFICIAL = (
    *("anssi.fr", "cnil.fr", "conseil-etat.fr", "courdecassation.fr", "conseil-constitutionnel.fr", "arcep.fr"),
    *("has-sante.fr", "senat.fr", "assemblee-nationale.fr", "ccomptes.fr", "cofrac.fr", "esante.fr", "gouv.fr"),
    *("europa.eu", "banque-france.fr", "autoritedelaconcurrence.fr", "ameli.fr", "ansm.sante.fr", "ars.sante.fr"),
    *("amf-france.org", "anses.fr", "arcom.fr", "cada.fr", "cre.fr", "defenseurdesdroits.fr", "elysee.fr", "hatvp.fr"),
    *("santepubliquefrance.fr", "tribunal-administratif.fr", "atih.sante.fr"),
)
"""Sites of those who decide; their other addresses end so too."""


def is_official(host: str, declared: bool | None = None) -> bool:
    """Is this the site of an authority, or of a service of it? `declared`: what was said of the source, None:
    nothing."""
    if declared is not None:
        return declared
    while host and host not in _SITES:
        host = host.partition(".")[2]
    return bool(host)


_SITES = frozenset(OFFICIAL)
