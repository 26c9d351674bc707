"""`vigie doctor`: is everything there that Vigie needs, and if not, what to do."""

import asyncio
import os
import shutil
import sqlite3
import stat
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Literal, TextIO
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPSHandler, OpenerDirector, ProxyHandler, Request, build_opener
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.build import fetcher, introduce
from bot.config.configuration import Configuration
from bot.config.destinations import AppriseAddress, Mailbox, Outside
from bot.config.folder import load
from bot.config.settings import Settings
from bot.daemon.lock import holder
from bot.ending import FAILED, FINE
from bot.feeds.rows import ListPage
from bot.french import count, counted, size, span
from bot.log import redact
from bot.model import Failed, Fetched, Gone, NotModified, Throttled
from bot.reading.ready import warm
from bot.sandbox.wall import LayerName, WallLayer
from bot.tools.lists import EVERY_FORM, first_page, read_document
from bot.web.fetch import ACCEPT_FEED, tls
from bot.web.network import Network
from bot.web.reach import asked_for
from bot.workers import Workers
from matchers.lists import ListUnread
from storage import StoreError, open_store
from storage import backup as copies
from storage.feeds.model import Feed
from storage.operators.model import DaemonRow, OfficeRow
from storage.place import Place, Server
from storage.system import said

OLDEST_PYTHON, OLDEST_SQLITE = (3, 11), (3, 35, 0)
ROOM = 500_000_000  # bytes free below which a word is due
LEAST_ROOM = 10_000_000  # below which a base is stuck: its journal may take 4 MB, a backup the whole base
LEAST_FILES = 10  # those that SQLite makes beside a base, and a backup
SKEW = timedelta(minutes=2)
PATIENCE = 10.0  # seconds
AT_ONCE = 8  # feeds asked at once
ALIKE = 3  # feeds with the same trouble, from which they are told as one
NAMES, REASONS = 8, 3  # told by name

