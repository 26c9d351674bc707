"""Lines laid into messages that never exceed the limits of Telegram. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.messages import markup

PART, PART_ENTITIES, PART_BYTES = 3_900, 90, 30_000  # Telegram: 4,096, 100, and 35,000 before parsing
HEADER = 400  # code points kept for the header of a part


@dataclass(frozen=True, slots=True)
class WholeLine:
    """A line that stays whole. `opening` marks a section's head, `again` is its form at the head of a next part;
    what is `folded` opens by a tap, with its neighbours."""

    html: str
    opening: bool = False
    again: str = ""
    folded: bool = False


def packed(blocks: Sequence[WholeLine]) -> list[list[str]]:
    """Blocks laid into parts, in order; a section that goes on says so at the head of the next part."""
    parts: list[list[WholeLine]] = [[]]
    section = WholeLine("")
    for index, block in enumerate(blocks):
        needed = [block]
        if block.opening:
            section = WholeLine(block.again, True)
            needed.append(blocks[index + 1])  # a section never opens at the foot of a part
        if parts[-1] and not _fits([*parts[-1], *needed]):
            parts.append([] if block.opening else [section])
        parts[-1].append(block)
    return [_lines(part) for part in parts]


def _lines(blocks: Iterable[WholeLine]) -> list[str]:
    """Blocks as lines, those that are folded together in one quotation; a blank line lets the eye find a section."""
    lines: list[str] = []
    for is_folded, run in groupby(blocks, key=lambda block: block.folded):
        told = [f"\n{block.html}" if block.opening else block.html for block in run]
        lines += [markup.fold(told)] if is_folded else told
    return lines


def _fits(blocks: Sequence[WholeLine]) -> bool:
    return fits("\n".join(_lines(blocks)), PART - HEADER)


def fits(html: str, room: int = PART) -> bool:
    """Whether it goes in one message; `room`: visible code points."""
    return (
        len(markup.visible(html)) <= room
        and markup.entities(html) <= PART_ENTITIES
        and len(html.encode()) <= PART_BYTES
    )
