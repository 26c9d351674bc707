"""What makes an address one that can be asked, as far as its letters tell."""

import re
from urllib.parse import urlsplit


def bad_url(value: str) -> str | None:
    """Why this is not an http(s) address, None if it is one."""
    if re.search(r"\s", value) or not value.isprintable():
        return "l’adresse contient une espace"
    try:
        parts = urlsplit(value)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return "l’adresse est mal formée"
    if parts.scheme not in ("http", "https"):
        named = re.fullmatch(r"(?:feed:(?://)?)?((?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?)", value)
        hint = f" ; écrivez « https://{named[1]} »" if named else ""
        return f"l’adresse doit commencer par https:// ou http://{hint}"
    if parts.username is not None or parts.password is not None:
        return "l’adresse porte un nom ou un mot de passe, ce que la relève refuse : ils vont dans un « login_file »"
    return None if host else "il manque le nom du site"
