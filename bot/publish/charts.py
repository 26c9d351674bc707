"""Volumes a week as a drawing with a scale, as a table, and shares as bars: nothing but HTML and SVG. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date
from html import escape

from bot.digest import render
from bot.french import counted
from bot.messages import markup, texts
from bot.publish.feed import feed_name
from bot.publish.review import Portion, Section

WIDTH, HEIGHT = 330, 118  # in pixels on a phone, so that 12 is read as 12
LEFT, TOP, BASE = 30, 8, 94  # where the bars begin, the highest line, the line of zero
STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10000, 50000, 100000)
LINES = 3  # above zero, at most


def scale(top: int) -> tuple[int, ...]:
    """The values of the lines, from 0 to the first that is not below `top`."""
    step = next((each for each in STEPS if each * LINES >= top), -(-top // LINES))
    return tuple(range(0, step * max(1, -(-top // step)) + 1, step))


def volumes(section: Section) -> str:
    """A bar a week, the present one paler; told in words to who can't see it."""
    weeks = section.weeks
    lines = scale(max((number for _, number in weeks), default=0))
    high, pitch = lines[-1], (WIDTH - LEFT) / max(len(weeks), 1)
    drawn = [*_grid(lines), *_months(weeks, pitch)]
    for place, (monday, number) in enumerate(weeks):
        height = number * (BASE - TOP) / high
        last = ' class="now"' if place == len(weeks) - 1 else ""
        drawn.append(
            f'<rect{last} x="{LEFT + place * pitch + pitch * 0.12:.1f}" y="{BASE - height:.1f}" '
            f'width="{pitch * 0.76:.1f}" height="{height:.1f}"><title>{_week(monday, number)}</title></rect>'
        )
    told = escape(f"{section.name}\u00a0: {_told(weeks)}")
    return f'<svg role="img" aria-label="{told}" viewBox="0 0 {WIDTH} {HEIGHT}">{"".join(drawn)}</svg>'


def _told(weeks: Sequence[tuple[date, int]]) -> str:
    most = max((number for _, number in weeks), default=0)
    now = counted(weeks[-1][1] if weeks else 0, "article", "articles")
    return f"{now} cette semaine, {most} au plus, sur {counted(len(weeks), 'semaine', 'semaines')}"


def _week(monday: date, number: int) -> str:
    return f"semaine du {texts.day_of_month('fr', monday)}\u00a0: {counted(number, 'article', 'articles')}"


def _grid(lines: Sequence[int]) -> Iterator[str]:
    for value in lines:
        y = BASE - value * (BASE - TOP) / lines[-1]
        yield f'<path d="M{LEFT} {y:.1f}H{WIDTH}"/>'
        yield f'<text x="{LEFT - 5}" y="{y + 4:.1f}" text-anchor="end">{value}</text>'


def _months(weeks: Sequence[tuple[date, int]], pitch: float) -> Iterator[str]:
    """The name of each month under its first week, where there is room for it."""
    free = 0.0
    for place, (monday, _) in enumerate(weeks):
        x = LEFT + place * pitch
        if (place == 0 or monday.day <= 7) and x >= free and x <= WIDTH - 28:
            free = x + 42
            yield f'<text x="{x:.1f}" y="{BASE + 17}">{escape(texts.month("fr", monday))}</text>'


def table(sections: Sequence[Section]) -> str:
    """The same figures, a row a week, the newest first."""
    heads = "".join(f'<th scope="col">{escape(section.name)}</th>' for section in sections)
    rows = []
    for place in range(len(sections[0].weeks) - 1, -1, -1):
        cells = "".join(f"<td>{section.weeks[place][1]}</td>" for section in sections)
        rows.append(f'<tr><th scope="row">{texts.day_of_month("fr", sections[0].weeks[place][0])}</th>{cells}</tr>\n')
    return (
        '<details><summary>En chiffres</summary><div class="wide" tabindex="0" role="region" '
        'aria-label="Articles retenus par semaine"><table>\n<caption>Articles retenus, par semaine et par veille'
        f'</caption>\n<tr><th scope="col">Semaine du</th>{heads}</tr>\n{"".join(rows)}</table></div></details>\n'
    )


def shares(title: str, portions: Sequence[Portion]) -> str:
    """Who has most of what a list kept: a bar each, with the number and the part."""
    rows = "".join(
        f'<li><span>{_named(each)}</span><span class="bar" style="--part:{_part(each)}%"></span>'
        f"<span>{each.articles} · {_part(each)}\u00a0%</span></li>\n"
        for each in portions
    )
    return f'<h4>{escape(title)}</h4>\n<ul class="shares">\n{rows}</ul>\n' if portions else ""


def _named(portion: Portion) -> str:
    """An entity has a feed of its own."""
    name = escape(markup.cut(portion.name, render.SOURCE))
    return f'<a href="{escape(feed_name("entity", portion.entity))}">{name}</a>' if portion.entity else name


def _part(portion: Portion) -> int:
    return round(100 * portion.articles / max(portion.of, 1))
