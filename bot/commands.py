"""What each command of `vigie` does: one function a command, heavy imports only inside the one that needs them."""

import gc
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from bot import given, log
from bot.ending import FAILED, FINE, WRONG, Stop
from storage.failure import StoreError
from storage.place import from_home

if TYPE_CHECKING:
    from datetime import date

    from bot.config.configuration import Configuration, Rules
    from bot.config.settings import Settings

Command = Callable[[Namespace], int]
"""What the call says -> exit code. Raises Stop, or StoreError."""


def explained(command: Command, chosen: Namespace) -> int:
    """Run a command. A store that can't be used is one line too: raises Stop."""
    try:
        return command(chosen)
    except StoreError as problem:
        raise Stop(FAILED, str(problem)) from problem


# --- watching ------------------------------------------------------------------------------------------------------
def run(chosen: Namespace) -> int:
    from bot import app

    return _waited(app.run(*_prepared(chosen)))


def once(chosen: Namespace) -> int:
    from bot import app

    return _waited(app.once(*_prepared(chosen), everything=chosen.all))


def demo(chosen: Namespace) -> int:
    from bot.demo import show

    log.configure("error")  # what each source answers is told in words
    return _waited(show.demo(sys.stdout, from_home(chosen.brief) if chosen.brief else None))


# --- sources -------------------------------------------------------------------------------------------------------
def feeds(chosen: Namespace) -> int:
    from bot.tools import sources

    read = _settings(chosen)
    return sources.show(read, _configuration(read), sys.stdout)


def discover(chosen: Namespace) -> int:
    from bot.tools.discover import discover

    return _waited(discover(chosen.url, _settings(chosen), sys.stdout))


def bring_feeds(chosen: Namespace) -> int:
    from pathlib import Path

    from bot.ending import CannotRun
    from bot.tools import feedlist

    read = _settings(chosen)
    _configuration(read)  # what is wrong already is told before anything is added to it
    private = read.allow_private_networks
    try:
        return feedlist.bring(Path(chosen.file), read.folder, sys.stdout, allow_private=private, write=chosen.write)
    except CannotRun as problem:
        raise Stop(FAILED, str(problem)) from problem


def give_feeds(chosen: Namespace) -> int:
    from bot.tools import feedlist

    return feedlist.give(_configuration(_settings(chosen)).feeds, sys.stdout, sys.stderr)


def try_list(chosen: Namespace) -> int:
    from bot.tools import lists

    read = _settings(chosen)
    return _waited(lists.attempt(chosen.list, read, _configuration(read).feeds, sys.stdout))


def statuses(chosen: Namespace) -> int:
    from bot.clock import now
    from bot.tools import statuses

    database = _settings(chosen).database
    return statuses.show(database, chosen.of, chosen.at, now(), sys.stdout, as_json=chosen.json)


def replay_lists(chosen: Namespace) -> int:
    from bot.tools import lists

    with given.stream(chosen.file, "des relevés en JSONL, un cas par ligne") as lines:
        return lists.replay(lines, sys.stdout.buffer)


# --- configuration -------------------------------------------------------------------------------------------------
def check(chosen: Namespace) -> int:
    from bot.clock import now
    from bot.tools.check import check

    read = _settings(chosen)
    return check(read.folder, read.database, now(), sys.stdout)


def schema(chosen: Namespace) -> int:
    import json

    from bot.tools.check import schema

    print(json.dumps(schema(chosen.kind), ensure_ascii=False, indent=2))
    return FINE


def init(chosen: Namespace) -> int:
    from pathlib import Path

    from bot.tools.check import init
    from bot.tools.unit import write_unit

    folder = Path(chosen.folder)
    made = init(folder, sys.stdout)
    if made or chosen.systemd is None:
        return made
    return write_unit(folder, Path(chosen.systemd), sys.stdout)


# --- articles ------------------------------------------------------------------------------------------------------
_ARTICLES = "des articles en JSONL, un par ligne"


def match(chosen: Namespace) -> int:
    gc.disable()
    try:
        from bot.tools import match

        engine = _rules(_settings(chosen, asks=False), tried=False).engine
        only = frozenset(chosen.watchlist) if chosen.watchlist else None
        _known(engine.watchlists, only or ())
        gc.freeze()  # the engine stays: an article in five was spent on looking through it for what is needed no more
    finally:
        gc.enable()
    with given.stream(chosen.file, _ARTICLES) as lines:
        return match.run(engine, lines, sys.stdout.buffer, only)


