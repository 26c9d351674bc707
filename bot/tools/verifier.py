"""Vérifie un paquet d'audit sans Vigie : python3 verifier.py paquet.zip [N:HEX …]. Bibliothèque standard seule."""

import hashlib
import json
import sys
import zipfile

CHAINS = {"register": "registre.json", "triage": "tri.json"}  # un manifeste ne dit pas quoi vérifier


def troubles(path: str, witnesses: list[str]) -> list[str]:
    """Ce qui ne va pas, une ligne chacun ; rien : rien n'a été touché."""
    with zipfile.ZipFile(path) as pack:
        files = {name: pack.read(name) for name in pack.namelist()}
    manifest = json.loads(files.pop("MANIFESTE.json"))
    listed: dict[str, str] = manifest["files"]
    found = [f"absent : {shown(name)}" for name in sorted({*listed, *CHAINS.values(), "lignes.csv"} - files.keys())]
    found += [f"en trop : {shown(name)}" for name in sorted(files.keys() - listed.keys())]
    both = sorted(files.keys() & listed.keys())
    found += [f"modifié : {shown(name)}" for name in both if hashlib.sha256(files[name]).hexdigest() != listed[name]]
    digests: dict[str, str] = {}
    for chain in (each for each in CHAINS if CHAINS[each] in files):
        sheet = json.loads(files[CHAINS[chain]])
        before, number = sheet["before"], manifest[chain]["after"]
        digests |= {str(number): before} if chain == "register" else {}
        for line in sheet["lines"]:
            *words, digest = line.values()
            body = json.dumps(words, ensure_ascii=False, separators=(",", ":"))
            number += 1
            if hashlib.sha256(f"{before}\n{body}".encode()).hexdigest() != digest or words[0] != str(number):
                found.append(f"{chain}, ligne {number} : modifiée, retirée ou déplacée")
            before = digest
            digests |= {str(number): digest} if chain == "register" else {}
        if before != sheet["last"] or before != manifest[chain]["digest"]:
            found.append(f"{chain} : la fin a été coupée")
    for number, _, seen in (witness.partition(":") for witness in witnesses):
        if len(seen) < 12 or not digests.get(number, "").startswith(seen.lower()):
            found.append(f"témoin {number}:{seen} : ce registre n'est pas celui qui a été lu")
    return found


def shown(name: str) -> str:
    """Un nom sans rien qui efface ou déplace ce qu'un terminal montre."""
    return "".join(char if char.isprintable() else "?" for char in name[:80])


if __name__ == "__main__":
    told = troubles(sys.argv[1], sys.argv[2:])
    print("\n".join(told) or "rien n'a été touché")
    sys.exit(bool(told))
