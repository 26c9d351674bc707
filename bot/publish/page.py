"""The press review as one page that needs nothing else. Pure."""

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from importlib import resources

from bot.digest import render
from bot.french import count, counted
from bot.messages import markup, texts
from bot.publish import charts
from bot.publish.feed import asides, feed_name
from bot.publish.review import PARIS, Printed, Review, Section, excerpt, head, lists_of
from storage.articles.model import PressItem, PressStory

ZONE = str(PARIS)
SOURCES, ENTITIES = "Sources, sur 90\u00a0jours", "Acteurs nommés, sur 90\u00a0jours"
STYLE, SCRIPT = (resources.files(__package__).joinpath(name).read_text("utf-8") for name in ("page.css", "page.js"))


def page(review: Review) -> str:
    """The whole page: what is new comes first."""
    title = escape(review.title)
    return "".join(
        (
            f'<!doctype html>\n<html lang="fr">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n',
            '<meta name="viewport" content="width=device-width,initial-scale=1">\n',
            f'<meta http-equiv="Content-Security-Policy" content="{_policy()}">\n',
            *_feeds(review),
            f"<style>{STYLE}</style>\n</head>\n<body>\n",
            f"<header>\n<h1>{title}</h1>\n{_summary(review)}</header>\n",
            '<search hidden><input type="search" aria-label="Chercher dans la page" ',
            'placeholder="Chercher dans la page…"> <output class="soft"></output></search>\n<main>\n',
            _fresh(review),
            _contents(review.sections),
            *(_section(section) for section in review.sections if section.stories),
            _figures(review.sections),
            f"</main>\n<script>{SCRIPT}</script>\n</body>\n</html>\n",
        )
    )


def _feeds(review: Review) -> Iterator[str]:
    """Where programs find each feed: of all, then of every list."""
    yield '<link rel="alternate" type="application/atom+xml" href="atom.xml">\n'
    for section in review.sections:
        where = f'title="{escape(section.name)}" href="{escape(feed_name("list", section.id))}"'
        yield f'<link rel="alternate" type="application/atom+xml" {where}>\n'


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


def _fresh(review: Review) -> str:
    """The newest stories, a line or two each, with where they stand below."""
    start = '<section class="aside" id="nouveau">\n<h2>Nouveau</h2>\n'
    lines = "".join(
        f'<li>{_link(head(story))} <span class="soft">{_origin(head(story))} · {_under(story, review)}</span></li>\n'
        for story in review.fresh()
    )
    shown = f"<ul>\n{lines}</ul>" if lines else "<p>Rien depuis sept jours.</p>"
    return f"{start}{shown}\n</section>\n"


def _under(story: PressStory, review: Review) -> str:
    """The lists that kept it, each a way to its section."""
    return ", ".join(
        f'<a href="#{escape(name)}">{escape(markup.cut(review.names.get(name, name), render.NAME))}</a>'
        for name in lists_of(story)
    )


def _contents(sections: Iterable[Section]) -> str:
    """The lists, folded: on a phone they would push down what is new."""
    lines = "".join(
        f'<li><a href="#{escape(section.id)}">{escape(section.name)}</a> '
        f'<span class="soft">{count(len(section.stories))}</span></li>\n'
        if section.stories
        else f'<li><span>{escape(section.name)}</span> <span class="soft">rien à signaler</span></li>\n'
        for section in sections
    )
    end = '<li><a href="#volumes">Volumes, sources et acteurs</a></li>\n'
    start = '<nav aria-label="Veilles">\n<details><summary>Les veilles</summary>\n<ul>\n'
    return f"{start}{lines}{end}</ul></details>\n</nav>\n"


def _section(section: Section) -> str:
    question = f'<p class="soft">{escape(section.question)}</p>\n' if section.question else ""
    stories = "".join(map(_story, section.stories))
    name, where = escape(section.name), escape(feed_name("list", section.id))
    feed = f'<a class="soft" href="{where}">Atom<span class="unseen"> de {name}</span></a>'
    start = f'<section class="list" id="{escape(section.id)}">\n<h2>{name} {feed}</h2>\n'
    return f"{start}{question}<ol>\n{stories}</ol>\n</section>\n"


def _story(printed: Printed) -> str:
    """The article printed, and why it is there; what else is told of its story stands in one section only."""
    story, item = printed.story, printed.item
    kind = " ".join(("story", *(["again"] if not printed.whole else []), *(["beside"] if printed.beside else [])))
    why = escape(render.why(printed.match, "fr"))
    passage = excerpt(item, printed.match) if printed.whole else ""
    return "".join(
        (
            f'<li class="{kind}"><h3>{_link(item)}</h3>\n<p class="soft">{_origin(item)}</p>\n',
            f"<blockquote>{passage}</blockquote>\n" if passage else "",
            f'<p class="soft">{why}</p>\n',
            *(f'<p class="soft">{escape(line)}</p>\n' for line in asides(story)),
            _timeline(story) if printed.whole else "",
            "</li>\n",
        )
    )


def _figures(sections: Sequence[Section]) -> str:
    """Volumes by list and week, and who has most of each list."""
    drawn = [section for section in sections if any(number for _, number in section.weeks)]
    if not drawn:
        return ""
    blocks = "".join(
        f"<div><h3>{escape(section.name)}</h3>\n{charts.volumes(section)}\n"
        f"{charts.shares(SOURCES, section.sources)}{charts.shares(ENTITIES, section.entities)}</div>\n"
        for section in drawn
    )
    return (
        '<section class="aside" id="volumes">\n<h2>Volumes, sources et acteurs</h2>\n<p class="soft">Articles retenus '
        f'par semaine, la semaine en cours en plus pâle.</p>\n<div class="grid">\n{blocks}</div>\n'
        f"{charts.table(drawn)}</section>\n"
    )


def _timeline(story: PressStory) -> str:
    if len(story.items) == 1:
        return ""
    lines = "".join(f'<li>{_link(item)} <span class="soft">{_origin(item)}</span></li>\n' for item in story.items)
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
