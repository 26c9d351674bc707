"""What the supervisor of the daemon is told: ready, alive, reloading, stopping (sd_notify)."""

import logging
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

log = logging.getLogger("vigie")


@dataclass(frozen=True, slots=True)
class Supervisor:
    """`address` is the socket it listens on, None: nobody does. `watchdog`: the silence it bears, None: any."""

    address: str | None = None
    watchdog: timedelta | None = None

    def tell(self, *states: str) -> None:
        """`READY=1`, `WATCHDOG=1`, `STATUS=…`. Never raises: a supervisor that went away is not our failure."""
        if self.address is None:
            return
        # A leading @ stands for an abstract address
        address = "\0" + self.address[1:] if self.address.startswith("@") else self.address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
                channel.setblocking(
                    False
                )  # a supervisor that reads nothing for a while must not hold up the event loop
                channel.sendto("\n".join(states).encode(), address)
        except OSError as problem:
            log.debug("supervisor not told", extra={"problem": problem})


NOBODY = Supervisor()


def supervisor(env: Mapping[str, str]) -> Supervisor:
    """The one that started us, by the variables that systemd sets."""
    microseconds = env.get("WATCHDOG_USEC", "")
    patience = timedelta(microseconds=int(microseconds)) if microseconds.isdecimal() and int(microseconds) else None
    return Supervisor(env.get("NOTIFY_SOCKET") or None, patience)
