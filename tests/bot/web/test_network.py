"""The way out: one setting of the proxy and of the certificates, for whatever Vigie asks."""

import ssl

import pytest

from bot.model import Failed, Fetched, Why
from bot.web.certificates import trust
from bot.web.fetch import Fetcher, Limits
from bot.web.guard import Guard
from bot.web.network import DIRECT, Network, Proxy, Unusable, network
from tests.bot.web.proxy import AUTHORITY, proxy, site

HERE = Proxy("http", "proxy.chu.example", 3128)
LIMITS = Limits(5, 5, 10)


def nowhere(host: str, port: int) -> list[str]:
    raise OSError(host)  # as in a network whose DNS knows its own names only


def door(way: Network, **given) -> Fetcher:
    guard = Guard(patience=LIMITS.connect, **{"resolver": nowhere, **given})
    return Fetcher("Vigie/0", guard, network=way, limits=LIMITS)


# --- as it is written ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("env", "plain", "secure"),
    [
        ({}, None, None),
        ({"VIGIE_PROXY": "http://proxy.chu.example:3128"}, HERE, HERE),
        ({"VIGIE_PROXY": "proxy.chu.example:3128"}, HERE, HERE),
        ({"VIGIE_PROXY": "aucun", "HTTPS_PROXY": "http://proxy.chu.example:3128"}, None, None),
        ({"HTTPS_PROXY": "http://proxy.chu.example:3128"}, None, HERE),
        ({"HTTPS_PROXY": "DIRECT", "ALL_PROXY": "proxy.chu.example:3128"}, HERE, None),
        ({"http_proxy": "http://proxy.chu.example:3128/"}, HERE, None),
        ({"ALL_PROXY": "http://proxy.chu.example:3128"}, HERE, HERE),
        ({"ALL_PROXY": "http://other.example", "https_proxy": "proxy.chu.example:3128"},
         Proxy("http", "other.example", 80), HERE),
        ({"VIGIE_PROXY": "https://u%40chu:p%3Aw@proxy.example"},
         *[Proxy("https", "proxy.example", 443, ("u@chu", "p:w"))] * 2),
    ],
)  # fmt: skip
def test_the_proxy_is_ours_else_that_of_every_tool(env, plain, secure):
    found = network(env)
    assert (found.plain, found.secure) == (plain, secure)


