"""The papers of a release: what it is made of (CycloneDX 1.6) and under which licences, from the pinned files.

    python deploy/papers.py            writes deploy/sbom.cdx.json and deploy/NOTICES.txt
    python deploy/papers.py --check    exit code 1 where they do not tell what is pinned

Names, versions and digests come from requirements.txt and requirements-postgres.txt, which the image has too; licences
and their texts from the packages that are installed.
Nothing in them depends on the day or the machine, so that a change of theirs is a change of what is shipped.
"""

import json
import re
import sys
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PINNED = ("requirements.txt", "requirements-postgres.txt")
SBOM, NOTICES = ROOT / "deploy/sbom.cdx.json", ROOT / "deploy/NOTICES.txt"
_PINNED = re.compile(r"^([a-z0-9-]+)==([^\s;\\]+)([^\n]*(?:\n[ \t]+[^\n]*)*)", re.MULTILINE)
_LICENCE_FILE = re.compile(r"(?:^|/)(?:licen[cs]e|copying|notice)[^/]*$", re.IGNORECASE)
_SPDX = re.compile(r"[A-Za-z0-9.+-]+(?: (?:AND|OR|WITH) [A-Za-z0-9.+-]+)*")

Pin = tuple[str, str, tuple[str, ...]]
"""Name, version, SHA-256 of each file that may be installed."""


def main(arguments: list[str]) -> int:
    read = {pin[0]: pin for name in reversed(PINNED) for pin in pinned((ROOT / name).read_text("utf-8"))}
    pins = tuple(read[name] for name in sorted(read))
    if arguments == ["--check"]:
        wrong = [name for name in PINNED if strange((ROOT / name).read_text("utf-8"))]
        wrong += [path.name for path, told in ((SBOM, _sbom_tells), (NOTICES, _notices_tell)) if not told(path, pins)]
        print(*(f"{name} ne dit pas ce qui est épinglé : make lock" for name in wrong), sep="\n", end="")
        return 1 if wrong else 0
    SBOM.write_text(json.dumps(sbom(pins), ensure_ascii=False, indent=1) + "\n", "utf-8")
    NOTICES.write_text(notices(pins), "utf-8")
    return 0


def pinned(text: str) -> tuple[Pin, ...]:
    return tuple(
        (name, version, tuple(re.findall(r"--hash=sha256:([0-9a-f]{64})", rest)))
        for name, version, rest in _PINNED.findall(text)
    )


def sbom(pins: tuple[Pin, ...]) -> dict[str, Any]:
    """CycloneDX 1.6 (ECMA-424). A component has the digest of each of its files: one of them is installed."""
    ours = {"type": "application", "bom-ref": "vigie", "name": "vigie", "version": _version()}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": ours | {"licenses": [{"license": {"id": "MIT"}}]}},
        "components": [_component(*pin) for pin in pins],
        "dependencies": [{"ref": "vigie", "dependsOn": [_purl(name, version) for name, version, _ in pins]}],
    }


def _component(name: str, version: str, digests: tuple[str, ...]) -> dict[str, Any]:
    purl = _purl(name, version)
    hashes = [{"alg": "SHA-256", "content": digest} for digest in digests]
    said = _licence(name)
    licence = {"expression": said} if _SPDX.fullmatch(said) else {"license": {"name": said}}
    licences = {"licenses": [licence]} if said else {}
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl,
        "hashes": hashes,
    } | licences


def _purl(name: str, version: str) -> str:
    return f"pkg:pypi/{name}@{version}"


def _version() -> str:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]


def _installed(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:  # for another system than this one
        return None


def _licence(name: str) -> str:
    """An SPDX expression, else what the package calls it; "" where it says nothing."""
    found = _installed(name)
    if found is None:
        return ""
    classified = [each for each in found.metadata.get_all("Classifier") or () if each.startswith("License ::")]
    said = [found.metadata.get("License-Expression"), found.metadata.get("License"), *classified]
    return next((each.rpartition(":: ")[2] for each in said if each and "\n" not in each), "")


def notices(pins: tuple[Pin, ...]) -> str:
    """Each package with its licence and the text that it asks to be kept."""
    seen: dict[str, str] = {}
    parts = ["Vigie is made of these packages, each under its own licence. Written by deploy/papers.py.\n"]
    for name, version, _ in pins:
        texts = [each if each not in seen else f"(the same text as {seen[each]})" for each in _texts(name)]
        seen |= {each: seen.get(each, name) for each in texts}
        parts.append(f"{'=' * 100}\n{name} {version}  {_licence(name)}\n{'-' * 100}\n" + "\n\n".join(texts) + "\n")
    return "\n".join(parts)


def _texts(name: str) -> list[str]:
    found = _installed(name)
    files = [file for file in (found.files or ()) if _LICENCE_FILE.search(str(file))] if found else []
    read = [file.read_text("utf-8").strip() for file in sorted(files, key=str) if ".py" not in file.name]
    return list(dict.fromkeys("\n".join(line.rstrip() for line in text.splitlines()) for text in read))


# --- what they say, for the check ----------------------------------------------------------------------------------
def strange(text: str) -> bool:
    """Whether a line is neither a remark nor a package of one version with its digests: it would be installed too."""
    left = _PINNED.sub("", text)
    return bool(re.search(r"^[ \t]*[^#\s]", left, re.MULTILINE)) or not all(digests for *_, digests in pinned(text))


def _sbom_tells(path: Path, pins: tuple[Pin, ...]) -> bool:
    try:
        components = json.loads(path.read_text("utf-8"))["components"]
    except (OSError, ValueError, KeyError):
        return False
    return [_bare(each) for each in components] == [_bare(_component(*pin)) for pin in pins]


def _bare(component: dict[str, Any]) -> dict[str, Any]:
    """But for the licences, which only the machine knows where all is installed."""
    return {key: value for key, value in component.items() if key != "licenses"}


def _notices_tell(path: Path, pins: tuple[Pin, ...]) -> bool:
    try:
        told = re.findall(r"^={100}\n(\S+) (\S+) ", path.read_text("utf-8"), re.MULTILINE)
    except (OSError, ValueError):
        return False
    return told == [(name, version) for name, version, _ in pins]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