def acts(chosen: Namespace) -> int:
    from bot.tools import acts

    with given.stream(chosen.file, _ARTICLES) as lines:
        return acts.run(lines, sys.stdout.buffer)


def group(chosen: Namespace) -> int:
    from datetime import UTC, datetime
    from pathlib import Path

    from bot.tools import group as grouping

    rules = _rules(_settings(chosen), tried=False)
    state = Path(chosen.state) if chosen.state else None
    without = tuple(sorted(set(chosen.without or ())))
    with given.stream(chosen.file, _ARTICLES) as lines:
        return grouping.run(rules.engine, lines, sys.stdout.buffer, sys.stderr, datetime.now(UTC), state, without)


def extract(chosen: Namespace) -> int:
    from pathlib import Path

    from bot.tools import extract

    if (chosen.file is None) == (chosen.jsonl is None):
        raise Stop(WRONG, "donnez un FICHIER avec --url, ou --jsonl (aide : vigie extract --help)")
    if chosen.file is not None:
        chosen.file = Path(chosen.file)
    return extract.run(chosen)


def explain(chosen: Namespace) -> int:
    from bot.tools import explain

    read = _settings(chosen)
    return _waited(explain.run(chosen.target, read, _rules(read).engine, as_json=chosen.json))


def backtest(chosen: Namespace) -> int:
    from pathlib import Path

    from bot.clock import now
    from bot.trials.backtest import BacktestAsked, run

    read = _settings(chosen)
    if chosen.term is not None:
        from bot.trials.trial import report, try_term

        found = try_term(chosen.term, read.database, now(), lambda *_: None, chosen.days)
        return report(found, now(), sys.stdout)
    asked = BacktestAsked(
        read.folder,
        read.database,
        chosen.watchlist,
        chosen.days,
        Path(chosen.against) if chosen.against else None,
        Path(chosen.stream) if chosen.stream else None,
        everything=chosen.all,
        as_json=chosen.json,
    )
    if chosen.rings:
        from bot.trials import rings

        return rings.run(asked, now(), sys.stdout)
    return run(asked, now(), sys.stdout, sys.stderr if sys.stderr.isatty() else None)


def evaluate(chosen: Namespace) -> int:
    from pathlib import Path

    from bot.trials.evaluate import EvaluationAsked, run

    if (chosen.file is None) != chosen.from_votes:
        raise Stop(WRONG, "donnez un FICHIER d’articles jugés, ou --from-votes (aide : vigie evaluate --help)")
    if chosen.by and chosen.from_votes:
        raise Stop(
            WRONG, "--by lit une clé d’un FICHIER : --from-votes --out votes.jsonl, puis vigie evaluate votes.jsonl"
        )
    read = _settings(chosen)
    file, out = (Path(given) if given else None for given in (chosen.file, chosen.out))
    asked = EvaluationAsked(read.database, file, out, as_json=chosen.json, by=chosen.by)
    return run(asked, _rules(read).engine, sys.stdout, sys.stderr)


def why(chosen: Namespace) -> int:
    from bot.tools import explain

    read = _settings(chosen)
    engine = _rules(read).engine
    if chosen.watchlist is None:
        from bot.tools import finding

        return finding.fate(read.database, chosen.target, engine, sys.stdout)
    _known(engine.watchlists, (chosen.watchlist,))
    return _waited(explain.why(chosen.target, chosen.watchlist, read, engine, as_json=chosen.json))


# --- asking --------------------------------------------------------------------------------------------------------
def search(chosen: Namespace) -> int:
    from bot.clock import now
    from bot.tools import finding

    if chosen.limit < 1:
        raise Stop(WRONG, "--limit : au moins 1")
    return finding.show(_settings(chosen).database, " ".join(chosen.words), chosen.limit, now(), sys.stdout)


def act(chosen: Namespace) -> int:
    from bot.tools import act

    if chosen.limit < 1:
        raise Stop(WRONG, "--limit : au moins 1")
    return act.show(_settings(chosen).database, " ".join(chosen.words), chosen.limit, sys.stdout)