CheckVerdict = Literal["fine", "doubt", "wrong"]
_LAYER_NAMES: dict[LayerName, str] = {"privileges": "droits retirés", "landlock": "Landlock", "seccomp": "seccomp"}
_NEEDED: dict[LayerName, str] = {
    "privileges": "Linux",
    "landlock": "Linux 5.13 ou plus récent, et un conteneur ou une unité qui permet landlock_*",
    "seccomp": "un noyau Linux avec seccomp, sur x86_64 ou aarch64, et un conteneur ou une unité qui le permet",
}
SIGNS: dict[CheckVerdict, str] = {"fine": "✓", "doubt": "!", "wrong": "✗"}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `advice` is what to do where it is not fine, `like` what it has in common with others."""

    verdict: CheckVerdict
    name: str
    said: str
    advice: str = ""
    like: str = ""


async def examine(settings: Settings, secret: str | None, now: datetime, out: TextIO, *, offline: bool) -> int:
    """Print the verdict, then each check, what is wrong first. Exit code: 1 if something is wrong, 0 otherwise.
    Changes nothing.

    `secret` is the path of the file that holds the token, None where it is not in one.
    """
    if not offline and sys.stderr.isatty():
        print("Telegram et les sources sont interrogés : un instant…", file=sys.stderr)
    checks = [check async for check in _checks(settings, secret, now, offline=offline)]
    wrong, doubts = (sum(check.verdict == verdict for check in checks) for verdict in ("wrong", "doubt"))
    verdict = "tout va bien" if not (wrong or doubts) else f"{counted(wrong, 'panne', 'pannes')}, {doubts} à surveiller"
    print(verdict, file=out)
    for check in sorted(checks, key=lambda check: list(SIGNS).index(check.verdict), reverse=True):
        print(f"{SIGNS[check.verdict]} {check.name} : {redact(check.said)}", file=out)
        for line in filter(None, check.advice.split("\n")):
            print(f"    → {redact(line)}", file=out)
    return FAILED if wrong else FINE


async def _checks(settings: Settings, secret: str | None, now: datetime, *, offline: bool) -> AsyncIterator[Check]:
    yield python(sys.version_info[:3])
    yield sqlite(sqlite3.sqlite_version_info)
    yield zone()
    yield calendar(now)
    for check in (*_base(settings.database), *_exposed(settings)):
        yield check
    yield await wall()
    if secret:
        yield private("Fichier du jeton", Path(secret))
    configuration = load(settings.folder)
    yield rules(settings.folder, configuration)
    places = configuration.places if isinstance(configuration, Configuration) else ()
    for check in _destinations(settings.database, places, now):
        yield check
    if settings.elsewhere or any(isinstance(each.way, AppriseAddress) for each in places):
        yield await apprise_wall()
    if not offline:
        async for check in _outside(settings, configuration, now):
            yield check


async def _outside(
    settings: Settings, configuration: Configuration | Sequence[object], now: datetime
) -> AsyncIterator[Check]:
    yield await way_out(settings.network)
    async for check in _telegram(settings, now):
        yield check
    if isinstance(configuration, Configuration):
        for check in await _mail_servers(configuration.places, settings.network):
            yield check
        async for check in _feeds(settings, configuration.feeds):
            yield check


# --- this machine --------------------------------------------------------------------------------------------------
def python(version: tuple[int, ...]) -> Check:
    said = ".".join(map(str, version))
    if version >= OLDEST_PYTHON:
        return Check("fine", "Python", said)
    return Check("wrong", "Python", said, "installez Python 3.11 ou plus récent")


def sqlite(version: tuple[int, ...]) -> Check:
    said = ".".join(map(str, version))
    if version < OLDEST_SQLITE:
        return Check("wrong", "SQLite", said, "il faut SQLite 3.35 ou plus récent : prenez un Python plus récent")
    with sqlite3.connect(":memory:") as raw:
        options = {option for (option,) in raw.execute("PRAGMA compile_options")}
    if "ENABLE_FTS5" not in options:
        return Check("wrong", "SQLite", f"{said}, sans recherche plein texte (FTS5)", "prenez un autre Python")
    return Check("fine", "SQLite", said)


def zone() -> Check:
    try:
        winter = datetime(2026, 1, 15, 12, tzinfo=ZoneInfo("Europe/Paris")).utcoffset()
    except ZoneInfoNotFoundError:
        return Check("wrong", "Fuseaux horaires", "absents", "installez le paquet Python « tzdata »")
    if winter != timedelta(hours=1):
        return Check("wrong", "Fuseaux horaires", "données fausses", "réinstallez « tzdata »")
    return Check("fine", "Fuseaux horaires", "Europe/Paris connu")


def calendar(now: datetime) -> Check:
    """Against what this program knows: it can't have been installed tomorrow."""
    installed = datetime.fromtimestamp(Path(__file__).stat().st_mtime, UTC)
    said = f"{now:%Y-%m-%d %H:%M} UTC"
    if now < installed - timedelta(days=1):
        return Check("wrong", "Horloge", f"{said}, avant l’installation de Vigie", "réglez l’heure (NTP)")
    return Check("fine", "Horloge", said)


async def wall() -> Check:
    """What stands between who writes a hostile page and this machine (docs/security.md)."""
    async with Workers(warm=warm) as workers:
        layers = await workers.warm()
        why = workers.unborn
    return walled("lecteur de pages", layers, why)


async def apprise_wall() -> Check:
    """What stands between a server that Apprise calls and this machine."""
    from bot.delivery import apprise_chats

    try:
        return walled("processus d’Apprise", await apprise_chats.wall(), "rien n’est dit")
    except (OSError, TimeoutError) as problem:
        return walled("processus d’Apprise", (), said(problem))


def walled(around: str, layers: Sequence[WallLayer], why: str | None) -> Check:
    """`around`: which process the layers stand around, after « autour du »."""
    if not layers:
        return Check(
            "wrong", around[0].upper() + around[1:], f"ne démarre pas ({why})", "réinstallez Vigie, puis relancez-la"
        )
    told = ", ".join(f"{_LAYER_NAMES[layer.name]} {layer.said}".strip() for layer in layers if layer.holds)
    missing = [f"{_LAYER_NAMES[layer.name]} ({layer.said})" for layer in layers if not layer.holds]
    if not missing:
        return Check("fine", f"Mur autour du {around}", told)
    needed = [_NEEDED[layer.name] for layer in layers if not layer.holds]
    advice = f"il faut {' ; '.join(needed)} (docs/security.md dit ce qui reste ouvert)"
    return Check(
        "doubt", f"Mur autour du {around}", f"il manque {', '.join(missing)} ; tient : {told or 'rien'}", advice
    )


