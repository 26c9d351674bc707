"""`vigie demo`: one February morning on the bundled site, told as a reader would see it in Telegram."""

import asyncio
import shutil
import tempfile
import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TextIO
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot import changes
from bot.briefs.forms import written
from bot.briefs.text import BriefMaterial, document
from bot.build import ports
from bot.config.configuration import Configuration
from bot.config.folder import load
from bot.config.settings import Settings, settings, starter
from bot.conversation import changes_view
from bot.conversation.model import View
from bot.daemon.channels import Channels, courier_to, terminal
from bot.daemon.digests import send_digests
from bot.daemon.live import Live
from bot.daemon.rounds import Rounds
from bot.delivery.console import Console
from bot.delivery.pacer import FREE, Pacer
from bot.demo import official
from bot.demo.site import FOUNDING, NOW, DemoSite
from bot.ending import CannotRun
from bot.messages import markup
from bot.operators import unkept
from bot.pipeline import poll
from bot.polling.list_items import title
from bot.ports import Ports
from bot.reading.matched import article_of_stored
from bot.statuses import trackers
from bot.trials.recall import measured, stratum
from bot.web import urls
from matchers.lists import ListSpec
from matchers.model import Article
from matchers.trials import explain
from storage.changes.model import Scope, Span
from storage.feeds.model import Feed
from storage.files import write
from storage.ids import FeedId
from storage.operators.model import Stratum
from storage.system import said

PARIS = ZoneInfo("Europe/Paris")
LIST = FeedId("liste-officielle")
CHANGES = 7  # lines of what changed
TITLES, ALL, TITLE, WEEK = 5, 1_000, 100, "2024w04"  # judged of a stratum, of so many; code points; whose draw it is
BOLD = ("\033[1m", "\033[0m")
EIGHT = NOW.replace(hour=7, minute=0, second=0)  # 08:00 in Paris, in winter


class Morning:
    """A clock that reads the demonstration's morning, and runs at the pace of the real one."""

    def __init__(self, start: datetime) -> None:
        self.set(start)

    def set(self, moment: datetime) -> None:
        self._start, self._zero = moment, time.monotonic()

    def __call__(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._zero)


async def demo(out: TextIO, brief: Path | None = None) -> int:
    """Run the real pipeline on the bundled site; everything it makes lives in a folder that goes at the end, but for
    the `brief`, a Word file, where one is asked for."""
    with tempfile.TemporaryDirectory(prefix="vigie-demo-") as folder, DemoSite() as site:
        chosen, configuration = _prepared(Path(folder), site)
        clock = Morning(NOW)
        address = urlsplit(site.url)
        allow = frozenset({("127.0.0.1", address.port or 80)})
        async with ports(chosen, configuration, clock=clock, allow=allow) as made:
            await _tell(Live(made), site, clock, out, brief)
    return 0


def _prepared(folder: Path, site: DemoSite) -> tuple[Settings, Configuration]:
    """The watchlists and entities that ship with Vigie, and the feeds of the site."""
    shutil.copytree(starter() / "watchlists", folder / "watchlists")
    shutil.copy(starter() / "entities.yaml", folder)
    (folder / "feeds.yaml").write_text(site.feeds_yaml() + site.acts_yaml(), encoding="utf-8")
    chosen = settings({"VIGIE_DATABASE": str(folder / "vigie.sqlite"), "VIGIE_CONFIG": str(folder)})
    configuration = load(folder)
    if not isinstance(chosen, Settings) or not isinstance(configuration, Configuration):
        raise CannotRun(f"la configuration de la démonstration est refusée : {configuration}")
    return chosen, configuration


