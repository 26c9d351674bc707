"""What a worker process loads before its wall is up: behind it no path can be named, so nothing can be loaded late."""

import codecs
import encodings
import importlib
import pkgutil
import warnings

_FEED = b"<rss><channel><item><title>Un essai</title><pubDate>Mon, 30 Nov 2026 06:00 (Europe/Paris)</pubDate>"
_ENDED = b"</item></channel></rss>"
_ROBOTS = "User-agent: *\nDisallow: /essai*\n"
_ADDRESS = "https://exemple.fr/essai"
_TASKS = (
    "bot.feeds.announced", "bot.feeds.boamp", "bot.feeds.consultations", "bot.feeds.dila", "bot.feeds.finished",
    "bot.feeds.rows", "bot.feeds.sitemap", "bot.feeds.tables", "bot.reading.work",
)  # fmt: skip
# Imported by a library in the middle of its work
_LATE = ("_strptime", "email.generator", "email.policy", "idna.uts46data", "linecache", "traceback", "tracemalloc")


def warm() -> None:
    """Loads every module that a task is or asks for, with what they read of their own: a task of each kind is run."""
    from bot.feeds import pagelist, parse, pdf_tables
    from bot.reading import page
    from bot.web import robots

    warnings.simplefilter("ignore")  # nobody reads them, and each looks for its line of source
    page.warm()
    pdf_tables.warm()
    parse.parse(_FEED + _ENDED, "", _ADDRESS)
    parse.parse(_FEED, "", _ADDRESS)
    pagelist.parse(b"<a href=/b>Un essai</a>", "text/html", _ADDRESS, pagelist.WantedLinks("", "p > a"))
    robots.judge(_ROBOTS, "", _ADDRESS)
    for name in (*_TASKS, *_LATE):
        importlib.import_module(name)
    _codecs()


def _codecs() -> None:
    """Each is a module, asked for by the name that a document gives."""
    for module in pkgutil.iter_modules(encodings.__path__):
        try:
            codecs.lookup(module.name)
        except LookupError:  # another system's
            continue
