"""Whether the words around a day are those of its kind: a court hears, a consultation closes. Pure."""

import re

from matchers.model import DeadlineKind

_STARTS = re.compile(
    r"(?<![a-z])(?:ouvert[a-z]*|lance[a-z]*|debut[a-z]*|demarr[a-z]*|engagee?s?|commence[a-z]*|open(?:s|ed|ing)?|started)"
    r"(?: (?!termin|achev|clo|ferm|fin)[a-z']+){0,8}(?: (?:le|au|on) | ?: *)$"
)
_COURT = re.compile(
    r"(?<![a-z])(?:cours?|tribuna(?:l|ux)|conseil d'etat|conseil constitutionnel|juges?|juridictions?|cjue"
    r"|formation restreinte|chambres?|affaires?|recours|requetes?|audiences?|delibere|rapporteure? publi(?:c|que)"
    r"|avocate? general|magistrats?|arrets?|jugements?|verdict|court|hearing|case|advocate|proces|refere"
    r"|pourvoi)(?![a-z])"
)
# Where others sit and hear, or a court does nothing but receive
_PARLIAMENT = re.compile(
    r"(?<![a-z])(?:senat|senateurs|assemblee|parlement|deputes|commission|ministres|parliament|committee|solennelles?"
    r"|rentree|installation|public hearings?|hearings? (?:on|of))(?![a-z])"
)


def agrees(kind: DeadlineKind, *, closes: bool, is_end: bool, is_on: bool, near: str) -> bool:
    """A day of entry into force is « on », a duty « until »; a consultation closes; a court hears."""
    if kind == "hearing":
        return is_on and not is_end and _PARLIAMENT.search(near) is None and _COURT.search(near) is not None
    if kind == "in_force":
        return is_on and not is_end
    if kind == "compliance":
        return (
            is_end
            or re.search(r"(?:doi|dev)[a-z]+ avoir ", near) is not None
            or (closes and ("periode" in near or near.rstrip().endswith(":")))
        )
    if kind == "expiry":
        return (
            is_end
            or re.search(r"expire|fin(?![a-z])|echeance|abroge|cess(?:e|ent|era|eront) ", near) is not None
            or near.rstrip().endswith(":")
        )
    if is_on and not is_end and _STARTS.search(near):
        return False
    return closes or re.search(r"(?:remise|reception) des (?:offres|plis|candidatures) (?:le |: )$", near) is not None
