"""Where the store is: what VIGIE_DATABASE may say, and what is refused before anything is opened."""

from pathlib import Path

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


@pytest.mark.parametrize(
    "written",
    [
        "postgresql:/vigie:secret@base.example/vigie",
        "postgresql//vigie:secret@base.example/vigie",
        "postgres:vigie:secret@base.example/vigie",
        "'postgresql:vigie'",
        "jdbc:postgresql:vigie",
        "vigie:secret@base.example/vigie",
        "vigie:sec/ret@base.example:5432/vigie",
        "host=base.example dbname=vigie user=vigie password=secret",
        "dbname=vigie",
        "user=vigie password = secret",
    ],
)
def test_an_address_with_a_slip_is_no_file(written: str) -> None:
    with pytest.raises(ValueError, match=r"^une adresse s’écrit postgresql://nom@hôte/base") as caught:
        place(written)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "written",
    ["vigie.db", "postgresql/vigie.db", "postgres.db", "~/vigie.db", "/srv/a:b@c/vigie.db", "données d’hier/v.db",
     "./moi:toi@ici.db", "C:vigie.db", "password.db", "2026@sauvegardes/vigie.db"],
)  # fmt: skip
def test_what_reads_as_a_path_is_a_file(written: str) -> None:
    assert isinstance(place(written), Path)


@pytest.mark.parametrize(("sign", "instead"), [("#", "%23"), ("?", "%3F"), ("/", "%2F")])
def test_a_sign_that_ends_the_login_too_early_is_named(sign: str, instead: str) -> None:
    with pytest.raises(ValueError, match=rf"« \{sign} » du mot de passe s’y écrit {instead}") as caught:
        place(f"postgresql://vigie:sec{sign}ret@base.example:5432/vigie")
    assert "ret" not in str(caught.value).replace("secrète", "")


@pytest.mark.parametrize(
    "written",
    [
        "postgresql://vigie @base.example/vigie",
        "postgresql:// vigie@base.example/vigie",
        "postgresql://vigie@base.example/vigie\u200b",
        "postgresql://vigie@base\u00a0.example/vigie",
        "postgresql://vigie@base.example/vigie\t",
        "postgresql://vigie@base.example/vigie/",
        "postgresql://postgresql://vigie:secret@base.example/vigie",
        "postgresql://vigie@base.example//vigie",
    ],
)
def test_what_no_address_holds_is_refused_without_its_password(written: str) -> None:
    with pytest.raises(ValueError, match=r"d’un trait|sans autre « / »|du mot de passe|port") as caught:
        place(written)
    assert "secret" not in str(caught.value)
    assert isinstance(place("postgresql://vigie@base.example/une%20base?options=-c%20work_mem%3D8MB"), Server)
    assert isinstance(place("postgresql:///vigie?user=moi@ici"), Server)
