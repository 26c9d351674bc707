"""Numbers as French readers write them."""


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