def _base(place: Place) -> Iterator[Check]:
    base = database(place) if isinstance(place, Path) else server(place)
    yield base
    if base.verdict != "wrong" and place.exists():
        yield from suggested(place)
        if not isinstance(place, Path):
            yield fleet(place)
    if isinstance(place, Path):
        yield room(place)


def _exposed(settings: Settings) -> Iterator[Check]:
    return filter(None, (open_to_others(name, folder) for name, folder in _folders(settings)))


def _folders(settings: Settings) -> Iterator[tuple[str, Path]]:
    if isinstance(settings.database, Path):
        yield "Dossier de la base", settings.database.absolute().parent
    yield "Dossier de la configuration", settings.folder


# --- files ---------------------------------------------------------------------------------------------------------
def database(path: Path) -> Check:
    running = holder(path)
    used = f", utilisée par le processus {running}" if running else ""
    if not path.exists():
        folder = next(each for each in path.absolute().parents if each.exists())
        if os.access(folder, os.W_OK | os.X_OK):
            return Check("fine", "Base", f"{path} n’existe pas encore ; elle peut être créée")
        return Check("wrong", "Base", f"{path} ne peut pas être créée", f"donnez le droit d’écrire dans {folder}")
    try:
        held = copies.verify(path)
    except StoreError as problem:
        return Check("wrong", "Base", str(problem), "vigie restore FICHIER remet une sauvegarde en place")
    if not os.access(path, os.W_OK):
        return Check("wrong", "Base", f"{path} est en lecture seule", "donnez à Vigie le droit d’y écrire")
    if name := copies.strange(path):
        changed = f"« {name} » n’est pas ce que Vigie y met : quelqu’un a changé {path}"
        return Check("wrong", "Base", changed, "vigie restore FICHIER remet une sauvegarde en place")
    exposed = private("Base", path)
    return exposed if exposed.advice else Check("fine", "Base", f"{path}, {size(held.size)}, intègre{used}")


def server(place: Server) -> Check:
    """The base on a server: reached, ours, and who holds it back."""
    try:
        store = open_store(place)
    except StoreError as problem:
        return Check("wrong", "Base", str(problem))
    try:
        told = f"{place}, {store.database.engine()}, {size(store.database.size())}, schéma {store.database.version()}"
        idle = store.database.held_back()
    finally:
        store.close()
    if idle is not None:
        advice = "fermez ce qui la garde ouverte (pg_stat_activity) : le serveur ne peut plus rien ranger"
        return Check("doubt", "Base", f"{told} ; une transaction y est ouverte depuis {span(idle)}", advice)
    if shutil.which("pg_dump") is None:
        return Check("doubt", "Base", f"{told} ; sans pg_dump, pas de vigie backup", "apt install postgresql-client")
    return Check("fine", "Base", told)


def fleet(place: Server) -> Check:
    with closing(open_store(place)) as store:
        return manned(store.offices.daemons(), store.offices.all())


def manned(daemons: Sequence[DaemonRow], offices: Sequence[OfficeRow]) -> Check:
    """The daemons on a shared base: is there one that sends, and has none gone without a word?"""
    alive = [each for each in daemons if each.alive]
    if not daemons:
        return Check("fine", "Démons", "aucun n’est en marche sur cette base")
    told = ", ".join(f"{each.machine}{'' if each.alive else ' (sans nouvelles)'}" for each in daemons)
    if astray := [each for each in daemons if each.astray]:
        names = ", ".join(f"{each.machine} ({each.ahead.total_seconds():+.0f} s)" for each in astray)
        return Check(
            "wrong", "Démons", f"des horloges s’écartent de celle du serveur : {names}", "réglez l’heure (NTP)"
        )
    if len(alive) < len(daemons):
        longest = span(max(-each.left for each in daemons if each not in alive))
        return Check("doubt", "Démons", f"{told} depuis {longest}", "relancez-le là ; oublié au bout d’un jour")
    if not any(each.name == "sender" and each.held for each in offices):
        advice = "un démon au moins doit avoir « messages » dans VIGIE_ROLES"
        return Check("doubt", "Démons", f"{told} ; personne n’envoie", advice)
    return Check("fine", "Démons", told)


