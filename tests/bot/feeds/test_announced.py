"""Which feeds a page announces, however it writes them."""

import pytest

from bot.feeds.announced import announced

PAGE = "https://www.site.example/actu/index.html"
FEED = "https://www.site.example/rss.xml"
RSS = 'type="application/rss+xml"'


def found(*lines: str) -> list[str]:
    return [feed.url for feed in announced(f"<html><head>{''.join(lines)}<p>texte</p>", PAGE)]


@pytest.mark.parametrize(
    "line",
    [
        f'<link rel="alternate" {RSS} href="/rss.xml">',
        '<link rel=alternate type="application/rss+xml; charset=utf-8" href=/rss.xml>',
        '<LINK REL="Alternate Feed" TYPE=" Application/RSS+XML " HREF="/rss.xml"/>',
        '<link rel="alternate" type="text/xml" href="/rss.xml">',
        '<link rel="alternate" type="application/xml" href="/rss.xml">',
        '<link rel="feed" href="/rss.xml">',
        f'<link rel="alternate" {RSS} title="A > B" href="/rss.xml">',
        f"<link rel='alternate' {RSS} title='« l&#39;actu » <fr>' href='/rss.xml'>",
        f'<base href="https://www.site.example/"><link rel="alternate" {RSS} href="rss.xml">',
        f'<base href="/"><link href="rss.xml" {RSS} rel="alternate">',
        f'<link rel="alternate"\n {RSS}\n href="\n/rss.xml\n">',
        '<a href="/rss.xml">Flux RSS</a>',
        '<link rel="alternate" type="application/json" href="/rss.xml">',
        f'<a rel="alternate" {RSS} href="/rss.xml">RSS</a>',
        f'<a {RSS} href="/rss.xml">Abonnement</a>',
        f'<link rel="alternate" {RSS} href="feed://www.site.example/rss.xml">',
        '<a href="feed:https://www.site.example/rss.xml">RSS</a>',
    ],
)
def test_a_feed_is_found(line: str) -> None:
    assert found(line) == [FEED]


def test_a_link_that_is_called_a_feed_is_one() -> None:
    assert found('<a href="/abonnements/12">S’abonner au flux RSS</a>') == ["https://www.site.example/abonnements/12"]


@pytest.mark.parametrize(
    "line",
    [
        f'<!-- <link rel="alternate" {RSS} href="/rss.xml"> -->',
        f'<script>var a = \'<link rel="alternate" {RSS} href="/rss.xml">\'</script>',
        f'<p title="<link rel=alternate {RSS.replace(chr(34), "")} href=/rss.xml>">x</p>',
        '<link rel="alternate" type="text/xml+oembed" href="/oembed?format=xml">',
        '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/1">',
        '<link rel="alternate" type="text/html" hreflang="en" href="/feed/en">',
        f'<link rel="stylesheet" {RSS} href="/rss.xml">',
        f'<link rel="alternate" {RSS} href="javascript:feed()">',
        f'<link rel="alternate" {RSS}>',
        '<a href="https://autre.example/rss.xml">RSS</a>',
        '<a href="/presse/carrosserie">La carrosserie</a>',
        '<a href="/un-feedback">Votre avis</a>',
        "",
    ],
)
def test_what_is_no_feed_of_the_page_is_not(line: str) -> None:
    assert found(line) == []


@pytest.mark.parametrize(
    "comments",
    [
        f'<link rel="alternate" {RSS} title="Site » Flux des commentaires" href="/x/feed/">',
        f'<link rel="alternate" {RSS} href="/comments/feed/">',
        f'<link rel="alternate" {RSS} href="/?feed=comments-rss2">',
        f'<link rel="alternate" {RSS} href="/feeds/4/comments/default">',
        f'<link rel="alternate" {RSS} title="Site » Un article Comments Feed" href="/un-article/feed/">',
    ],
)
@pytest.mark.parametrize("news", [f'<link rel="alternate" {RSS} href="/rss.xml">', '<a href="/rss.xml">RSS</a>'])
def test_comments_are_offered_only_where_there_is_nothing_else(comments: str, news: str) -> None:
    assert found(comments, news) == [FEED]
    assert len(found(comments)) == 1


def test_a_title_that_asks_how_is_no_feed_of_comments() -> None:
    line = f'<link rel="alternate" {RSS} title="Comment protéger ses données" href="/rss.xml">'
    assert found(line, f'<link rel="alternate" {RSS} href="/2.xml">') == [FEED, "https://www.site.example/2.xml"]


def test_links_are_as_many_as_can_be_tried_whatever_the_page() -> None:
    assert len(found(*(f'<link rel="alternate" {RSS} href="/{n}.xml">' for n in range(500)))) == 50