def changes(chosen: Namespace) -> int:
    from bot.clock import now
    from bot.tools import changes

    read = _settings(chosen)
    asked = changes.SpanAsked(chosen.start, chosen.end, chosen.of)
    return changes.show(read.database, asked, _rules(read).engine.watchlists, now(), sys.stdout)


def deadlines(chosen: Namespace) -> int:
    from bot.clock import now
    from bot.tools import deadlines

    return deadlines.show(_settings(chosen).database, chosen.days, now(), sys.stdout, as_json=chosen.json)


# --- sharing -------------------------------------------------------------------------------------------------------
def publish(chosen: Namespace) -> int:
    from bot.clock import now
    from bot.publish.publish import PublishAsked, lexicon, publish

    if not 1 <= chosen.days <= 3650:
        raise Stop(WRONG, f"--days : « {chosen.days} » n’est pas un nombre de jours, de 1 à 3650")
    read = _settings(chosen)
    engine, folder = _rules(read).engine, from_home(chosen.out)
    words = lexicon(engine)
    only = tuple(chosen.watchlist or ())
    _known(engine.watchlists, only)
    asked = PublishAsked(folder, chosen.days, chosen.title, chosen.url, chosen.team, only)
    return publish(read.database, words, asked, now(), sys.stdout)


def brief(chosen: Namespace) -> int:
    from bot.clock import now
    from bot.tools import brief
    from bot.tools.changes import SpanAsked

    read = _settings(chosen)
    asked = SpanAsked(chosen.start, chosen.end, chosen.of)
    wanted = brief.BriefFile(asked, chosen.format, chosen.recipients, chosen.out)
    return brief.make(read.database, wanted, _rules(read).engine.watchlists, now(), sys.stdout)


def register(chosen: Namespace) -> int:
    from bot.tools import register

    form = register.SORTED if chosen.triage else register.KEPT
    since = _day(chosen.since, "--since")
    asked = register.RegisterAsked(_settings(chosen).database, chosen.format, form, since, chosen.out)
    return register.export(asked, sys.stdout)


def pack(chosen: Namespace) -> int:
    from bot.clock import now
    from bot.tools import pack
    from bot.tools.changes import span_of

    read, moment = _settings(chosen), now()
    asked = pack.PackAsked(span_of(chosen.start, chosen.end, moment), chosen.list, chosen.out)
    return pack.make(read.database, asked, _rules(read).engine.watchlists, sys.stdout)


def verify(chosen: Namespace) -> int:
    from bot.tools import pack, register

    witnesses = tuple(map(register.witness_of, chosen.witness or ()))
    check = pack.verify if chosen.file and pack.is_archive(chosen.file) else register.verify
    return check(_settings(chosen).database, chosen.file, witnesses, sys.stdout)


def _day(written: str | None, option: str) -> "date | None":
    from datetime import date

    try:
        return date.fromisoformat(written) if written else None
    except ValueError as problem:
        raise Stop(WRONG, f"{option} : « {written} » n’est pas un jour de la forme 2026-11-24") from problem


# --- keeping -------------------------------------------------------------------------------------------------------
def doctor(chosen: Namespace) -> int:
    from bot.clock import now
    from bot.tools import doctor

    if chosen.probe is not None:
        from bot.tools.probe import try_probe

        return _waited(try_probe(_settings(chosen), chosen.probe, now(), sys.stdout))
    secret = os.environ.get("VIGIE_TELEGRAM_TOKEN_FILE")
    return _waited(doctor.examine(_settings(chosen), secret, now(), sys.stdout, offline=chosen.offline))


def status(chosen: Namespace) -> int:
    from bot.clock import now
    from bot.tools import status

    return status.show(status.look(_settings(chosen).database, now()), sys.stdout, as_json=chosen.json)


def backup(chosen: Namespace) -> int:
    from bot.tools import keeping

    return keeping.backup(_settings(chosen).database, chosen.file, sys.stdout)


def restore(chosen: Namespace) -> int:
    from bot.clock import now
    from bot.tools import keeping

    return keeping.restore(_settings(chosen).database, chosen.file, now(), sys.stdout)


