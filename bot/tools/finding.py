"""`vigie search` and `vigie why URL`: what was read, by its words, and what became of it."""

from contextlib import closing
from datetime import datetime
from functools import partial
from typing import TextIO

from bot import days, search
from bot.conversation import explain_article
from bot.conversation.model import View
from bot.ending import FAILED, FINE, WRONG, Stop
from bot.fate import judge
from bot.messages import markup, texts
from bot.opening import opened
from bot.web import urls
from matchers.engine.engine import Engine
from storage.articles.model import Finding
from storage.articles.search import MARKS
from storage.ids import ArticleId
from storage.place import Place

PARIS = "Europe/Paris"
TITLE, SOURCE = 300, 120  # code points
NUMBER = 19  # digits: no article has a longer number


def show(database: Place, query: str, limit: int, now: datetime, out: TextIO) -> int:
    """Print what is found, best first; 1 where nothing is. Raises Stop for a query that can't be read."""
    wanted = search.parse(query, partial(days.begun, now=now, zone=PARIS))
    if isinstance(wanted, search.Confusing):
        said = f"je ne comprends pas la date « {wanted.when} »" if wanted.when else "il faut au moins un mot"
        raise Stop(WRONG, f"{said} (par exemple : vigie search hébergement -emploi depuis:30d)")
    with closing(opened(database)) as store:
        found = store.search.find(wanted, 0, limit)
    print(f"{found.count} article{'s' if found.count > 1 else ''} pour « {query} »", file=out)
    marks = ("\033[1m", "\033[0m") if out.isatty() else ("[", "]")
    for number, finding in enumerate(found.findings, start=1):
        print("\n".join(("", *_lines(number, finding, marks))), file=out)
    return FINE if found.count else FAILED


def fate(database: Place, url: str, engine: Engine, out: TextIO) -> int:
    """Print what became of the article at this address or of this number, for whoever follows: out of the store alone,
    nothing is fetched. 1 where it was not kept. Raises Stop for what is neither."""
    number = int(url) if url.isascii() and url.isdigit() and len(url) < NUMBER else None
    if number is None and not url.lower().startswith(("http://", "https://")):
        raise Stop(WRONG, "sans VEILLE, donnez le numéro d’un article ou son adresse : vigie why https://…")
    with closing(opened(database)) as store:
        if number is None:
            facts = store.traces.of_address(urls.url_keys(url), urls.host(url), None)
        else:
            facts = store.traces.of_article(ArticleId(number), None)
    if number is not None and facts.article is None:
        raise Stop(WRONG, f"pas d’article n° {number} dans {database}")
    found = judge(facts, engine, everyone=True)
    print(markup.visible(explain_article.told(View("fr", engine.watchlists), found, url).html), file=out)
    return FINE if facts.matches else FAILED


def _lines(number: int, finding: Finding, marks: tuple[str, str]) -> tuple[str, ...]:
    article = finding.article
    when = texts.moment("fr", article.published or article.first_seen, PARIS, year=True)
    lines = (
        f"{number}. {markup.bounded(article.title, TITLE)}",
        f"   {markup.bounded(article.source_name, SOURCE)} · {when} · {markup.clean(article.url)}",
    )
    if article.policy == "summary" or not finding.passage:
        return lines
    passage = finding.passage.replace(MARKS[0], marks[0]).replace(MARKS[1], marks[1])
    return (*lines, "   " + " ".join(passage.split()))
