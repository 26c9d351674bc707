"""The parts of the judge of stories that `vigie group --without` leaves out, to measure what each is worth."""

from typing import Literal

Part = Literal["boilerplate", "hosts", "guard", "window", "background", "entities", "veto"]
PARTS: tuple[Part, ...] = ("boilerplate", "hosts", "guard", "window", "background", "entities", "veto")