def room(path: Path) -> Check:
    folder = next(each for each in path.absolute().parents if each.exists())
    disk = os.statvfs(folder)
    # some file systems do not count their files, and say 0 of 0
    return roomy(folder, disk.f_bavail * disk.f_frsize, disk.f_favail if disk.f_files else None)


def roomy(folder: Path, free: int, files: int | None) -> Check:
    """What `free` bytes and `files` more files, None where they are not counted, let a base do."""
    advice = f"faites de la place dans {folder}"
    if free < LEAST_ROOM:
        return Check(
            "wrong",
            "Disque",
            f"plein ({size(free)} libre{'s' if free else ''}) : plus rien ne s’écrit",
            f"{advice} ; Vigie reprend seule",
        )
    if files is not None and files < LEAST_FILES:
        said = f"{counted(files, 'fichier', 'fichiers')} de plus, et il n’en prend plus : plus rien ne s’écrit"
        return Check("wrong", "Disque", said, f"effacez des fichiers inutiles du disque de {folder} (df -i)")
    return Check("doubt" if free < ROOM else "fine", "Disque", f"{size(free)} libres", advice if free < ROOM else "")


def others(number: int) -> str:
    """How many more there are than those that are named."""
    return f"et {counted(number, 'autre', 'autres')}"


def private(name: str, path: Path) -> Check:
    try:
        found = path.expanduser().stat()
    except OSError as problem:
        return Check("wrong", name, f"{path} : {said(problem)}", "vérifiez son chemin et ses droits")
    mode = found.st_mode & 0o777
    if mode & 0o077:
        advice = closed_to_others(path, found.st_uid, os.geteuid())
        return Check("doubt", name, f"{path} est lisible par d’autres ({mode:o})", advice)
    return Check("fine", name, f"{path} ({mode:o})")


def closed_to_others(path: Path, owner: int, reader: int) -> str:
    """How others are kept from a file; one its reader does not own, as in a container, would be closed to it too."""
    if owner == reader:
        return f"chmod 600 {path}"
    return f"sur l’hôte : chown {reader} puis chmod 600, ou chmod 700 sur son dossier pour le fermer aux autres"


def open_to_others(name: str, folder: Path) -> Check | None:
    """A folder where other users of this machine may put files, links among them, under the names that we use."""
    try:
        found = folder.stat()
    except OSError:
        return None  # told by whoever needs it
    if found.st_mode & stat.S_IWOTH:
        shared = found.st_mode & stat.S_ISVTX  # as /tmp is, for everybody: not ours to close
        advice = "choisissez un dossier qui n’est qu’à vous" if shared else f"chmod o-w {folder}"
        return Check("doubt", name, f"d’autres peuvent écrire dans {folder}", advice)
    if found.st_uid not in (0, os.geteuid()):
        owner = f"{folder} est à un autre utilisateur ({found.st_uid})"
        return Check("doubt", name, owner, f"chown {os.geteuid()} {folder}, ou lancez Vigie sous cet utilisateur")
    return None


def rules(folder: Path, loaded: Configuration | Sequence[object]) -> Check:
    if isinstance(loaded, Configuration):
        lists = counted(len(loaded.engine.watchlists), "veille", "veilles")
        feeds = counted(sum(feed.enabled for feed in loaded.feeds), "source", "sources")
        return Check("fine", "Configuration", f"{folder.absolute()}, {lists}, {feeds}")
    count = counted(len(loaded), "problème", "problèmes")
    return Check("wrong", "Configuration", f"{count}, dont {loaded[0]}", f"vigie check --config {folder}")


def suggested(path: Place) -> Iterator[Check]:
    """What readers would put together or apart, with the command that does it."""
    store = open_store(path)
    try:
        orders = store.dossiers.suggestions()
        titles = {order.number: store.articles.get(order.a) for order in orders[:NAMES]}
    finally:
        store.close()
    if not orders:
        return
    lines = []
    for order in orders[:NAMES]:
        command = f"/separer {order.a}" if order.kind == "never" else f"/fusionner {order.a} {order.b}"
        article = titles[order.number]
        lines.append(f"{command}   ({article.title})" if article else command)
    if len(orders) > NAMES:
        lines.append(others(len(orders) - NAMES))
    said = f"{counted(len(orders), 'attend', 'attendent')} une décision, à prendre dans le bot"
    yield Check("doubt", "Suggestions de lecteurs", said, "\n".join(lines))


