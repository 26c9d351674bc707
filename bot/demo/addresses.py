"""Where the invented press lives: the address of every feed and page, below the site's root. Pure."""

from typing import assert_never

from bot.demo.press import Outlet, Story, slugify


def feed_path(outlet: Outlet) -> str:
    """The real address of the feed, as its content system would make it."""
    match outlet.layout:
        case "wordpress":
            return f"/{outlet.id}/feed/"
        case "spip":
            return f"/{outlet.id}/spip.php?page=backend"
        case "drupal":
            return f"/{outlet.id}/rss.xml"
        case "bare":
            return f"/{outlet.id}/flux.xml"
        case _:
            assert_never(outlet.layout)


def known_feed_path(outlet: Outlet) -> str:
    """The address readers were given: the real one, unless the feed has moved."""
    return f"/{outlet.id}/ancien-flux.xml" if outlet.moved else feed_path(outlet)


def home_path(outlet: Outlet) -> str:
    return f"/{outlet.id}/"


def section_path(outlet: Outlet, section: str) -> str:
    return f"/{outlet.id}/rubrique/{slugify(section)}/"


def story_path(outlet: Outlet, story: Story) -> str:
    """The address of an article's page. SPIP names it by a number: its place in the outlet's list."""
    match outlet.layout:
        case "wordpress":
            return f"/{outlet.id}/{story.published:%Y/%m/%d}/{story.slug}/"
        case "spip":
            return f"/{outlet.id}/spip.php?article{101 + _place(outlet, story)}"
        case "drupal":
            return f"/{outlet.id}/actualites/{story.slug}"
        case "bare":
            return f"/{outlet.id}/{story.slug}.html"
        case _:
            assert_never(outlet.layout)


def tracked(address: str, tracking: str) -> str:
    """The address as a feed links it: with a `#…` mark at its end, or with parameters."""
    if not tracking or tracking.startswith("#"):
        return address + tracking
    return f"{address}{'&' if '?' in address else '?'}{tracking}"


def _place(outlet: Outlet, story: Story) -> int:
    return [other.slug for other in outlet.stories].index(story.slug)
