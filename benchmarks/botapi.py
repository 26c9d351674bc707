"""Holds the emulated Bot API against a machine-readable description of the real one.

python -m benchmarks.botapi DATA/bot-api-10.1.json

Every method emulated must exist there, every parameter with its type, and every required one must be required here.
Ends with 1 where they differ.
"""

import json
import sys
from pathlib import Path

from tests.emulator.methods import KNOWN

KINDS = {"int": {"Integer"}, "str": {"String", "InputFile"}, "bool": {"Boolean"}}


def differences(description: dict[str, object]) -> list[str]:
    """What the emulator has otherwise than the description, one line each."""
    methods = description["methods"]
    assert isinstance(methods, dict)
    found = []
    for method, parameters in KNOWN.items():
        if method not in methods:
            found.append(f"{method}: no such method")
            continue
        real = {field["name"]: field for field in methods[method].get("fields", [])}
        ours = {name.rstrip("!"): kind for name, kind in parameters.items()}
        found += [f"{method}: no parameter {name}" for name in ours if name not in real and name != "file_name"]
        found += [
            f"{method}: {name} is {'/'.join(real[name]['types'])}, not {kind}"
            for name, kind in ours.items()
            if name in real and kind in KINDS and not KINDS[kind] & set(real[name]["types"])
        ]
        required = {name for name, field in real.items() if field["required"]} & ours.keys()
        demanded = {name.rstrip("!") for name in parameters if name.endswith("!")}
        found += [f"{method}: {name} is required" for name in sorted(required - demanded)]
    return found


def main(path: str) -> int:
    description = json.loads(Path(path).read_text(encoding="utf-8"))
    found = differences(description)
    print(*found or (f"{len(KNOWN)} methods as in {description['version']}",), sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
