"""Acts on the demonstration's site: a fund of archives, in which a deliberation comes, and a consultation."""

import io
import json
import tarfile
from html import escape

FUND = "/opendata/CNIL/"
CONSULTATIONS = "/consultations.json"
_OLD = ("CNIL_20240124-210000.tar.gz", "CNILTEXT000049000101", "2024-002", "2024-01-11", "2024-01-24",
        "Délibération 2024-002 du 11 janvier 2024 portant avis sur un fichier de bibliothèques",
        "La Commission rend un avis sur le fichier des lecteurs d’un réseau de bibliothèques.")  # fmt: skip
_NEW = ("CNIL_20240201-050000.tar.gz", "CNILTEXT000049000146", "2023-146", "2023-12-21", "2024-01-31",
        "Délibération 2023-146 du 21 décembre 2023 autorisant la Plateforme des données de santé à constituer un "
        "entrepôt dénommé « EMC2 »",
        "La Commission autorise la Plateforme des données de santé à constituer l’entrepôt EMC2, hébergé par Microsoft "
        "pour une durée de trois ans.")  # fmt: skip


def index(*, decided: bool) -> bytes:
    """The fund's own page: a link an archive."""
    links = "\n".join(f'<a href="{name}">{name}</a>' for name, *_ in _archives(decided=decided))
    page = f"<html><head><title>Index of {FUND}</title></head><body><pre>\n{links}\n</pre></body></html>"
    return page.encode("latin-1")


def archive(name: str, *, decided: bool) -> bytes | None:
    """A file of the fund; None where it has none of this name."""
    found = next((each for each in _archives(decided=decided) if each[0] == name), None)
    return None if found is None else _packed(f"{found[1]}.xml", _written(found))


def consultations(*, opened: bool) -> bytes:
    """What the Commission answers: one initiative, that closes in two days, or none."""
    initiative = {
        "id": 14012,
        "shortTitle": "Espace européen des données de santé (EHDS) : hébergement des données de santé et souveraineté",
        "reference": "Ares(2024)1201",
        "topics": [{"code": "HEALTH", "label": "Santé publique"}],
        "currentStatuses": [{"receivingFeedbackStatus": "OPEN", "feedbackEndDate": "2024/02/03 23:59:59"}],
    }
    return json.dumps({"initiativeResultDtoPage": {"content": [initiative] if opened else []}}).encode()


def _archives(*, decided: bool) -> tuple[tuple[str, ...], ...]:
    return (_OLD, _NEW) if decided else (_OLD,)


def _written(act: tuple[str, ...]) -> bytes:
    _, identifier, number, decided, published, title, text = act
    fields = {
        "ID": identifier, "NATURE": "DELIBERATION", "NUMERO": number, "DATE_TEXTE": decided, "DATE_PUBLI": published,
        "TITREFULL": title,
    }  # fmt: skip
    said = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items())
    return f'<?xml version="1.0"?><TEXTE><META>{said}</META><CONTENU><p>{escape(text)}</p></CONTENU></TEXTE>'.encode()


def _packed(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as made:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        made.addfile(member, io.BytesIO(content))
    return out.getvalue()
