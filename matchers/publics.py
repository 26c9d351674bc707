"""Whom an act concerns: the roles that its own words mean, by a closed table. Pure."""

import re
from typing import Literal

from matchers.text import fold

PublicRole = Literal["hebergeur", "etablissement", "editeur", "collectivite", "professionnel", "journaliste"]

_ROLES: tuple[tuple[PublicRole, str], ...] = (
    ("hebergeur", r"hebergeurs?|hebergement|informatique en nuage|cloud"
        r"|prestataires? de services? (?:numerique|qualifie"
                  r"|d informatique)[a-z]*|operateurs? de (?:centres? de donnees|plateformes?)|centres? de donnees"
                  r"|fournisseurs? (?:de services? )?(?:numerique|d acces|d hebergement|cloud|d informatique)[a-z]*"),
    ("etablissement", r"etablissements? (?:publics? |prives? )*(?:de sante|hospitaliers?|medico sociaux"
                      r"|sanitaires?|de soins|sociaux et medico sociaux)|hopita(?:l|ux)|chu|chru|ch"
                      r"|centres? hospitaliers?"
                      r"|cliniques?|ehpad|groupements? hospitaliers?|ght|groupements? de cooperation sanitaire"
                      r"|aphp|ap hp|structures? de soins|maisons? de sante"),
    ("editeur", r"editeurs?|fabricants? (?:de logiciels?|de dispositifs? medica[a-z]+)|industriels? du numerique"
                r"|entreprises? du numerique|concepteurs? de (?:logiciels?|systemes?)|developpeurs?"
                r"|fournisseurs? de (?:logiciels?|systemes? d (?:information|intelligence artificielle)|solutions?)"
                r"|societes? de services? informatiques?|esn"),
    ("collectivite", r"collectivites?|communes?|departements?|regions?|metropoles?|intercommunalites?|epci"
                     r"|etablissements? publics? de cooperation intercommunale|mairies?|villes?|communautes?"
                     r" (?:urbaines?|de communes|d agglomeration)|conseils? (?:departementa|regiona|municipa)[a-z]+"),
    ("professionnel", r"professionnels? de (?:la )?sante|medecins?|pharmaciens?|infirmiers?|biologistes?"
        r"|sages? femmes?"
                      r"|chirurgiens? dentistes?|pharmacies?|officines?|laboratoires? de biologie(?: medicale)?"),
)  # fmt: skip
_READ = tuple((role, re.compile(rf"(?<![a-z0-9])(?:{form})(?![a-z0-9])")) for role, form in _ROLES)
_BUT = re.compile(r"(?<![a-z])(?:a l exception|a l exclusion|sauf|hormis|autres que|hors)(?![a-z])")


def audience(words: str) -> tuple[PublicRole, ...]:
    """The roles that such words mean, in the order of the table; a journalist is concerned by whatever concerns one.

    () where they mean none: then the act is everybody's. Who is named after « à l'exception » is not concerned.
    """
    folded = " ".join(fold(words).decode("latin-1").split())
    kept = folded[: cut.start()] if (cut := _BUT.search(folded)) else folded
    found: list[PublicRole] = [role for role, form in _READ if form.search(kept)]
    return (*found, "journaliste") if found else ()
