"""Numbers and lengths of time as French readers write them."""

from datetime import timedelta


def count(number: int) -> str:
    """« 12 340 », with narrow no-break spaces."""
    return f"{number:,}".replace(",", "\u202f")


def size(number: int) -> str:
    """« 12,4 Mo »."""
    value = float(number)
    for unit in ("o", "ko", "Mo"):
        if value < 1000:
            return f"{value:.1f} {unit}".replace(".", ",").replace(",0 ", " ")
        value /= 1000
    return f"{value:.1f} Go".replace(".", ",")


def counted(number: int, one: str, many: str) -> str:
    """« 1 source », « 2 sources »; nought is singular."""
    return f"{count(number)} {one if number < 2 else many}"


def span(length: timedelta) -> str:
    """« 3 h », « 2 j »: the largest unit, rounded down."""
    seconds = max(0, int(length.total_seconds()))
    for size, name in ((86_400, "j"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {name}"
    return f"{seconds} s"
