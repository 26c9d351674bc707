"""A process that was made ready asks for no file: what it reads behind its wall is what is read without one."""

import gzip
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from bot.feeds import announced, boamp, consultations, dila, parse, rows, sitemap, tables
from bot.feeds.dates import zone_of
from bot.feeds.finished import finished
from bot.model import Entry, Fetched
from bot.reading import work
from bot.reading.ready import warm
from bot.sandbox.codec import packed
from bot.web import robots
from bot.workers import Workers
from matchers.lists import ListSpec
from tests.bot.feeds.small_pdf import mapped, pdf

NOW = datetime(2026, 11, 30, 7, tzinfo=UTC)
URL = "https://exemple.fr/a"
Task = tuple[Callable[..., object], tuple[object, ...]]


def page(body: bytes, content_type: str = "text/html") -> Task:
    entry = Entry("1", URL, "Titre", summary="Un chapô.")
    return work.read_fetched, (entry, "page", Fetched(body, URL, content_type), True, NOW)


def feed(body: bytes, language: str = "fr") -> Task:
    return finished, (partial(parse.parse, body, "", URL, None, NOW, zone=zone_of(language)),)


def dated(moment: str) -> Task:
    item = f"<item><title>Un titre</title><link>{URL}</link><pubDate>{moment}</pubDate></item>"
    return feed(f"<rss><channel>{item}</channel></rss>".encode())


SAID = {
    "windows-1251": "Больница хранит снимки", "shift_jis": "病院の画像を保管", "euc-jp": "病院の画像を保管",
    "gb18030": "医院保存影像", "big5": "醫院保存影像", "euc-kr": "병원 영상 보관", "iso-8859-15": "L’hôpital à 3 €",
    "iso-8859-2": "Szpital przechowuje zdjęcia", "windows-1253": "Το νοσοκομείο", "koi8-u": "Лікарня зберігає",
    "windows-1256": "المستشفى يحفظ الصور", "iso-8859-8": "בית החולים", "macintosh": "L'hôpital", "utf-16": "L’été",
    "iso-2022-jp": "病院の画像", "windows-874": "โรงพยาบาล", "ibm866": "Больница",
}  # fmt: skip
CODECS = {"macintosh": "mac_roman", "windows-874": "cp874", "ibm866": "cp866"}


def written(charset: str) -> bytes:
    return (SAID[charset] + " ").encode(CODECS.get(charset, charset), "replace")


BROKEN = {
    "nothing": b"",
    "zeros": b"\0" * 300,
    "bytes": bytes(range(256)) * 9,
    "half a tag": b"<rss><channel><item a=b c",
}
LIST = b"<table class=l><tr><th>Nom<th>Statut<tr><td>Givre<td>certifi\xc3\xa9</table>"
SITEMAP = b"<urlset><url><loc>https://exemple.fr/b</loc><lastmod>2026-11-30</lastmod></url></urlset>"
MOMENTS = (
    "Tue, 1 Dec 2026 06:00:00 (America/Lima)", "1er décembre 2026 à 6 h", "1. Dezember 2026", "1 de diciembre de 2026",
    "1 декабря 2026", "2026年12月1日", "Tue, 1 Dec 2026 06:00 (asia/kolkata)", "99/99/9999",
    "Tue, 1 Dec 2026 6:00 PM CET",
)  # fmt: skip


def said_in(charset: str) -> Iterator[tuple[str, Task]]:
    words = written(charset)
    article = b"<article>" + 3 * (b"<p>" + 20 * words + b"</p>") + b"</article>"
    yield f"a page in {charset}", page(article, f"text/html; charset={charset}")
    item = b"<rss><channel><item><title>" + words + b"</title></item></channel></rss>"
    yield f"a feed in {charset}", feed(b'<?xml version="1.0" encoding="' + charset.encode() + b'"?>' + item)


def broken_as(name: str, body: bytes) -> Iterator[tuple[str, Task]]:
    yield f"a page of {name}", page(body)
    yield f"a feed of {name}", feed(body)
    yield f"a sitemap of {name}", (finished, (partial(sitemap.parse, body, "", URL, "", None, NOW),))
    yield f"calls for tender of {name}", (finished, (partial(boamp.parse, body),))
    yield f"consultations of {name}", (finished, (partial(consultations.parse, body),))
    yield f"acts of {name}", (finished, (partial(dila.parse, body, URL, "jorf", None, NOW),))