async def _tell(live: Live, site: DemoSite, clock: Morning, out: TextIO, brief: Path | None) -> None:
    alone = Channels(Console(out, clock, addresses=False), Pacer(FREE), console=True)
    courier = await courier_to(live.ports, alone, probe=False)

    _say(out, f"Jeudi 1er février 2024, 7 h 58. Un petit site d’actualité répond sur {site.url} : c’est lui qu’on lit.")
    first = await _round(live, site, out, "Première lecture")
    await _troubles(live.ports, out)
    await terminal(live)
    _say(out, f"{first.new} articles des jours passés sont rangés, sans alerte : rien d’ancien n’est envoyé.")

    site.stage = 2
    second = await _round(live, site, out, "La presse du matin")
    _say(out, f"{second.new} articles nouveaux. Les alertes partent aussitôt :")
    await courier.finish()

    clock.set(EIGHT)
    _say(out, "8 heures. On relit tout, puis le digest :")
    await _round(live, site, out, "Le tour de 8 heures")
    print(file=out)
    await send_digests(live, console=True)
    await courier.finish()
    await _changes(live.ports, clock, out)
    await _brief(live.ports, clock, brief, out)
    await _recall(live.ports, clock, out)
    await _list(live.ports, site, out)
    await _why(live.ports, site, out)


async def _round(live: Live, site: DemoSite, out: TextIO, name: str) -> Rounds:
    """Poll every feed of the site once, one after the other, and show how far it is."""
    rounds = Rounds(live, at_once=1)
    seen = len(site.requests)
    work = asyncio.create_task(rounds.all(everything=True))
    while not work.done():
        await asyncio.wait({work}, timeout=0.2)
        if out.isatty():
            print(f"\r  {name} : {rounds.finished} flux…", end="", file=out, flush=True)
    await work
    start = "\r" if out.isatty() else ""
    requests = site.requests[seen:]
    unchanged = sum(request.status == 304 for request in requests)
    print(f"{start}  {name} : {len(requests)} requêtes, dont {unchanged} « rien de neuf » (304).", file=out)
    return rounds


async def _troubles(made: Ports, out: TextIO) -> None:
    """The sources that gave no answer, as `vigie feeds` would tell them."""
    for feed, state in await made.offload(made.store.feeds.overview):
        if state.failures:
            print(
                f"  « {feed.name} » : {state.error} ; elle sera redemandée, et les autres n’y perdent rien.", file=out
            )


async def _changes(made: Ports, clock: Morning, out: TextIO) -> None:
    """What /depuis answers to somebody who comes back."""
    _say(out, "De retour ? « /depuis ce matin » dit ce qui a changé, sources et veilles comprises :")
    now = clock()
    span = Span(now.astimezone(PARIS).replace(hour=0, minute=0, second=0, microsecond=0), now)
    chronicle = await made.offload(made.store.chronicle, span, Scope())
    view = View("fr", made.engine.watchlists)
    shown = changes_view.shown(view, span, chronicle, changes.net(chronicle.facts), token="")
    lines = markup.visible(shown.html).splitlines()
    print("\n".join(f"  {line}" if line else "" for line in lines[:CHANGES]), file=out)
    print("  …\n" if len(lines) > CHANGES else "", file=out)


