"""Feeds made to hang, to fill the memory or to crash their reader; each takes its size in bytes."""

from collections.abc import Callable

QUOTE = '<a title="'
ITEM = "<item><title>Un</title><link>https://site.example/1</link><guid>1</guid></item>"


def rss(inside: str, head: str = "") -> bytes:
    return f"<?xml version='1.0'?>{head}<rss version='2.0'><channel>{inside}</channel></rss>".encode()


def fill(piece: str, size: int) -> str:
    return piece * (size // len(piece.encode()) + 1)


def _bomb(size: int) -> bytes:
    names = "".join(f"<!ENTITY e{n + 1} '{f'&e{n};' * 10}'>" for n in range(9))
    return rss(
        f"{ITEM}<item><title>{'&e9;' * (size // 1000 + 1)}</title></item>", f"<!DOCTYPE rss [<!ENTITY e0 'x'>{names}]>"
    )


FEEDS: dict[str, Callable[[int], bytes]] = {
    "comments never closed": lambda size: rss(fill("<!--", size)),
    "sections never closed": lambda size: rss(fill("<![CDATA[", size)),
    "items never closed": lambda size: rss(fill("<item ", size)),
    "items in items": lambda size: rss(fill("<item>", size)),
    "ends without a start": lambda size: rss(fill("</item>", size)),
    "empty items": lambda size: rss(fill("<item/>", size)),
    "small items": lambda size: rss(fill("<item><title>a</title></item>", size)),
    "one huge title": lambda size: rss(f"<item><title>{fill('a', size)}</title></item>"),
    "one huge attribute": lambda size: rss(f"<item a='{fill('b', size)}'><title>Un</title></item>"),
    "attributes": lambda size: rss(f"<item {' '.join(f'a{n}=1' for n in range(size // 8))}/>"),
    "bold in bold": lambda size: rss(f"<item><description>{fill('&lt;b&gt;', size)}</description></item>"),
    "links never closed": lambda size: rss(f"<item><description><![CDATA[{fill('<a ', size)}]]></description></item>"),
    "quotes never closed": lambda size: rss(f"<item><description><![CDATA[{fill(QUOTE, size)}]]></description></item>"),
    "scripts never closed": lambda size: rss(
        f"<item><description><![CDATA[{fill('<script>', size)}]]></description></item>"
    ),
    "frames never closed": lambda size: rss(
        f"<item><description><![CDATA[{fill('<iframe>', size)}]]></description></item>"
    ),
    "ampersands": lambda size: rss(f"<item><title>{fill('&', size)}</title></item>"),
    "names of entities": lambda size: rss(f"<item><title>{fill('&eacute', size)}</title></item>"),
    "numbers of entities": lambda size: rss(f"<item><title>{fill('&#0;', size)}</title></item>"),
    "a bomb of entities": _bomb,
    "an outside entity": lambda size: rss(
        f"<item><title>&x;</title></item>{fill(' ', size)}", "<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
    ),
    "tags in tags": lambda size: rss(fill("<a>", size)),
    "a prolog without end": lambda size: b"<?xml " + b"x" * size,
    "a doctype without end": lambda size: b"<!DOCTYPE rss [" + b"<" * size,
    "spaces": lambda size: b" " * size + b"<rss/>",
    "zeros": lambda size: b"\0" * size,
    "bytes of no charset": lambda size: rss(ITEM).replace(b"Un", b"\xff\xfe\x80" * (size // 3)),
    "dates": lambda size: rss(f"<item><pubDate>{fill('1', size)}</pubDate><title>Un</title></item>"),
    "guids": lambda size: rss(f"<item><guid>{fill('g', size)}</guid><title>Un</title></item>"),
    "namespaces": lambda size: rss("".join(f"<x{n}:a xmlns:x{n}='u{n}'/>" for n in range(size // 24))),
    "json in json": lambda size: b'{"a":' * (size // 5),
    "json items": lambda size: b'{"items":[' + b"{}," * (size // 3) + b"{}]}",
    "lists in lists": lambda size: b"[" * size,
}
