"""Feeds as sites write them: RSS 2.0, RSS 1.0 and Atom, well-formed or not. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import assert_never

from bot.demo.press import Outlet, Story


@dataclass(frozen=True, slots=True)
class ListedStory:
    """A story as a feed lists it: `link` may carry tracking, `page` is its bare address."""

    story: Story
    link: str
    page: str


def feed(outlet: Outlet, items: Sequence[ListedStory], home: str) -> bytes:
    """The outlet's feed in its own format and charset; what the charset lacks becomes character references."""
    match outlet.kind:
        case "rss":
            document = _rss(outlet, items, home)
        case "rdf":
            document = _rdf(outlet, items, home)
        case "atom":
            document = _atom(outlet, items, home)
        case _:
            assert_never(outlet.kind)
    if outlet.broken:
        document = _spoil(document)
    return document.encode(outlet.charset, "xmlcharrefreplace")


def media_type(outlet: Outlet) -> str:
    """The Content-Type of the feed. A Latin-1 feed says so in its XML declaration only, as old sites do."""
    kinds = {"rss": "application/rss+xml", "rdf": "application/rdf+xml", "atom": "application/atom+xml"}
    return kinds[outlet.kind] + ("; charset=utf-8" if outlet.charset == "utf-8" else "")


def _prolog(outlet: Outlet) -> str:
    return f'<?xml version="1.0" encoding="{outlet.charset.upper()}"?>\n'


def _text(value: str) -> str:
    """Character data: quotes may stay, so that Latin-1 bytes read as they were typed."""
    return escape(value, quote=False)


def _html(story: Story) -> str:
    return "\n".join(f"<p>{_text(text)}</p>" for text in story.paragraphs)


def _rss(outlet: Outlet, items: Sequence[ListedStory], home: str) -> str:
    return (
        _prolog(outlet) + '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">\n<channel>\n'
        f"<title>{_text(outlet.name)}</title>\n<link>{escape(home)}</link>\n"
        f"<description>{_text(outlet.tagline)}</description>\n<language>{outlet.language}</language>\n"
        + "".join(_rss_item(outlet, item) for item in items)
        + "</channel>\n</rss>\n"
    )


def _rss_item(outlet: Outlet, item: ListedStory) -> str:
    story = item.story
    guid = f"{outlet.id}-{story.slug}" if outlet.opaque_guid else escape(item.page)
    permalink = "false" if outlet.opaque_guid else "true"
    lines = [
        f"<title>{_text(story.title)}</title>",
        f"<link>{escape(item.link)}</link>",
        f'<guid isPermaLink="{permalink}">{guid}</guid>',
        f"<description>{_text(story.summary)}</description>",
    ]
    if story.author:
        lines.append(f"<dc:creator>{_text(story.author)}</dc:creator>")
    if outlet.dated:
        lines.append(f"<pubDate>{format_datetime(story.published, usegmt=True)}</pubDate>")
    if outlet.full:
        lines.append(f"<content:encoded><![CDATA[{_html(story)}]]></content:encoded>")
    return "<item>\n" + "\n".join(lines) + "\n</item>\n"


def _rdf(outlet: Outlet, items: Sequence[ListedStory], home: str) -> str:
    listing = "".join(f'<rdf:li rdf:resource="{escape(item.page)}"/>\n' for item in items)
    return (
        _prolog(outlet)
        + '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">\n'
        f'<channel rdf:about="{escape(home)}">\n<title>{_text(outlet.name)}</title>\n<link>{escape(home)}</link>\n'
        f"<description>{_text(outlet.tagline)}</description>\n<dc:language>{outlet.language}</dc:language>\n"
        f"<items><rdf:Seq>\n{listing}</rdf:Seq></items>\n</channel>\n"
        + "".join(_rdf_item(outlet, item) for item in items)
        + "</rdf:RDF>\n"
    )


def _rdf_item(outlet: Outlet, item: ListedStory) -> str:
    story = item.story
    lines = [
        f"<title>{_text(story.title)}</title>",
        f"<link>{escape(item.link)}</link>",
        f"<description>{_text(story.summary)}</description>",
    ]
    if story.author:
        lines.append(f"<dc:creator>{_text(story.author)}</dc:creator>")
    if outlet.dated:
        lines.append(f"<dc:date>{_iso(story.published)}</dc:date>")
    if outlet.full:
        lines.append(f"<content:encoded><![CDATA[{_html(story)}]]></content:encoded>")
    return f'<item rdf:about="{escape(item.page)}">\n' + "\n".join(lines) + "\n</item>\n"


def _atom(outlet: Outlet, items: Sequence[ListedStory], home: str) -> str:
    newest = max((item.story.published for item in items), default=None)
    updated = f"<updated>{_iso(newest)}</updated>\n" if newest else ""
    return (
        _prolog(outlet) + f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{outlet.language}">\n'
        f"<title>{_text(outlet.name)}</title>\n<subtitle>{_text(outlet.tagline)}</subtitle>\n"
        f'<id>{escape(home)}</id>\n<link rel="alternate" href="{escape(home)}"/>\n{updated}'
        + "".join(_atom_entry(outlet, item) for item in items)
        + "</feed>\n"
    )


def _atom_entry(outlet: Outlet, item: ListedStory) -> str:
    story = item.story
    name = f"tag:{outlet.id}.example,2024:{story.slug}" if outlet.opaque_guid else item.page
    lines = [
        f"<title>{_text(story.title)}</title>",
        f'<link rel="alternate" type="text/html" href="{escape(item.link)}"/>',
        f"<id>{escape(name)}</id>",
    ]
    if outlet.dated:
        lines.append(f"<published>{_iso(story.published)}</published><updated>{_iso(story.published)}</updated>")
    if story.author:
        lines.append(f"<author><name>{_text(story.author)}</name></author>")
    lines.append(f'<summary type="html">{_text(f"<p>{_text(story.summary)}</p>")}</summary>')
    if outlet.full:
        lines.append(f'<content type="html">{_text(_html(story))}</content>')
    return "<entry>\n" + "\n".join(lines) + "\n</entry>\n"


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _spoil(document: str) -> str:
    """The two commonest faults of hand-made feeds: a bare `&`, and an HTML tag that is never closed."""
    return document.replace("&amp;", "&").replace("</description>\n</item>", "<br></description>\n</item>")
