"""The press review as one page that needs nothing else. Pure."""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from html import escape
from importlib import resources

from bot.digest import render
from bot.french import count, counted
from bot.messages import markup, texts
from bot.publish.review import PARIS, Review, Section, best, excerpt, head
from storage.articles.model import PressItem, PressStory

ZONE = str(PARIS)
STYLE, SCRIPT = (resources.files(__package__).joinpath(name).read_text("utf-8") for name in ("page.css", "page.js"))
BAR, GAP, HEIGHT = 4, 1, 24  # of a sparkline, in its own units


def page(review: Review) -> str:
    """The whole page."""
    title = escape(review.title)
    return "".join(
        (
            f'<!doctype html>\n<html lang="fr">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n',
            '<meta name="viewport" content="width=device-width,initial-scale=1">\n',
            f'<meta http-equiv="Content-Security-Policy" content="{_policy()}">\n',
            '<link rel="alternate" type="application/atom+xml" href="atom.xml">\n',
            f"<style>{STYLE}</style>\n</head>\n<body>\n",
            f"<header>\n<h1>{title}</h1>\n{_summary(review)}</header>\n",
            _contents(review.sections),
            '<search hidden><input type="search" aria-label="Chercher dans la page" ',
            'placeholder="Chercher dans la page…"> <output class="soft"></output></search>\n<main>\n',
            *(_section(section) for section in review.sections if section.stories),
            f"</main>\n<script>{SCRIPT}</script>\n</body>\n</html>\n",
        )
    )


def _policy() -> str:
    """Nothing is loaded from anywhere, and no other script runs than ours."""
    digest = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"


def _summary(review: Review) -> str:
    stories = counted(len(review.stories), "sujet", "sujets")
    articles = counted(sum(len(story.items) for story in review.stories), "article retenu", "articles retenus")
    first = review.since.astimezone(PARIS).date()
    year = "" if first.year == review.made.astimezone(PARIS).year else f" {first.year}"
    since = texts.day("fr", first) + year
    made = texts.moment("fr", review.made, ZONE, year=True)
    left = f" Plus ancien et non montré\u00a0: {counted(review.left, 'sujet', 'sujets')}." if review.left else ""
    return (
        f'<p>{stories}, {articles} sur {count(review.read)} lus depuis le {since}.{left}</p>\n<p class="soft">'
        f'Établie le {made} · <a href="atom.xml">Atom</a> · <a href="matches.json">JSON</a></p>\n'
    )


def _contents(sections: Iterable[Section]) -> str:
    lines = "".join(
        f'<li><a href="#{escape(section.id)}">{escape(section.name)}</a> {sparkline(section.weeks)} '
        f'<span class="soft">{count(len(section.stories))}</span></li>\n'
        if section.stories
        else f'<li><span>{escape(section.name)}</span> <span class="soft">rien à signaler</span></li>\n'
        for section in sections
    )
    return f'<nav aria-label="Veilles">\n<ul>\n{lines}</ul>\n</nav>\n'


def sparkline(weeks: Sequence[int]) -> str:
    """A bar a week, the last one at the right; told in words to who can't see it."""
    top = max(weeks, default=0) or 1
    bars = "".join(
        f'<rect x="{place * (BAR + GAP)}" y="{HEIGHT - height}" width="{BAR}" height="{height}"/>'
        for place, number in enumerate(weeks)
        if (height := max(1, round(number * HEIGHT / top)) if number else 0)
    )
    width = len(weeks) * (BAR + GAP)
    this, before = weeks[-1], weeks[-2]
    told = f"{counted(this, 'article', 'articles')} cette semaine, {count(before)} la précédente"
    return (
        f'<svg role="img" aria-label="{told}" width="{width}" height="{HEIGHT}" '
        f'viewBox="0 0 {width} {HEIGHT}"><title>{told}</title>{bars}</svg>'
    )


def _section(section: Section) -> str:
    question = f'<p class="soft">{escape(section.question)}</p>\n' if section.question else ""
    stories = "".join(map(_story, section.stories))
    head = f'<section id="{escape(section.id)}">\n<h2>{escape(section.name)}</h2>\n'
    return f"{head}{question}<ol>\n{stories}</ol>\n</section>\n"


def _story(story: PressStory) -> str:
    item = head(story)
    passage = excerpt(item)
    quote = f"<blockquote>{passage}</blockquote>\n" if passage else ""
    why = escape(render.why(best(story), "fr"))
    return (
        f'<li class="story"><h3>{_link(item)}</h3>\n<p class="soft">{_origin(item)}</p>\n{quote}'
        f'<p class="soft">{why}</p>\n{_timeline(story)}</li>\n'
    )


def _timeline(story: PressStory) -> str:
    if len(story.items) == 1:
        return ""
    lines = "".join(f"<li>{_link(item)} <span class=soft>{_origin(item)}</span></li>\n" for item in story.items)
    return f"<details><summary>{count(len(story.items))} articles</summary>\n<ol>\n{lines}</ol></details>\n"


def _link(item: PressItem) -> str:
    title = escape(markup.cut(item.article.title, render.TITLE) or texts.text("fr", "article.untitled"))
    address = markup.address(item.article.url)
    return f'<a href="{escape(address)}" rel="noopener">{title}</a>' if address else title


def _origin(item: PressItem) -> str:
    when = item.article.published or item.article.first_seen
    told = texts.moment("fr", when, ZONE)
    reserve = render.reserve(item.article, "fr")
    parts = (
        escape(markup.cut(item.article.source_name, render.SOURCE)),
        _time(when.isoformat(), told),
        escape(reserve),
    )
    return " · ".join(filter(None, parts))


def _time(machine: str, told: str) -> str:
    return f'<time datetime="{machine}">{escape(told)}</time>'