def _destinations(place: Place, places: Sequence[Outside], now: datetime) -> Iterator[Check]:
    """What the daemon has met: the destinations that take nothing, while messages wait for them."""
    if not places or (isinstance(place, Path) and not place.exists()):
        return
    try:
        store = open_store(place)
    except StoreError:
        return  # told of the base already
    with closing(store):
        stuck = store.figures(now).stuck
    for each in stuck:
        waiting = counted(each.messages, "message attend", "messages attendent")
        yield Check("wrong", "Destination", f"{each.detail} ; {waiting}, rien n’est perdu")
    if not stuck:
        yield Check("fine", "Destinations", ", ".join(each.name for each in places))


# --- outside -------------------------------------------------------------------------------------------------------
async def way_out(network: Network) -> Check:
    """The proxy that everything goes through, if one is set, and whether it listens."""
    trusted = "certificats du système" if network.system else "certificats publics"
    trusted += "".join(f" et {path}" for path in network.authorities)
    proxies = [proxy for proxy in dict.fromkeys((network.secure, network.plain)) if proxy is not None]
    for proxy in proxies:
        try:
            async with asyncio.timeout(PATIENCE):
                _, writer = await asyncio.open_connection(proxy.host, proxy.port)
            writer.close()
        except (OSError, TimeoutError):
            said = f"le proxy {proxy} ne répond pas"
            return Check("wrong", "Réseau", said, "vérifiez VIGIE_PROXY (ou HTTPS_PROXY) et le pare-feu")
    beside = f", sauf pour {', '.join(network.direct)}" if proxies and network.direct else ""
    return Check(
        "fine", "Réseau", f"par le proxy {network}{beside}, {trusted}" if proxies else f"sans proxy, {trusted}"
    )


async def _telegram(settings: Settings, now: datetime) -> AsyncIterator[Check]:
    if settings.token is None:
        yield Check("fine", "Telegram", "sans jeton, les messages vont au terminal")
        return
    from bot.delivery.telegram import Telegram, TokenRefused

    try:
        async with Telegram(settings.token.reveal(), settings.api_url, settings.network) as telegram:
            if await telegram.reachable():
                yield Check(
                    "fine", "Telegram", f"{settings.api_url} répond, le jeton est celui de @{telegram.username}"
                )
            else:
                proxy = settings.network.proxy_for(settings.api_url)
                by = f" (par le proxy {proxy})" if proxy else ""
                advice = f"vérifiez la connexion, le pare-feu{', le proxy' if proxy else ''} et VIGIE_TELEGRAM_API_URL"
                yield Check("wrong", "Telegram", f"{settings.api_url} ne répond pas{by}", advice)
    except TokenRefused as problem:
        yield Check("wrong", "Telegram", str(problem), "demandez le jeton à @BotFather (/token)")
    skew = await asyncio.to_thread(_skew, settings.api_url, now, settings.network)
    if skew is not None and abs(skew) > SKEW:
        yield Check("wrong", "Heure", f"décalée de {int(skew.total_seconds())} s", "synchronisez l’horloge (NTP)")


def _skew(url: str, now: datetime, network: Network) -> timedelta | None:
    """How far our clock is ahead of a server's; None where it does not say."""
    try:
        with _opener(url, network).open(Request(url, method="HEAD"), timeout=PATIENCE) as answer:  # noqa: S310 - config.py let http(s) only
            date = answer.headers.get("Date")
    except HTTPError as answer:
        date = answer.headers.get("Date")
    except OSError:
        return None
    try:
        return now - parsedate_to_datetime(date) if date else None
    except (TypeError, ValueError):
        return None


def _opener(url: str, network: Network) -> OpenerDirector:
    proxy = network.proxy_for(url)
    proxies = {urlsplit(url).scheme: proxy.url} if proxy else {}
    secure = [HTTPSHandler(context=tls(network))] if url.startswith("https") else []
    return build_opener(ProxyHandler(proxies), *secure)


