"""The certificates that requests trust beside the public ones: files and folders, as they are exported."""

import ssl
from pathlib import Path


def holds_some(path: Path) -> bool:
    """Does a file hold one, or a folder? A folder may hold none by these names: OpenSSL finds its own by their hashes.
    OSError, ValueError: it can't be read."""
    tried = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if path.is_dir():
        files = _in_folder(path)
        return not files or any(_loads(tried, file) for file in files)
    try:
        _load(tried, path)
    except ssl.SSLError:
        return False
    return True


def trust(context: ssl.SSLContext, authorities: tuple[Path, ...]) -> ssl.SSLContext:
    """The context, which now trusts these files and folders too; what else a folder holds is passed by."""
    for path in authorities:
        if path.is_dir():
            context.load_verify_locations(capath=path)
            for file in _in_folder(path):
                _loads(context, file)
        else:
            _load(context, path)
    return context


def _in_folder(path: Path) -> list[Path]:
    return sorted(file for file in path.iterdir() if file.suffix.lower() in _SUFFIXES)


_SUFFIXES = {".pem", ".crt", ".cer"}


def _loads(context: ssl.SSLContext, file: Path) -> bool:
    try:
        _load(context, file)
    except (OSError, ValueError):
        return False
    return True


def _load(context: ssl.SSLContext, file: Path) -> None:
    """Certificates as they are exported: PEM, with or without Windows' mark at its start, or DER."""
    held = file.read_bytes()
    context.load_verify_locations(cadata=held.decode("ascii", "ignore") if _PEM in held else held)


_PEM = b"-----BEGIN "