@pytest.mark.parametrize(
    ("env", "why"),
    [
        ({"VIGIE_PROXY": "socks5://proxy:1080"}, "SOCKS"),
        ({"ALL_PROXY": "socks5h://proxy:1080"}, "VIGIE_PROXY=aucun"),
        ({"VIGIE_PROXY": "ftp://proxy"}, "http://proxy.exemple:3128"),
        ({"VIGIE_PROXY": "http://proxy:port"}, "http://proxy.exemple:3128"),
        ({"VIGIE_PROXY": "http://u:secret@[proxy"}, "http://proxy.exemple:3128"),
        ({"VIGIE_PROXY": "http://le proxy:3128"}, "http://proxy.exemple:3128"),
        ({"VIGIE_PROXY": "http://proxy:0"}, "http://proxy.exemple:3128"),
        ({"HTTPS_PROXY": "auto"}, "http://proxy.exemple:3128"),
        ({"HTTPS_PROXY": "PROXY proxy:3128; DIRECT"}, "http://proxy.exemple:3128"),
        ({"VIGIE_CA": "/etc/ssl\0x"}, "illisible"),
        ({"VIGIE_CA": "/nowhere/ca.pem"}, "introuvable"),
        ({"SSL_CERT_FILE": __file__}, "aucun certificat"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(env, why):
    with pytest.raises(Unusable, match=why) as refused:
        network(env)
    assert "secret" not in str(refused.value)
    assert refused.value.name in env


def test_a_password_is_never_shown():
    found = network({"VIGIE_PROXY": "http://nom:secret@proxy.example:3128"})
    assert "secret" not in f"{found!r} {found}"
    assert found.passwords == ("secret", "secret")


@pytest.mark.parametrize(
    ("rules", "url", "direct"),
    [
        ("", "https://site.example/", False),
        ("*", "https://site.example/", True),
        ("example", "https://site.example/", True),
        (".site.example", "https://site.example/", True),
        ("*.site.example", "https://www.site.example/", True),
        ("ite.example", "https://site.example/", False),
        ("autre.example, SITE.example", "https://Site.Example./", True),
        ("site.example:8443", "https://site.example/", False),
        ("site.example:443", "https://site.example/", True),
        ("10.0.0.0/8", "http://10.1.2.3/", True),
        ("10.0.0.0/8", "http://11.1.2.3/", False),
        ("10.1.2.3", "http://10.1.2.3:8080/", True),
        ("fd00::/8", "http://[fd00::1]/", True),
        ("[fd00::]/8", "http://[fd00::1]/", True),
        ("<local>", "http://intranet/", True),
        ("<local>", "https://site.example/", False),
        ("10.1.*", "http://10.1.2.3/", True),
        ("10.1.*:8080", "http://10.1.2.3/", False),
        ("10.*", "http://10.site.example/", False),
        ("autre.example;10.*;site.example", "https://site.example/", True),
        ("https://site.example/", "https://www.site.example/", True),
        ("", "http://127.0.0.1:8081/", True),
        ("", "http://localhost/", True),
        ("", "http://[::1]/", True),
    ],
)
def test_no_proxy_is_read_as_by_others_and_this_machine_needs_none(rules, url, direct):
    found = network({"VIGIE_PROXY": "proxy.example:3128", "NO_PROXY": rules})
    assert (found.proxy_for(url) is None) == direct


# --- on loopback ---------------------------------------------------------------------------------------------------
async def test_a_plain_address_is_asked_of_the_proxy_which_resolves_its_name():
    async with site() as port, proxy(port) as way, door(network({"HTTP_PROXY": way.address})) as opened:
        outcome = await opened.get("http://site.example/feed?a=1")
    assert isinstance(outcome, Fetched)
    assert way.asked == ["GET http://site.example/feed?a=1 HTTP/1.1"]


async def test_an_https_address_goes_through_the_proxy_and_its_certificate_is_checked_here():
    way_out = {"VIGIE_CA": str(AUTHORITY)}
    async with site(secure=True) as port, proxy(port, login="nom:mot de passe") as way:
        address = way.address.replace("//", "//nom:mot%20de%20passe@")
        async with door(network({"VIGIE_PROXY": address, **way_out})) as opened:
            good = await opened.get("https://site.example/feed")
        async with door(network({"VIGIE_PROXY": address})) as opened:
            unknown = await opened.get("https://site.example/feed")
        async with door(network({"VIGIE_PROXY": way.address, **way_out})) as opened:
            unnamed = await opened.get("https://site.example/feed")
    assert isinstance(good, Fetched)
    assert way.asked == ["CONNECT site.example:443 HTTP/1.1"] * 3
    assert isinstance(unknown, Failed)
    assert unknown.why == Why.TLS
    assert way.address in unknown.detail
    assert "VIGIE_CA" in unknown.detail
    assert isinstance(unnamed, Failed)
    assert "407" in unnamed.detail
    assert way.address in unnamed.detail


@pytest.mark.parametrize("name", ["VIGIE_CA", "SSL_CERT_FILE"])
async def test_a_private_authority_is_trusted_without_a_proxy_too(name):
    async with site(secure=True) as port:
        for way, expected in ((network({name: str(AUTHORITY)}), Fetched), (DIRECT, Failed)):
            async with door(way, allow=frozenset({("127.0.0.1", port)})) as opened:
                assert isinstance(await opened.get(f"https://127.0.0.1:{port}/"), expected)


async def test_a_folder_of_certificates_is_read_and_the_systems_own_may_be_asked_for():
    async with site(secure=True) as port:
        async with door(network({"VIGIE_CA": str(AUTHORITY.parent)}), allow=frozenset({("127.0.0.1", port)})) as opened:
            assert isinstance(await opened.get(f"https://127.0.0.1:{port}/"), Fetched)
        async with door(network({"VIGIE_CA": "système"}), allow=frozenset({("127.0.0.1", port)})) as opened:
            assert isinstance(await opened.get(f"https://127.0.0.1:{port}/"), Failed)


def _der(pem: str) -> bytes:
    return ssl.PEM_cert_to_DER_cert(pem[pem.index("-----BEGIN CERTIFICATE") :].partition("-----END CERTIFICATE-----")[0]
                                    + "-----END CERTIFICATE-----")  # fmt: skip


PEM = AUTHORITY.read_text()


KEY = b"-----BEGIN PRIVATE KEY-----\n"


@pytest.mark.parametrize(
    "files",
    [
        {"chu.cer": PEM.replace("\n", "\r\n").encode()},
        {"chu.crt": _der(PEM)},
        {"chu.pem": b"\xef\xbb\xbf" + PEM.encode(), "lisez-moi.pem": b"rien", "cle.pem": KEY},
    ],
)
def test_a_folder_gives_the_certificates_that_it_holds_however_they_were_exported(tmp_path, files):
    odd_folder(tmp_path, files)
    both = network({"SSL_CERT_DIR": f"{tmp_path}:{AUTHORITY.parent}"}).authorities
    assert both == (tmp_path, AUTHORITY.parent)
    assert len(trust(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), both[:1]).get_ca_certs()) == 1


def test_a_folder_of_files_that_are_no_certificates_is_refused(tmp_path):
    odd_folder(tmp_path, {"lisez-moi.pem": b"rien", "cle.pem": KEY})
    with pytest.raises(Unusable, match="aucun certificat"):
        network({"VIGIE_CA": str(tmp_path)})


def odd_folder(path, files):
    (path / "parti.pem").symlink_to(path / "nulle part")
    (path / "dossier.pem").mkdir()
    for name, held in files.items():
        (path / name).write_bytes(held)


async def test_no_proxy_goes_straight_to_the_site():
    async with proxy(1) as way, door(network({"HTTP_PROXY": way.address, "NO_PROXY": "site.example"})) as opened:
        outcome = await opened.get("http://site.example/")
    assert isinstance(outcome, Failed)
    assert "site.example n'existe pas" in outcome.detail
    assert way.asked == []


PRIVATE = (
    *("http://10.0.0.1/", "http://169.254.169.254/latest", "http://[fd00::1]/", "http://192.168.1.1:8080/"),
    *("http://intranet/", "http://dpi.chu.local/", "http://metadata.google.internal/", "http://nas.home.arpa/"),
    *(
        "http://10.0.in-addr.arpa/",
        "http://x.onion/",
        "http://dpi.priv/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://10.1/",
        "http://site.example:8080/",
        "http://x.localhost./",
    ),
)


@pytest.mark.parametrize("url", PRIVATE)
async def test_no_private_address_is_asked_of_a_proxy(url):
    async with site() as port, proxy(port) as way, door(network({"ALL_PROXY": way.address})) as opened:
        outcome = await opened.get(url)
    assert isinstance(outcome, Failed)
    assert outcome.why in (Why.GUARD, Why.NETWORK)
    assert way.asked == []


async def test_a_name_that_our_own_dns_knows_to_be_private_is_not_asked_of_a_proxy():
    private = lambda host, port: ["10.3.2.1"]  # noqa: E731 - one line says it
    async with proxy(1) as way, door(network({"ALL_PROXY": way.address}), resolver=private) as opened:
        outcome = await opened.get("http://dossiers.chu.example/")
    assert isinstance(outcome, Failed)
    assert "10.3.2.1" in outcome.detail
    assert way.asked == []


async def test_every_hop_of_a_redirect_is_held_to_it():
    to_the_inside = "302 Found\r\nlocation: http://10.0.0.1/"
    async with proxy(1, refuses=to_the_inside) as way, door(network({"ALL_PROXY": way.address})) as opened:
        outcome = await opened.get("http://site.example/")
    assert isinstance(outcome, Failed)
    assert outcome.why == Why.GUARD
    assert len(way.asked) == 1


@pytest.mark.parametrize(
    ("refuses", "url", "said"),
    [
        ("403 Filtered", "https://site.example/", "403 Filtered"),
        ("407 Login", "http://site.example/", "407"),
        ("502 Bad", "http://site.example/", "502"),
    ],
)
async def test_a_proxy_that_refuses_is_named(refuses, url, said):
    async with proxy(1, refuses=refuses) as way, door(network({"ALL_PROXY": way.address})) as opened:
        outcome = await opened.get(url)
    assert isinstance(outcome, Failed)
    assert said in outcome.detail
    assert way.address in outcome.detail


async def test_a_proxy_that_does_not_answer_is_named():
    async with proxy(1) as gone:
        pass
    for url in ("http://site.example/", "https://site.example/"):
        async with door(network({"ALL_PROXY": gone.address})) as opened:
            outcome = await opened.get(url)
        assert isinstance(outcome, Failed)
        assert outcome.why == Why.NETWORK
        assert gone.address in outcome.detail
