"""Lists, pages of links and sitemaps made to break or to fool who reads them: rows and entries, or a reason."""

import json
import zlib
from datetime import UTC, datetime
from struct import pack

import pytest

from bot.feeds import pagelist, rows, sitemap
from bot.feeds.pagelist import WantedLinks
from bot.model import Document, Failed
from bot.reading.ready import warm
from bot.workers import Crashed, Killed, Workers
from matchers.lists import ListSpec, ListUnread
from tests.bot.feeds.small_pdf import pdf

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
SITE = "https://site.example"
HEAD = "<table class='l'><tr><th>Nom</th><th>Statut</th></tr>"
ROW = "<tr><td>Embrun</td><td>J1</td></tr>"

TABLES = {
    "a span of all columns": f"{HEAD}<tr><td colspan=99999999>a</td></tr>{ROW}</table>",
    "a span of all rows": f"{HEAD}<tr><td rowspan=99999999>a</td><td>b</td></tr>{ROW}</table>",
    "spans that cross": HEAD + "<tr><td colspan=999 rowspan=65534>a</td></tr>" * 900 + "</table>",
    "a span of many digits": f"{HEAD}<tr><td colspan={'9' * 5000}>a</td></tr>{ROW}</table>",
    "cells without end": HEAD + "<tr>" + "<td>a</td>" * 200_000,
    "tables in tables": HEAD + "<tr><td><table>" * 4000,
    "one cell": f"{HEAD}<tr><td>{'a' * 3_000_000}</td><td>J1</td></tr></table>",
}


def drawn(content: bytes, more: bytes = b"") -> bytes:
    kept = b"4 0 obj<</Length %d%s>>stream\n%s\nendstream endobj\n" % (len(content), more, content)
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>endobj\n"
        + kept
        + b"trailer<</Root 1 0 R/Size 5>>\n%%EOF"
    )


def unfolding(part: bytes, times: int, *, zipped: bool = False) -> bytes:
    """What zlib (gzip, if `zipped`) packs of so many of these: one is packed, and repeated."""
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    packed = packer.compress(part) + packer.flush(zlib.Z_FULL_FLUSH)
    count, total = (zlib.crc32, 0) if zipped else (zlib.adler32, 1)
    for _ in range(times):
        total = count(part, total)
    head, tail = (ZIPPED, pack("<II", total, len(part) * times)) if zipped else (DEFLATED, pack(">I", total))
    return head + packed * times + packer.flush() + tail


ZIPPED = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
DEFLATED = b"\x78\xda"
PDFS = {
    "a stream that unfolds": drawn(unfolding(b"0 0 m 1 1 l S " * 90_000, 100), b"/Filter/FlateDecode"),
    "pages in a ring": b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
    "filters of filters": drawn(b"41>", b"/Filter[" + b"/ASCIIHexDecode " * 1500 + b"]"),
    "boxes without number": drawn(b"0 0 9 9 re S\n" * 300_000),
    "states never given back": drawn(b"q " * 1_000_000),
    "arrays in arrays": b"%PDF-1.4\n1 0 obj" + b"[" * 50_000 + b"endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
    "pages without number": pdf(*[["a"]] * 1500),
}


async def listed(body: bytes, content_type: str, spec: ListSpec) -> rows.ListPage | ListUnread | Killed | Crashed:
    async with Workers(warm=warm) as workers:
        return await workers.run(rows.read_rows, body, content_type, SITE, spec, cpu=4.0, wall=20.0)


@pytest.mark.parametrize("name", TABLES)
async def test_a_hostile_table_gives_a_few_rows_or_a_reason(name: str) -> None:
    answer = await listed(TABLES[name].encode(), "text/html", ListSpec(("Nom",), "table.l", "Statut"))
    if isinstance(answer, rows.ListPage):
        assert len(answer.reading.rows) <= 2000
    elif isinstance(answer, ListUnread):
        assert answer.why.isprintable()