async def _recall(made: Ports, clock: Morning, out: TextIO) -> None:
    """How much is missed at most, by titles of the morning that nothing kept: a reader leaves them all."""
    _say(out, "Et ce qui n’a pas été retenu ? Chaque lundi, dix titres à juger d’un bouton :")
    store, since, now = made.store, clock() - timedelta(days=1), clock()
    strata: dict[Stratum, list[int]] = {"near": [], "rest": []}
    for each in await made.offload(store.samples.unkept, since, now, 0, ALL):
        strata[stratum(made.engine, article_of_stored(each))].append(each.id)
    sizes = {name: len(found) for name, found in strata.items()}
    drawn = [(name, number) for name, found in strata.items() for number in found[:: len(found) // TITLES + 1][:TITLES]]
    kept = await made.offload(store.samples.kept, since, now)
    await made.offload(store.samples.put, WEEK, sizes, kept, drawn, now)
    for drew in await made.offload(store.samples.titles, WEEK):
        await made.offload(store.samples.judge, drew.number, False, now)
        print(f"  ✘ {markup.cut(drew.title, TITLE)} — {drew.source}", file=out)
    print(f"\n  {unkept.bound(await made.offload(measured, store, now), 'fr')}\n", file=out)


async def _list(made: Ports, site: DemoSite, out: TextIO) -> None:
    """An official list, read row by row before and after a decision."""
    _say(out, "La source première : une liste officielle, lue ligne par ligne, avant puis après une décision :")
    spec = ListSpec(("Prestataire", "Service"), "main table", "Statut", "Fin de validité", tracker="secnumcloud")
    address = site.url + official.PATH
    source = Feed(LIST, "Liste des services qualifiés", address, kind="list", reading="feed", listing=spec)
    followed = [feed for feed, _ in await made.offload(made.store.feeds.overview)]
    await made.offload(made.store.feeds.sync, [*followed, source], made.clock())
    for site.decided in (False, True):
        claims = await made.offload(made.store.feeds.claim_all, made.clock(), "demo", timedelta(minutes=5))
        await made.offload(made.store.feeds.release, [claim for claim in claims if claim.feed.id != LIST])
        await poll(next(claim for claim in claims if claim.feed.id == LIST), made)
    view = next(each for each in await made.offload(made.store.lists.views) if each.feed == LIST)
    for kept in view.events:
        print(f"  {title(kept.event, view.name)}", file=out)
    (tracker,) = trackers([view], made.clock())
    counts = ", ".join(f"{status}\u00a0: {number}" for status, number in tracker.counts().items())
    print(f"  /statuts secnumcloud : {counts}\n", file=out)


async def _brief(made: Ports, clock: Morning, target: Path | None, out: TextIO) -> None:
    """What is forwarded to who has no Telegram: the first page, and the whole as a file."""
    _say(
        out,
        "Pour qui n’a pas Telegram, « /brief jour » : une première page, et le détail, en Word, ODT, page ou courriel.",
    )
    span = Span(clock() - timedelta(days=1), clock())
    stories = await made.offload(made.store.briefs.stories, span, Scope())
    material = BriefMaterial(span, stories, {}, await made.offload(made.store.register.head))
    lists = made.engine.watchlists
    first = [block.text for block in document(material, lists)][:CHANGES]
    print("\n".join(f"  {line}" for line in (*first, "…")), file=out)
    if target is None:
        print("\n  « vigie demo --brief brief.docx » écrit ce brief.\n", file=out)
        return
    try:
        write(target, written("docx", material, lists))
    except OSError as problem:
        raise CannotRun(f"impossible d’écrire {target} ({said(problem)})") from problem
    print(f"\n  {target} : le brief entier, pour Word ou LibreOffice.\n", file=out)


async def _why(made: Ports, site: DemoSite, out: TextIO) -> None:
    """The score of the founding story, from the stored article and the engine's own reasons."""
    keys = urls.url_keys(site.url + FOUNDING)
    article = await made.offload(made.store.articles.by_url, keys)
    if article is None:
        raise CannotRun("l’article fondateur n’a pas été lu : relancez vigie demo")
    _say(out, f"Et pourquoi « {article.title} » ? Chaque point du score, à sa place dans le texte :")
    read = Article(
        title=article.title, summary=article.summary, text=article.text, url=article.url, source=article.source_name
    )
    mark = BOLD if out.isatty() else ("[", "]")
    first, *others = explain.explain(made.engine, read)
    print(explain.to_text([replace(first, doubts=())], mark=mark), file=out)
    _say(out, f"« vigie explain » dit de même pourquoi {len(others)} autres veilles le retiennent.")
    _say(
        out, "À vous : « make run » relève les vraies sources ; README.md dit comment recevoir tout ceci dans Telegram."
    )


def _say(out: TextIO, line: str) -> None:
    print(f"\n{line}\n", file=out, flush=True)
