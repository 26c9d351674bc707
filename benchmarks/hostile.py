"""Pages made to hang, to fill the memory or to crash: all answered within 10 s, and the daemon never notices.

    python -m benchmarks.hostile [--size 1.0] [NAME ...]

Each goes the daemon's way: bytes over the limit refused, the rest read in a worker under its limits. Printed per page:
the answer, the seconds, and what a watcher on the event loop saw meanwhile; at the end, the growth of this process.
"""

import argparse
import asyncio
import gzip
import json
import multiprocessing
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from bot.model import Entry, Failed, Why
from bot.reading import page
from bot.reading.read import read
from bot.reading.ready import warm
from bot.web.gzip_body import BadEncoding, Body, TooBig
from bot.workers import Crashed, Killed, Workers

PROSE = "Le centre hospitalier de Valmorin confie ses dossiers à un hébergeur certifié, et publie son calendrier. "
ENTRY = Entry("1", "https://exemple.fr/a", "Valmorin choisit", "Un chapô assez long pour valoir mieux que rien.")


def html(body: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head><title>Titre</title>{head}</head><body>{body}</body></html>".encode()


def article(extra: str = "", head: str = "") -> bytes:
    return html(f"<article><h1>Titre</h1>{''.join(f'<p>{n} {PROSE * 2}</p>' for n in range(8))}</article>{extra}", head)


def _nested(tag: str, depth: int) -> bytes:
    return html(f"<{tag}>" * depth + PROSE * 20 + f"</{tag}>" * depth)


def _ld(source: str) -> bytes:
    return article(head=f'<script type="application/ld+json">{source}</script>')


def _random(size: int) -> bytes:
    return random.Random(1).randbytes(size)


def _bomb(size: int) -> bytes:
    return gzip.compress(b"\0" * size, 6)


PAGES: dict[str, Callable[[float], bytes]] = {
    # what hangs trafilatura
    "identical paragraphs, 19 MB": lambda k: html(f"<p>{PROSE}</p>" * int(177_000 * k)),
    "identical paragraphs, 100 MB": lambda k: html(f"<p>{PROSE}</p>" * int(930_000 * k)),
    "identical paragraphs, under the limit": lambda k: html(f"<p>{PROSE}</p>" * int(27_000 * k)),
    "a class of 10 MB": lambda k: html(f'<div class="{"a " * int(5_000_000 * k)}">{PROSE}</div>'),
    "a class under the limit": lambda k: html(f'<div class="{"a " * int(1_500_000 * k)}">{PROSE}</div>'),
    "100,000 attributes": lambda k: html(f"<p {' '.join(f'a{n}=1' for n in range(int(100_000 * k)))}>{PROSE}</p>"),
    "a million links": lambda k: html('<a href="/x">lien</a> ' * int(1_000_000 * k)),
    "links, under the limit": lambda k: html('<a href="/x">lien vers un autre article</a> ' * int(29_000 * k)),
    "a million line breaks": lambda k: html("<br>" * int(1_000_000 * k)),
    "line breaks, under the limit": lambda k: html(f"{PROSE}<br>" * int(29_000 * k)),
    "list links": lambda k: html("<ul>" + '<li><a href="/x">autre</a></li>' * int(14_000 * k) + "</ul>"),
    "table rows": lambda k: html("<table>" + "<tr><td>1</td><td>2</td></tr>" * int(9_900 * k) + "</table>"),
    "dated paragraphs": lambda k: html(
        "".join(f"<p>Le 12/03/20{n % 90:02} à 10 h</p>" for n in range(int(29_000 * k)))
    ),
    # what our own scanners could trip over
    "script never closed": lambda k: article("<script" * int(50_000 * k)),
    "script opened again and again": lambda k: article("<script>" * int(50_000 * k)),
    "style never closed": lambda k: article("<style " * int(50_000 * k)),
    "h1 never closed": lambda k: article("<h1 " * int(50_000 * k)),
    "a never closed": lambda k: article('<a href="' * int(50_000 * k)),
    "half an entity, often": lambda k: article("&lt;" * int(700_000 * k)),
    "wall words without end": lambda k: article(f"<p>{'Il vous reste 9 % de ' * int(100_000 * k)}</p>"),
    "a charset that never ends": lambda k: b"<meta " + b"charset " * int(370_000 * k),
    # the same box, asked for by all that it holds
    "forms side by side": lambda k: article(f"<div>{'<form><input type=email>a</form>' * int(12_000 * k)}</div>"),
    "titles in one card of three": lambda k: article(
        f"<div><div>{'<h3><a href=/x>a</a></h3>' * int(12_000 * k)}</div><div></div><div></div></div>"
    ),
    "links in one quotation": lambda k: article(
        f"<blockquote>{'<p><a href=/x>lien</a></p>' * int(12_000 * k)}</blockquote>"
    ),
    "a heading in many parts": lambda k: article(head='<meta property="og:title" content="Un titre partagé">').replace(
        b"<h1>Titre", b"<h1>" + b"<b>" * 200 + b"<i>a b c</i>" * int(20_000 * k)
    ),
    # depth
    "nested div": lambda k: _nested("div", int(29_000 * k)),
    "nested span": lambda k: _nested("span", int(29_000 * k)),
    "nested ul": lambda k: _nested("ul", int(29_000 * k)),
    "nested table": lambda k: _nested("table", int(29_000 * k)),
    "nested blockquote": lambda k: _nested("blockquote", int(29_000 * k)),
    "nested div, 200,000": lambda k: _nested("div", int(200_000 * k)),
    "unclosed a": lambda k: html('<a href="/">' * int(50_000 * k) + PROSE * 20),
    "unclosed font": lambda k: html("<font>" * int(50_000 * k) + PROSE * 20),
    "unclosed b": lambda k: html("<b>" * int(59_000 * k) + PROSE * 20),
    "unclosed form": lambda k: html("<form>" * int(59_000 * k) + PROSE * 20),
    # JSON-LD
    "JSON-LD of 20 MB": lambda k: _ld(json.dumps({"@type": "NewsArticle", "articleBody": "x" * int(20_000_000 * k)})),
    "JSON-LD under the limit": lambda k: _ld(
        json.dumps({"@type": "Article", "articleBody": "a b " * int(700_000 * k)})
    ),
    "JSON-LD nested": lambda k: _ld("[" * int(200_000 * k)),
    "JSON-LD nested and closed": lambda k: _ld('{"a":' * int(100_000 * k) + "1" + "}" * int(100_000 * k)),
    "JSON-LD of many nodes": lambda k: _ld("[" + ",".join(['{"@type":"Article"}'] * int(100_000 * k)) + "]"),
    "1,000 JSON-LD scripts": lambda k: article(
        head='<script type="application/ld+json">{"@type":"Article"}</script>' * int(1_000 * k)
    ),
    "JSON-LD number of a million digits": lambda k: _ld(f'{{"@type":"Article","headline":{"9" * int(1_000_000 * k)}}}'),
    # one thing, far too big
    "colspan without end": lambda k: html(f"<table><tr><td colspan=9007199254740991>{PROSE * int(100 * k)}</table>"),
    "a title of 2 MB": lambda k: article(head=f'<meta property="og:title" content="{"t" * int(2_000_000 * k)}">'),
    "100,000 meta": lambda k: article(head='<meta name="x" content="y">' * int(59_000 * k)),
    "a million comments": lambda k: article("<!-- -->" * int(1_000_000 * k)),
    "comments, under the limit": lambda k: article("<!-- -->" * int(58_000 * k)),
    "2 MB of digits": lambda k: html(f"<p>{'1234567890' * int(200_000 * k)}</p>"),
    "2 MB of dates": lambda k: html(f"<p>{'2026-03-04 ' * int(180_000 * k)}</p>"),
    "one word of 3 MB": lambda k: html(f"<p>{'a' * int(3_000_000 * k)}</p>"),
    "a text node of 10 MB": lambda k: article(f"<p>{'mot ' * int(2_500_000 * k)}</p>"),
    "mojibake without end": lambda k: html(f"<p>{'Ã©tÃ© ' * int(250_000 * k)}</p>"),
    "invisible characters": lambda k: html(f"<p>{'&#8203;' * int(400_000 * k)}{PROSE * 10}</p>"),
    "combining accents": lambda k: html(f"<p>e{chr(0x301) * int(1_000_000 * k)}</p>"),
    "spaces without end": lambda k: html(f"<p>mot{' ' * int(2_900_000 * k)}mot</p>"),
    "calls to action without end": lambda k: html("<p>Abonnez-vous à la newsletter</p>" * int(29_000 * k)),
    "a string without end, for scripts": lambda k: html(
        '<div id="root"></div><script type="application/json">"' + '\\"' * int(500_000 * k) + "</script>"
    ),
    "noscript without end": lambda k: html("<noscript>JavaScript</noscript>" * int(29_000 * k)),
    # not a page
    "gzip bomb of 1 GB": lambda k: _bomb(int(1_000_000_000 * k)),
    "random bytes": lambda k: _random(int(3_000_000 * k)),
    "PDF": lambda k: b"%PDF-1.7\n" + _random(int(2_000_000 * k)),
    "zip": lambda k: b"PK\x03\x04" + _random(int(2_000_000 * k)),
    "NULs": lambda k: b"\0" * int(5_000_000 * k),
    "NULs in a page": lambda k: article().replace(b" ", b"\0") * max(1, int(500 * k)),
    "UTF-16 of 3 MB": lambda k: ("\ufeff" + PROSE * int(14_000 * k)).encode("utf-16-le"),
    "nothing": lambda _: b"",
    "frameset": lambda k: b"<frameset>" + b"<frame src=a>" * int(50_000 * k),
    "only a head": lambda k: html("", "<link rel=x href=y>" * int(50_000 * k)),
    "svg without end": lambda k: article("<svg><path d='M0 0'/></svg>" * int(14_000 * k)),
    "processing instructions": lambda k: article("<?php ?>" * int(58_000 * k)),
    "doctype with entities": lambda k: (
        b"<!DOCTYPE x [<!ENTITY a 'aaaa'>" + b"<!ENTITY b '&a;&a;'>" * int(50_000 * k) + b"]>"
    ),
}


async def answer(workers: Workers, file: Path) -> str:
    """What the daemon would keep of such an answer, in short: source and flags."""
    seen: page.Page | Failed | Killed | Crashed
    try:
        whole = received(file)
    except (TooBig, BadEncoding) as problem:
        seen = Failed(Why.TOO_BIG if isinstance(problem, TooBig) else Why.ENCODING, str(problem))
    else:
        seen = await workers.run(page.read_page, whole, "text/html", ENTRY.summary)
    reading = read(ENTRY, "page", seen, ENTRY.link, datetime(2026, 11, 24, tzinfo=UTC))
    return " ".join((reading.source, *reading.flags))


def received(file: Path) -> bytes:
    """As `fetch` does, chunk by chunk; what starts like gzip is sent as gzip. Raises TooBig or BadEncoding."""
    with file.open("rb") as sent:
        first = sent.read(65_536)
        body = Body("gzip" if first.startswith(b"\x1f\x8b") else "", page.LIMIT)
        for chunk in (first, *iter(lambda: sent.read(65_536), b"")):
            body.feed(chunk)
    return body.whole()


def write(name: str, size: float, file: Path) -> None:
    """Run in another process: what is made here must not count as what Vigie holds."""
    file.write_bytes(PAGES[name](size))


async def watch(stalls: list[float]) -> None:
    """The longest the event loop was late, in seconds, into `stalls[-1]`."""
    while True:
        before = time.perf_counter()
        await asyncio.sleep(0.002)
        stalls[-1] = max(stalls[-1], time.perf_counter() - before - 0.002)


def resident() -> float:
    """MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


async def run(names: list[str], size: float) -> None:
    stalls = [0.0]
    watcher = asyncio.create_task(watch(stalls))
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        async with Workers(warm=warm) as workers:
            makers = stack.enter_context(ProcessPoolExecutor(1, multiprocessing.get_context("spawn")))
            file = Path(folder) / "page"
            await workers.warm()
            await asyncio.sleep(1)
            print(f"the machine alone: the loop is late by {1e3 * stalls[-1]:.0f} ms")
            slowest, most, start = 0.0, 0.0, resident()
            for name in names:
                await asyncio.get_running_loop().run_in_executor(makers, write, name, size, file)
                stalls.append(0.0)
                began = time.perf_counter()
                said = await answer(workers, file)
                spent = time.perf_counter() - began
                slowest, most = max(slowest, spent), max(most, resident())
                print(f"{name:<40} {spent:5.2f} s  stall {1e3 * stalls[-1]:4.0f} ms  {said}", flush=True)
                stalls.append(0.0)
    watcher.cancel()
    during = sorted(1e3 * each for each in stalls[1::2])
    print(f"{len(names)} pages, slowest {slowest:.1f} s; memory of this process +{most - start:.0f} MB at most")
    print(f"longest stall a page: median {statistics.median(during):.0f} ms, {during[-1]:.0f} ms at most")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--size", type=float, default=1.0, help="1.0 is the full size")
    chosen = parser.parse_args()
    asyncio.run(run(chosen.names or list(PAGES), chosen.size))


if __name__ == "__main__":
    main()
