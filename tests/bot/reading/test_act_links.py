"""What a page's prose links to: official acts, by the addresses of the sites that publish them, and nothing else."""

from dataclasses import replace

from bot.reading.article import with_earlier
from bot.reading.matched import article_of
from bot.reading.page import Page, read_page
from bot.reading.read import read
from bot.reading.text import normalise
from matchers.acts.acts import acts
from matchers.engine.engine import compile_engine
from matchers.model import ActLink, Article
from matchers.watchlists.watchlist import WatchlistFile
from tests.bot.digest.builders import article as stored
from tests.bot.reading.pages import BODY, page
from tests.bot.reading.test_read import entry

CELEX = "https://eur-lex.europa.eu/legal-content/FR/TXT/?uri=CELEX%3A32025R0327"
JORF = "https://www.legifrance.gouv.fr/jorf/id/JORFTEXT000049547447"
SAID = (
    f"<p>Les hôpitaux liront <a href='{CELEX}'>le <b>règlement</b> européen</a>, puis <a href='{JORF}'>l’arrêté</a> "
    "qui le suit de près, avant de choisir leur prestataire pour les dix ans à venir, dit le ministère.</p>"
)


def _links(body: str) -> tuple[ActLink, ...]:
    return read_page(page(f"<article>{BODY}{body}{BODY}</article>")).links


def test_the_links_of_the_prose_are_read_for_acts_with_the_words_before_them():
    assert _links(SAID) == (
        ActLink("celex:32025R0327", "le règlement européen", "Les hôpitaux liront "),
        ActLink("jorf:JORFTEXT000049547447", "l’arrêté", "Les hôpitaux liront le règlement européen, puis "),
    )


def test_menus_other_sites_and_what_is_no_address_name_no_act():
    assert read_page(page(f"<nav><a href='{JORF}'>JO</a></nav><article>{BODY}</article>")).links == ()
    elsewhere = "https://ailleurs.example/CELEX:32025R0327"
    others = "".join(f"<a href='{each}'>ici</a> " for each in (elsewhere, "http://[", "#CELEX:32025R0327", "x" * 3_000))
    assert _links(f"<p>{others}{'On en parle partout. ' * 9}</p>") == ()
    assert _links(f"<p><a href='{JORF}'></a>{'On en parle partout. ' * 9}</p>") == ()


def test_a_page_of_nothing_but_links_is_read_to_its_end():
    many = "".join(f"<a href='{JORF[:-12]}{each:012}'>x</a> " for each in range(400))
    assert len(_links(f"<p>{many}</p><p>{'<i>' * 100}{SAID}</p>")) <= 40


def _article() -> Article:
    shown = read_page(page(f"<article>{BODY}{SAID}{BODY}</article>"))
    return article_of(read(entry(), "page", shown))


def test_a_linked_act_stands_where_its_words_stand_and_a_watchlist_may_ask_for_it():
    article = _article()
    found = {each.id: article.text[each.start : each.end] for each in acts(article)}
    assert found == {"celex:32025R0327": "le règlement européen", "jorf:JORFTEXT000049547447": "l’arrêté"}
    card = WatchlistFile(name="EHDS", level="flash", any=["act:celex:32025R0327"], threshold=1)
    [hit] = compile_engine({"ehds": card}, {}).match(article)[0].hits
    assert hit.text == "le règlement européen"


def test_words_that_were_cut_away_name_no_act():
    article = _article()
    assert acts(replace(article, text=article.text.replace("européen", "de Bruxelles").replace("’", " "))) == ()


def test_an_edit_whose_page_cannot_be_read_keeps_the_links_of_its_text():
    shown = read(entry(), "page", Page(text=normalise("Texte. " * 90), links=(ActLink("loi:78-17", "Texte"),)))
    assert shown.links == (ActLink("loi:78-17", "Texte"),)
    kept = stored(text=shown.text, source="page", links=shown.links)
    assert with_earlier(read(entry(), "page"), kept).links == shown.links