@pytest.mark.parametrize("name", PDFS)
async def test_a_hostile_pdf_gives_no_row(name: str) -> None:
    answer = await listed(PDFS[name], "application/pdf", ListSpec(("Nom",), "", "J1", format="pdf"))
    assert isinstance(answer, ListUnread | Killed | Crashed)


ORDERS = "Em\u202ebrun\x1b[31m\u2066 S\x9bA\u200b"


@pytest.mark.parametrize("form", ["csv", "json", "html"])
async def test_a_cell_bears_nothing_that_a_display_obeys(form: str) -> None:
    bodies = {
        "csv": f"Nom;Statut;Note{ORDERS}\n{ORDERS};J1;{ORDERS}\n",
        "json": json.dumps([{"Nom": ORDERS, "Statut": "J1", f"Note{ORDERS}": ORDERS}]),
        "html": f"{HEAD}<tr><td>{ORDERS}</td><td>J1</td></tr></table>",
    }
    spec = ListSpec(("Nom",), "", "Statut", format=form)  # type: ignore[arg-type] # the forms of a list
    answer = await listed(bodies[form].encode(), {"csv": "text/csv", "json": "application/json"}.get(form, ""), spec)
    assert isinstance(answer, rows.ListPage), answer
    (row,) = answer.reading.rows
    assert all(word.isprintable() for word in (row.name, row.status, *(part for pair in row.cells for part in pair)))
    assert row.key[0].startswith("Embrun")


PAGES = {
    "a base elsewhere": "<base href='http://169.254.169.254/'><a href='actu/1'>Un titre</a>",
    "a base that runs": "<base href='javascript:'><a href='/actu/1'>Un titre</a>",
    "a base without end": f"<base href='http://a/{'a' * 500_000}'><a href='/actu/1'>Un titre</a>",
    "links without number": "<a href='/actu/{}'>titre</a>" * 60_000,
    "links in links": "<a href='/actu/1'>" * 20_000,
    "other schemes": "".join(f"<a href='{each}/actu/1'>t</a>" for each in ("javascript:", "data:", "file://", "tg:")),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_hostile_page_gives_links_of_the_web_or_a_reason(name: str) -> None:
    answer = pagelist.parse(PAGES[name].encode(), "text/html", f"{SITE}/actu", WantedLinks("/actu/*", ""))
    if isinstance(answer, Document):
        assert all(entry.link.startswith(("http://", "https://")) for entry in answer.entries)
        assert len(answer.entries) <= 2500
    else:
        assert answer.detail.isprintable()


def place(address: str, day: str = "2026-11-24") -> str:
    return f"<url><loc>{address}</loc><lastmod>{day}</lastmod></url>"


SITEMAPS = {
    "what unfolds": unfolding(b" " * 1_000_000, 200, zipped=True),
    "an entity from outside": b"<!DOCTYPE u [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><urlset>&x;</urlset>",
    "places never closed": b"<urlset>" + b"<url><loc>" * 100_000,
    "places without number": f"<urlset>{place(f'{SITE}/a') * 60_000}</urlset>".encode(),
    "an address without end": f"<urlset>{place(SITE + '/' + 'a' * 3_000_000)}</urlset>".encode(),
    "days that are none": f"<urlset>{place(SITE + '/a', '9' * 5000)}{place(SITE + '/b', '9999')}</urlset>".encode(),
    "other schemes": f"<urlset>{place('javascript:alert(1)')}{place('file:///etc/passwd')}</urlset>".encode(),
}


@pytest.mark.parametrize("name", SITEMAPS)
def test_a_hostile_sitemap_gives_addresses_of_the_web_or_a_reason(name: str) -> None:
    answer = sitemap.parse(SITEMAPS[name], "text/xml", f"{SITE}/sitemap.xml", "", None, NOW)
    if isinstance(answer, Document):
        assert all(entry.link.startswith(f"{SITE}/") and len(entry.link) <= 2000 for entry in answer.entries)
    else:
        assert isinstance(answer, Failed)
        assert answer.detail.isprintable()
