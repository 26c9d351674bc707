"""What opens a paid feed: one header, for the site of that feed and no other."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from matchers.sites import host_port


@dataclass(frozen=True, slots=True)
class Login:
    """`header` with its `value`, which is never shown, for what stands at the scheme, host and port of `url`."""

    url: str
    header: str
    value: str = field(repr=False)

    def opens(self, url: str) -> bool:
        return (url.partition(":")[0].lower(), host_port(url)) == (
            self.url.partition(":")[0].lower(),
            host_port(self.url),
        )


Logins = Mapping[str, Login]
"""By the address of the feed as feeds.yaml writes it."""
