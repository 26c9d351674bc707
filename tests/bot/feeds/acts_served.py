"""What the sources of acts serve, in our own words: an index, archives, and the answers of two interfaces."""

import io
import json
import tarfile
from collections.abc import Iterable
from typing import Any

INDEX = """<html><head><title>Index of /OPENDATA/JORFSIMPLE</title></head><body><h1>Index</h1><pre>
<a href="../">Parent Directory</a>
{links}
</pre></body></html>"""
NOTICE = """Publics concernés : établissements de santé, hébergeurs de données de santé.
Objet : conditions d’hébergement.
Entrée en vigueur : le texte entre en vigueur le 1er janvier 2027.
Notice : le décret précise les conditions.
Références : le décret peut être consulté en ligne."""
DECREE = {
    "ID": "JORFTEXT000051234567", "NATURE": "DECRET", "NUM": "2026-272", "NOR": "TSSD2603214D",
    "DATE_PUBLI": "2026-11-24", "DATE_TEXTE": "2026-11-21", "MINISTERE": "Ministère de la santé",
    "TITREFULL": "Décret n° 2026-272 du 21 novembre 2026 relatif à l'hébergement de données de santé",
}  # fmt: skip
DELIBERATION = {
    "ID": "CNILTEXT000051000001", "NATURE": "DELIBERATION", "NATURE_DELIB": "Autorisation", "NUMERO": "2026-113",
    "DATE_PUBLI": "2026-11-20", "DATE_TEXTE": "2026-10-02",
    "TITREFULL": "Délibération 2026-113 du 2 octobre 2026 autorisant un entrepôt de données",
}  # fmt: skip


def index(names: Iterable[str]) -> bytes:
    """A listing as a web server makes it."""
    return INDEX.format(links="\n".join(f'<a href="{name}">{name}</a>  26-Nov' for name in names)).encode("latin-1")


def xml(fields: dict[str, str], content: str) -> bytes:
    """A text as the DILA writes it, more or less."""
    said = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    lines = "".join(f"<p>{line}</p>" for line in content.split("\n"))
    return (
        f'<?xml version="1.0"?><TEXTE><META>{said}</META><NOTICE><CONTENU>{lines}</CONTENU></NOTICE></TEXTE>'.encode()
    )


def archive(files: Iterable[tuple[str, bytes]]) -> bytes:
    """A .tar.gz of these files."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as made:
        for name, content in files:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            made.addfile(member, io.BytesIO(content))
    return out.getvalue()


def notice(number: str, **changes: Any) -> dict[str, Any]:
    """A record of the BOAMP."""
    return {
        "idweb": number, "objet": "Hébergement certifié du dossier patient", "nomacheteur": "CHU de Sens",
        "nature": "APPEL_OFFRE", "nature_libelle": "Avis de marché", "dateparution": "2026-11-23",
        "datelimitereponse": "2027-01-12T11:00:00+00:00", "descripteur_libelle": ["Informatique"],
        "annonce_lie": None, "url_avis": f"https://www.boamp.fr/avis/detail/{number}", **changes,
    }  # fmt: skip


def notices(*records: dict[str, Any]) -> bytes:
    return json.dumps({"total_count": len(records), "results": records}).encode()


def initiative(number: int, **changes: Any) -> dict[str, Any]:
    """An initiative of « Donnez votre avis »."""
    status = {"receivingFeedbackStatus": "OPEN", "feedbackEndDate": "2027/01/15 23:59:59"}
    return {
        "id": number, "shortTitle": "Données de santé – acte d’exécution", "reference": "Ares(2026)118",
        "topics": [{"code": "HEALTH", "label": "Santé publique"}], "currentStatuses": [status], **changes,
    }  # fmt: skip


def initiatives(*records: dict[str, Any]) -> bytes:
    return json.dumps({"initiativeResultDtoPage": {"content": records}}).encode()
