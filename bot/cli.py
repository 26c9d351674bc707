"""`vigie`: one function per command, heavy imports only inside the command that needs them."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from bot import __version__

if TYPE_CHECKING:
    from bot.config import Configuration, Rules, Settings

FINE, FAILED, WRONG = 0, 1, 2
"""Exit codes: done · could not do it · the configuration or the call is wrong."""


class Stop(Exception):
    """End the command with one line on stderr and this exit code."""

    def __init__(self, code: int, line: str) -> None:
        super().__init__(line)
        self.code = code


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Stop(WRONG, f"{message} (aide : {self.prog} --help)")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; every expected failure is one clear line on stderr, never a traceback."""
    try:
        chosen = _parser().parse_args(arguments)
        return int(chosen.run(chosen))
    except Stop as stop:
        print(f"vigie : {stop}", file=sys.stderr)
        return stop.code
    except BrokenPipeError:  # the reader left: not an error of ours
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="vigie",
        description="Veille et alertes : hébergement des données de santé et SecNumCloud.",
        epilog="Codes de sortie : 0 fait, 1 impossible, 2 configuration ou appel à corriger.",
    )
    parser.add_argument("--version", action="version", version=f"Vigie {__version__}")
    commands = parser.add_subparsers(title="commandes", metavar="commande", required=True, parser_class=_Parser)

    def command(name: str, run: Callable[[argparse.Namespace], int], summary: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=summary, description=summary)
        added.set_defaults(run=run)
        return added

    command("demo", _demo, "montrer Vigie à l'œuvre sur un petit site d'actualité embarqué, sans compte ni internet")
    _configured(command("run", _run, "veiller sans fin : relever les flux, alerter, envoyer les digests"))
    once = _configured(command("once", _once, "faire un tour et rendre la main"))
    once.add_argument(
        "--all", action="store_true", help="relever tous les flux, même ceux dont l'heure n'est pas venue"
    )
    _configured(command("feeds", _feeds, "montrer l'état de chaque source"))
    _configured(command("check", _check, "vérifier la configuration : toutes les erreurs d'un coup, avec leur ligne"))
    schema = command("schema", _schema, "afficher le schéma JSON d'un fichier, pour que l'éditeur le complète")
    schema.add_argument("kind", choices=("feeds", "entities", "watchlist"), help="le fichier voulu")
    init = command("init", _init, "écrire une configuration de départ")
    init.add_argument("folder", metavar="DOSSIER", help="le dossier à créer ou à compléter")
    match = _configured(command("match", _match, "lire des articles en JSONL, dire ce qui les retient"))
    match.add_argument("--watchlist", action="append", metavar="ID", help="n'essayer que cette veille (répétable)")
    extract = command("extract", _extract, "lire le texte et les métadonnées d'une page enregistrée")
    extract.add_argument("file", nargs="?", metavar="FICHIER", help="une page HTML")
    extract.add_argument("--url", help="l'adresse de cette page")
    extract.add_argument("--summary", default="", help="le chapô que donnait le flux")
    extract.add_argument("--jsonl", nargs="?", const="-", metavar="LISTE", help="lire des lignes {id, path, url}")
    explain = _configured(command("explain", _explain, "lire un article et dire pourquoi il est retenu"))
    explain.add_argument("target", metavar="URL|FICHIER", help="une adresse, ou une page enregistrée")
    explain.add_argument("--json", action="store_true", help="le même contenu en JSON")
    return parser


def _configured(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("--config", metavar="DOSSIER", help="dossier de configuration (sinon VIGIE_CONFIG)")
    return parser


def _settings(chosen: argparse.Namespace) -> "Settings":
    from bot.config import Settings, settings

    environment = dict(os.environ)
    if chosen.config is not None:
        environment["VIGIE_CONFIG"] = str(chosen.config)
    read = settings(environment)
    if isinstance(read, Settings):
        for doubt in read.warnings:
            print(f"vigie : attention, {doubt}", file=sys.stderr)
        return read
    raise Stop(WRONG, _lines(read))


def _configuration(read: "Settings") -> "Configuration":
    from bot.config import Configuration, load

    loaded = load(read.folder)
    if isinstance(loaded, Configuration):
        return loaded
    raise Stop(WRONG, _lines(loaded))


def _rules(read: "Settings") -> "Rules":
    from bot.config import Rules, load_rules

    loaded = load_rules(read.folder)
    if isinstance(loaded, Rules):
        return loaded
    raise Stop(WRONG, _lines(loaded))


def _lines(problems: Sequence[object]) -> str:
    return "\n".join(["configuration refusée", *(f"  {problem}" for problem in problems)])


def _prepared(chosen: argparse.Namespace) -> "tuple[Settings, Configuration]":
    """Settings and configuration of a command that works for real, its log lines on."""
    from bot import log

    read = _settings(chosen)
    log.configure(read.log, (read.token.reveal(),) if read.token else ())
    return read, _configuration(read)


def _run(chosen: argparse.Namespace) -> int:
    from bot import app

    return _waited(lambda: app.run(*_prepared(chosen)))


def _once(chosen: argparse.Namespace) -> int:
    from bot import app

    return _waited(lambda: app.once(*_prepared(chosen), everything=chosen.all))


def _demo(_: argparse.Namespace) -> int:
    from bot import log
    from bot.demo import show

    log.configure("error")  # what each source answers is told in words
    return _waited(lambda: show.demo(sys.stdout))


def _waited(make: Callable[[], Any]) -> int:
    import asyncio

    from bot.app import CannotRun
    from storage import StoreError

    try:
        return int(asyncio.run(make()))
    except (CannotRun, StoreError) as problem:
        raise Stop(FAILED, str(problem)) from problem


def _feeds(chosen: argparse.Namespace) -> int:
    from bot import sources
    from storage import StoreError

    read = _settings(chosen)
    try:
        return sources.show(read, _configuration(read), sys.stdout)
    except StoreError as problem:
        raise Stop(FAILED, str(problem)) from problem


def _check(chosen: argparse.Namespace) -> int:
    from bot.check import check

    return check(_settings(chosen).folder, sys.stdout)


def _schema(chosen: argparse.Namespace) -> int:
    import json

    from bot.check import schema

    print(json.dumps(schema(chosen.kind), ensure_ascii=False, indent=2))
    return FINE


def _init(chosen: argparse.Namespace) -> int:
    from pathlib import Path

    from bot.check import init

    return init(Path(chosen.folder), sys.stdout)


def _match(chosen: argparse.Namespace) -> int:
    from bot import match

    engine = _rules(_settings(chosen)).engine
    only = frozenset(chosen.watchlist) if chosen.watchlist else None
    for name in sorted((only or frozenset()) - engine.watchlists.keys()):
        raise Stop(WRONG, f"pas de veille « {name} » ; il y a : {', '.join(sorted(engine.watchlists))}")
    return match.run(engine, sys.stdin.buffer, sys.stdout.buffer, only)


def _extract(chosen: argparse.Namespace) -> int:
    from pathlib import Path

    from bot.reading import extract

    if (chosen.file is None) == (chosen.jsonl is None):
        raise Stop(WRONG, "donnez un FICHIER avec --url, ou --jsonl (aide : vigie extract --help)")
    if chosen.file is not None:
        chosen.file = Path(chosen.file)
    return extract.run(chosen)


def _explain(chosen: argparse.Namespace) -> int:
    from bot import explain

    read = _settings(chosen)
    return _waited(lambda: explain.run(chosen.target, read, _rules(read).engine, as_json=chosen.json))
