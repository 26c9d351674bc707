"""What the search for garbage of this process passes over."""

import gc


def aside(thing: object) -> bool:
    """Whether it is alive and yet not looked at."""
    return gc.is_tracked(thing) and not any(each is thing for each in gc.get_objects())