async def _mail_servers(places: Sequence[Outside], network: Network) -> list[Check]:
    """Whether each mail server lets us in; no letter is sent."""
    from bot.delivery.mail import known_to_server

    boxes = [(each.name, each.way) for each in places if isinstance(each.way, Mailbox)]
    told = await asyncio.gather(*(known_to_server(box, name, network) for name, box in boxes))
    return [
        Check("wrong", "Courriel", why, f"vérifiez « {name} » dans destinations.yaml")
        if why
        else Check("fine", "Courriel", f"destination « {name} » : {box.server} répond et nous connaît")
        for (name, box), why in zip(boxes, told, strict=True)
    ]


async def _feeds(settings: Settings, feeds: Sequence[Feed]) -> AsyncIterator[Check]:
    followed = [feed for feed in feeds if feed.enabled or feed.listing]  # a list may be tried before it is followed
    slots = asyncio.Semaphore(AT_ONCE)
    async with AsyncExitStack() as stack:
        door = await stack.enter_async_context(fetcher(settings))
        introduce(door, feeds)
        workers = await stack.enter_async_context(Workers(warm=warm))

        async def one(feed: Feed) -> Check:
            async with slots:
                with asked_for(feed.url):
                    accept = EVERY_FORM if feed.listing else ACCEPT_FEED
                    outcome = await door.get(first_page(feed), accept=accept, login_of=feed.url)
                if feed.listing is None or not isinstance(outcome, Fetched):
                    return source(feed, outcome)
                document = (outcome.body, outcome.content_type, outcome.url)
                return listed(feed, await read_document(workers, *document, feed.listing))

        checks = [await each for each in asyncio.as_completed([one(feed) for feed in followed])]
    for check in together(checks):
        yield check


def together(checks: Sequence[Check]) -> Iterator[Check]:
    """Those that have the same trouble as one, and how many answer; the whole in one where none does."""
    troubled: dict[str, list[Check]] = {}
    for check in sorted(checks, key=lambda check: check.name):
        if check.verdict != "fine":
            troubled.setdefault(check.like, []).append(check)
    answered = sum(check.verdict == "fine" for check in checks)
    said = f"{counted(answered, 'répond', 'répondent')}, sur {count(len(checks))}"
    if checks and not answered:
        reasons = sorted(troubled, key=lambda said: -len(troubled[said]))[:REASONS]
        told = " · ".join(f"{reason} ({len(troubled[reason])})" for reason in reasons)
        yield Check("wrong", "Sources", f"{said} : {told}", "vérifiez la connexion et le pare-feu")
        return
    for reason, same in troubled.items():
        if len(same) < ALIKE:
            yield from same
            continue
        names = [check.name.removeprefix("Source ") for check in same]
        shown = ", ".join(names[:NAMES]) + (f" {others(len(names) - NAMES)}" if len(names) > NAMES else "")
        yield Check(
            "doubt", f"{len(same)} sources", f"{reason} ({shown})", "vigie feeds les montre, avec leurs adresses"
        )
    yield Check("fine", "Sources", said)


def source(feed: Feed, outcome: Fetched | NotModified | Gone | Throttled | Failed) -> Check:
    """One feed that does not answer is the site's affair, worth a look; none at all is ours."""
    name = f"Source {feed.id}"
    match outcome:
        case Fetched() | NotModified():
            return Check("fine", name, "répond")
        case Gone():
            said = "supprimée par son site (410)"
            return Check("doubt", name, said, "retirez-la, ou cherchez sa nouvelle adresse", said)
        case Throttled(status):
            said = f"demande d’attendre ({status})"
            return Check("doubt", name, said, "rien à faire, Vigie attendra", said)
        case Failed(detail=detail):
            like = detail.replace(urlsplit(feed.url).hostname or "…", "…")
            return Check("doubt", name, detail, f"ouvrez {feed.url} dans un navigateur", like)


def listed(feed: Feed, page: ListPage | ListUnread) -> Check:
    """A list that answers: has it still its rows where feeds.yaml says?"""
    name = f"Liste {feed.id}"
    if isinstance(page, ListUnread):
        return Check("doubt", name, page.why, f"elle a bougé, ou changé : vigie lists try {feed.id}, puis feeds.yaml")
    rest = "" if feed.enabled else ", non suivie : « enabled: true » la suit"
    return Check("fine", name, f"{counted(len(page.reading.rows), 'ligne', 'lignes')}{rest}")