def listed(body: bytes, content_type: str, spec: ListSpec) -> Task:
    return rows.read_rows, (body, content_type, URL, spec)


# The map, whose letters it numbers, Python's name of its codes, and a table
MAPS = (
    ("90ms-RKSJ-H", "Japan1", "cp932", ("名称", "状態", "病院の画像", "認定")),
    ("UniJIS-UTF16-V", "Japan1", "utf-16-be", ("名称", "状態", "病院の画像", "認定")),
    ("GBK-EUC-H", "GB1", "gbk", ("名称", "状态", "医院影像", "已认证")),
    ("UniGB-UCS2-H", "GB1", "utf-16-be", ("名称", "状态", "医院影像", "已认证")),
    ("ETen-B5-H", "CNS1", "big5", ("名稱", "狀態", "醫院影像", "已認證")),
    ("KSCms-UHC-H", "Korea1", "cp949", ("이름", "상태", "병원", "인증")),
    ("90ms#00-RKSJ-H", "Japan1", "cp932", ("名称", "状態", "病院の画像", "認定")),
    ("no-such-map", "Japan1", "cp932", ("名称", "状態", "病院の画像", "認定")),
)


def mapped_by(name: str, letters: str, codec: str, words: tuple[str, str, str, str]) -> tuple[str, Task]:
    body = pdf([[words[:2], words[2:]]], face=mapped(name, letters, codec))
    return f"a list by the map {name}", listed(body, "", ListSpec(words[:1], "", words[1], format="pdf"))


TASKS: dict[str, Task] = {
    **dict(task for charset in SAID for task in said_in(charset)),
    **dict(task for name, body in BROKEN.items() for task in broken_as(name, body)),
    **{f"dated {moment}": dated(moment) for moment in MOMENTS},
    "a page with next to no text": page(b"<div>" * 2000 + b"<span>Ailleurs</span>"),
    "a sitemap": (finished, (partial(sitemap.parse, gzip.compress(SITEMAP), "", URL, "", None, NOW),)),
    "robots.txt": (robots.judge, ("User-agent: *\nDisallow: /*.pdf$\nCrawl-delay: 2\n", "", URL)),
    "sitemaps of robots.txt": (robots.sitemaps, ("Sitemap: https://h\u00f4pital.fr/plan.xml",)),
    "feeds of a page": (
        announced.announced_by, (b"<link rel=alternate type=application/rss+xml href=/f>", "", URL),
    ),
    "tables of a page": (tables.tables_of, (LIST, "text/html")),
    "a list": listed(LIST, "text/html", ListSpec(("Nom",), "table.l", "Statut")),
    "a list in CSV": listed("Nom;Statut\nGivre;certifié\n".encode("cp1252"), "", ListSpec(("Nom",), format="csv")),
    **dict(mapped_by(*each) for each in MAPS),
    "a list in a PDF that nobody may print": listed(
        pdf([[("Nom", "Statut"), ("Givre", "certifié")]], key=bytes(range(32))), "", ListSpec(("Nom",), format="pdf")
    ),
    "a list in PDF": listed(pdf([[("Nom", "Statut"), ("Givre", "certifié")]]), "", ListSpec(("Nom",), format="pdf")),
}  # fmt: skip


def directly(function: Callable[..., object], arguments: tuple[object, ...]) -> bytes:
    return packed(function(*arguments))


@pytest.mark.asyncio
async def test_what_is_read_behind_the_wall_is_what_is_read_without_one() -> None:
    different: dict[str, Any] = {}
    async with Workers(warm=warm) as workers:
        for name, (function, arguments) in TASKS.items():
            answer = await workers.run(function, *arguments, cpu=20.0, wall=40.0)
            try:
                same = packed(answer) == directly(function, arguments)
            except Exception as error:
                same = repr(error) in str(answer)
            if not same:
                different[name] = answer
    assert not different


@pytest.mark.asyncio
async def test_the_words_of_a_foreign_pdf_are_read_behind_the_wall() -> None:
    async with Workers(warm=warm) as workers:
        for each in (each for each in MAPS if each[0].endswith("-H")):
            _, (function, arguments) = mapped_by(*each)
            page = await workers.run(function, *arguments, cpu=20.0, wall=40.0)
            assert isinstance(page, rows.ListPage), (each, page)
            assert [(row.key, row.status) for row in page.reading.rows] == [((each[3][2],), each[3][3])]
