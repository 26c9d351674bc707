"""What operators read of the titles that sitemaps list and Vigie never saw. Pure."""

from functools import partial

from bot.messages import markup, texts
from bot.model import Message
from bot.operators import unkept
from bot.trials.recall import Recall
from bot.trials.unseen import REASONS, SitemapSample

TITLES, TITLE, SOURCE = 20, 120, 40  # shown; code points


def proofs(measured: Recall | None, sample: SitemapSample | None, language: str) -> tuple[str, ...]:
    """What is proved of recall: its bound by titles not kept, and what sitemaps list that was never seen; nothing of a
    day when none could be read."""
    return (unkept.bound(measured, language), *((line(sample, language),) if sample and sample.sources else ()))


def message(sample: SitemapSample, language: str) -> Message:
    """The titles never seen, twenty of them, each with its reason."""
    lines = [f"🗺 {markup.bold(texts.text(language, 'sitemaps.title'))}", line(sample, language)]
    for each in sample.titles[:TITLES]:
        why = texts.text(language, f"sitemaps.{each.why}")
        source = markup.escape(markup.cut(each.source, SOURCE))
        lines.append(f"• {markup.link(markup.cut(each.title, TITLE), each.url)} — {source} · {markup.italic(why)}")
    if (rest := sample.unseen - len(sample.titles[:TITLES])) > 0:
        lines.append(texts.text(language, "quality.more", n=rest))
    return Message("\n".join(lines), silent=True)


def line(sample: SitemapSample, language: str) -> str:
    """« Plans de site, mardi 24 novembre : 5 titres jamais vus, sur 50 de 3 sources (flux 4, rubrique 1). »"""
    say = partial(texts.text, language)
    day = texts.day(language, sample.day)
    of = say("sitemaps.of", listed=sample.listed, n=sample.sources)
    if not sample.unseen:
        return say("sitemaps.all_seen", day=day, of=of)
    counts = [f"{say(f'sitemaps.short_{why}')} {n}" for why, n in zip(REASONS, sample.counts, strict=True) if n]
    return say("sitemaps.unseen", day=day, of=of, n=sample.unseen, why=", ".join(counts))
