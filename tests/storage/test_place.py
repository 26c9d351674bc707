"""Where the store is: what VIGIE_DATABASE may say, and what is refused before anything is opened."""

import pytest

from storage.place import Server, place


@pytest.mark.parametrize("port", ["port", "99999", "0", "-1", "5432x", "٥٤٣٢"])
@pytest.mark.parametrize("host", ["base.example", "[::1]", "un.example:5433,base.example"])
def test_a_port_that_is_none_is_refused_at_once(host: str, port: str) -> None:
    with pytest.raises(ValueError, match="port"):
        place(f"postgresql://vigie:mot@{host}:{port}/vigie")


@pytest.mark.parametrize(
    "where",
    ["base.example", "base.example:5433", "[::1]:5433", "[fe80::1]", "un.example:5433,deux.example", "", ":5433"],
)
def test_a_port_may_lack_or_stand_at_each_host(where: str) -> None:
    assert isinstance(place(f"postgresql://vigie@{where}/vigie?connect_timeout=5"), Server)
