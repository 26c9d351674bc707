"""Vérifie un paquet d'audit sans Vigie : python3 verifier.py paquet.zip [N:HEX …]. Bibliothèque standard seule."""

import csv
import io
import json
import sys
import zipfile
from hashlib import sha256

CHAINS = {"register": "registre.json", "triage": "tri.json"}  # un manifeste ne dit pas quoi vérifier
HEADS = "numéro;détecté;veille;version;niveau;score;seuil;titre;adresse;source;flux;publié;lu;annoncé"


def troubles(path: str, witnesses: list[str]) -> list[str]:
    """Ce qui ne va pas, une ligne chacun ; rien : rien n'a été touché."""
    with zipfile.ZipFile(path) as pack:
        files = {name: pack.read(name) for name in pack.namelist()}
    manifest = json.loads(files.pop("MANIFESTE.json"))
    listed: dict[str, str] = manifest["files"]
    found = [f"absent : {name}" for name in sorted({*listed, *CHAINS.values(), "lignes.csv"} - files.keys())]
    found += [f"en trop : {name}" for name in sorted(files.keys() - listed.keys())]
    sums = {name: sha256(content).hexdigest() for name, content in files.items()}
    listed |= {name: name[8:] for name in files if name.startswith("preuves/")}  # leur nom est leur empreinte
    found += [f"modifié : {name}" for name in sorted(files.keys() & listed.keys()) if sums[name] != listed[name]]
    digests, rows = {("", ""): ""}, [HEADS.split(";")]
    for chain in (each for each in CHAINS if CHAINS[each] in files):
        sheet, after = json.loads(files[CHAINS[chain]]), manifest[chain]["after"]
        digests[chain, str(after)] = before = sheet["before"]
        for number, line in enumerate(sheet["lines"], start=after + 1):
            *words, digest = line.values()
            body = json.dumps(words, ensure_ascii=False, separators=(",", ":"))
            if sha256(f"{before}\n{body}".encode()).hexdigest() != digest or words[0] != str(number):
                found.append(f"{chain}, ligne {number} : modifiée, retirée ou déplacée")
            before = digests[chain, str(number)] = digest
            if chain == "register" and manifest["from"] <= words[1] < manifest["to"]:
                rows += [words] if manifest["list"] in (None, words[2]) else []
        if before != sheet["last"] or before != manifest[chain]["digest"]:
            found.append(f"{chain} : la fin a été coupée")
    table = io.StringIO(files.get("lignes.csv", b"").decode("utf-8-sig", "replace"), newline="")
    shown = ([cell.lstrip("'") for cell in row] for row in csv.reader(table, delimiter=";"))  # « '=1 » : pas un calcul
    if list(shown) != [[word.lstrip("'") for word in row] for row in rows]:
        found.append("lignes.csv ne dit pas ce que dit registre.json")
    for at, _, seen in (witness.partition(":") for witness in witnesses):
        if len(seen) < 12 or not digests.get(("register", at), "").startswith(seen.lower()):
            found.append(f"témoin {at}:{seen} : ce registre n'est pas celui qui a été lu")
    return ["".join(char if char.isprintable() else "?" for char in line[:120]) for line in found]


if __name__ == "__main__":
    told = troubles(sys.argv[1], sys.argv[2:])
    print("\n".join(told) or "rien n'a été touché")
    sys.exit(bool(told))