def move(chosen: Namespace) -> int:
    from bot.tools import keeping
    from storage.place import place

    try:
        place(chosen.target)
    except ValueError as wrong:
        raise Stop(WRONG, f"DESTINATION : {wrong}") from wrong
    source = _settings(chosen, os.environ.get("VIGIE_DATABASE", "")).database
    return keeping.move(source, _settings(chosen, chosen.target).database, sys.stdout)


def prune(chosen: Namespace) -> int:
    from bot.clock import now
    from bot.tools import keeping

    read = _settings(chosen)
    return keeping.prune(read.database, read.keep, now(), sys.stdout)


# --- what they share -----------------------------------------------------------------------------------------------
def _settings(chosen: Namespace, base: str | None = None, *, asks: bool = True) -> "Settings":
    """What the environment says, of this base where two are in hand: a password in a file is that of a server. `asks`:
    does the command ask the outside? Otherwise the machine's certificates, 30 ms of reading, are left alone."""
    from bot.config.settings import Settings, settings

    environment = dict(os.environ)
    if "config" in chosen:
        environment["VIGIE_CONFIG"] = str(chosen.config)
    if base is not None:
        environment["VIGIE_DATABASE"] = base
        if "://" not in base:
            environment.pop("VIGIE_DATABASE_PASSWORD_FILE", None)
    for name in () if asks else ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        environment.pop(name, None)
    read = settings(environment)
    _forget_secrets()
    if isinstance(read, Settings):
        for doubt in read.warnings:
            print(f"vigie : attention, {log.redact(str(doubt))}", file=sys.stderr)
        return read
    raise Stop(WRONG, *_lines(read))


def _forget_secrets() -> None:
    """The environment is what every process that we start, and whoever reads /proc, would find them in."""
    from storage.place import holds_password

    names = ("VIGIE_TELEGRAM_TOKEN", "VIGIE_APPRISE", "VIGIE_PROXY")
    for name in (*names, *(("VIGIE_DATABASE",) if holds_password(os.environ.get("VIGIE_DATABASE", "")) else ())):
        if name in os.environ:
            from bot.sandbox.kernel import wiped

            wiped(name)


def _configuration(read: "Settings") -> "Configuration":
    from bot.config.configuration import Configuration
    from bot.config.folder import load

    loaded = load(read.folder)
    if isinstance(loaded, Configuration):
        return loaded
    raise Stop(WRONG, *_lines(loaded))


def _rules(read: "Settings", *, tried: bool = True) -> "Rules":
    """`tried`: are the examples? Who only answers lines puts no list in force."""
    from bot.config.configuration import Rules
    from bot.config.folder import load_rules, load_untried

    loaded = load_rules(read.folder) if tried else load_untried(read.folder)
    if isinstance(loaded, Rules):
        return loaded
    raise Stop(WRONG, *_lines(loaded))


def _known(watchlists: Iterable[str], asked: Iterable[str]) -> None:
    from bot.config.document import near

    known = sorted(watchlists)
    for name in sorted(set(asked).difference(known)):
        raise Stop(WRONG, f"pas de veille « {name} »{near(name, known)} ; il y a : {', '.join(known)}")


def _lines(problems: Sequence[object]) -> tuple[str, ...]:
    return ("configuration refusée", *(f"  {problem}" for problem in problems))


def _prepared(chosen: Namespace) -> "tuple[Settings, Configuration]":
    """Settings and configuration of a command that works for real, its log lines on."""
    from bot.config.destinations import secrets as secrets_of
    from bot.sandbox.wall import unreadable

    unreadable()
    read = _settings(chosen)
    secrets = (*((read.token,) if read.token else ()), *(address for _, address in read.elsewhere))
    hidden = (*(secret.reveal() for secret in secrets), *read.network.passwords)
    configuration = _configuration(read)
    logins = (part for feed in configuration.feeds if feed.login for part in (feed.login[1], feed.login[1].split()[-1]))
    hidden = (*hidden, *(each.reveal() for each in secrets_of(configuration.places)), *logins)
    log.configure(read.log, hidden, read.log_format)
    return read, configuration


def _waited(work: Coroutine[Any, Any, int]) -> int:
    import asyncio

    return asyncio.run(work)
