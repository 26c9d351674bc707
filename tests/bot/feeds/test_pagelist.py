"""A page whose links are the news."""

import pickle

import pytest

from bot.feeds import pagelist
from bot.feeds.pagelist import WantedLinks
from bot.model import Document, Failed, Why

URL = "https://site.example/actualites"
ALL = WantedLinks("/actualites/*", "")


def page(*links, head="", part="main"):
    menu = "<nav><a href='/actualites/menu'>Menu</a></nav>"
    return f"<html><head>{head}</head><body>{menu}<{part}>{''.join(links)}</{part}>"


def link(href, text):
    return f"<a href='{href}'>{text}</a>"


def read(text, wanted=ALL, url=URL, content_type="text/html"):
    answer = pagelist.parse(text if isinstance(text, bytes) else text.encode(), content_type, url, wanted)
    assert pickle.loads(pickle.dumps(answer)) == answer
    return answer


def found(text, wanted=ALL, **given):
    return [
        (entry.link.removeprefix("https://site.example"), entry.title) for entry in read(text, wanted, **given).entries
    ]


def test_each_wanted_link_is_an_entry_in_the_order_of_the_page():
    text = page(
        link("/actualites/b", "Deux"), link("/contact", "Contact"), link("a", "Rien"), link("actualites/a", "Un")
    )
    assert found(text, WantedLinks("/actualites/*", "main")) == [("/actualites/b", "Deux"), ("/actualites/a", "Un")]


def test_a_selector_says_where_the_links_are():
    text = page(link("/actualites/a", "Un"))
    assert [title for _, title in found(text)] == ["Menu", "Un"]
    assert [title for _, title in found(text, WantedLinks("", "main"))] == ["Un"]


def test_the_title_is_the_longest_text_that_leads_there():
    card = link("/actualites/a", "<img alt='Une photo'>") + link("/actualites/a", "Le <b>titre</b>\n entier")
    assert found(page(card, link("/actualites/a", "Lire")), WantedLinks("", "main")) == [
        ("/actualites/a", "Le titre entier")
    ]
    assert found(page(link("/actualites/b", "<img alt='Une photo'>")), WantedLinks("", "main")) == [
        ("/actualites/b", "Une photo")
    ]


def test_an_address_is_one_entry_whatever_its_tracking_and_its_fragment():
    text = page(link("/actualites/a#haut", "Un"), link("/actualites/a", "Un"))
    assert len(found(text, WantedLinks("", "main"))) == 1
    keys = {
        read(page(link(f"/actualites/a{more}", "Un")), WantedLinks("", "main")).entries[0].key
        for more in ("", "?utm_source=x")
    }
    assert len(keys) == 1


def test_a_base_address_is_kept():
    text = page(link("a", "Un"), head="<base href='https://site.example/actualites/2026/'>")
    assert found(text, WantedLinks("", "main")) == [("/actualites/2026/a", "Un")]


def test_the_page_itself_its_front_page_and_other_things_are_no_articles():
    odd = [link(URL, "Ici"), link("/", "Accueil"), link("mailto:a@b.example", "Écrire"), link("javascript:x()", "Menu"),
           link("", "Rien"), "<a>Ancre</a>", link("/actualites/vide", "")]  # fmt: skip
    assert found(page(*odd, link("/x", "Un")), WantedLinks("", "main")) == [("/x", "Un")]


@pytest.mark.parametrize(
    "text", [page(link("/contact", "Contact")).replace("/actualites/menu", "/"), "", "<p>", "\0\0"]
)
def test_a_page_without_any_wanted_link_is_unreadable(text):
    answer = read(text)
    assert isinstance(answer, Failed)
    assert answer.why == Why.UNPARSABLE


def test_a_french_page_of_the_old_days_is_read():
    text = page(link("/actualites/a", "Données de santé hébergées")).encode("latin-1")
    assert found(text, WantedLinks("", "main"))[0][1] == "Données de santé hébergées"


def test_only_so_many_links_are_followed():
    answer = read(page(*(link(f"/actualites/{n}", f"Titre {n}") for n in range(900))))
    assert isinstance(answer, Document)
    assert len(answer.entries) == pagelist.MOST_LINKS
