"""An official list on the demonstration's site: what it says before and after a decision."""

from html import escape

PATH = "/listes/secnumcloud"
_ROWS = (
    ("Nébulis", "Nébulis IaaS", "J3", ""),
    ("Cirrova", "Cirrova PaaS", "J1", ""),
    ("Altocumul", "Alto SaaS", "Qualifié", "31 juil. 2025"),
    ("Stratonet", "Strato IaaS", "Qualifié", "12 mars 2026"),
    ("Givre", "Givre PaaS", "J0", ""),
)


def page(*, decided: bool) -> str:
    """The list, in which Nébulis is a candidate, then qualified."""
    rows = [("Nébulis", "Nébulis IaaS", "Qualifié", "1er févr. 2027"), *_ROWS[1:]] if decided else _ROWS
    head = "".join(f"<th>{name}</th>" for name in ("Prestataire", "Service", "Statut", "Fin de validité"))
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return (
        '<!doctype html>\n<html lang="fr">\n<title>Services qualifiés</title>\n<body>\n<main>\n<table>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody>\n</table>\n</main>\n</body>\n</html>\n"
    )
