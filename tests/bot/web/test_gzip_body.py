"""Bodies are decoded within limits, whatever their sender wrote on them."""

import gzip
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.gzip_body import BadEncoding, Body, TooBig, unpacked

LIMIT = 1 << 22


def decode(data: bytes, encoding: str = "gzip", limit: int = LIMIT, step: int = 1000) -> bytes:
    body = Body(encoding, limit)
    for start in range(0, len(data), step):
        body.feed(data[start : start + step])
    return body.whole()


@given(st.binary(max_size=5000), st.integers(1, 300))
def test_what_was_compressed_comes_back(data, step):
    assert decode(gzip.compress(data), step=step) == data


@given(st.lists(st.binary(max_size=200), max_size=5), st.integers(1, 50))
def test_several_members_are_one_body(parts, step):
    assert decode(b"".join(gzip.compress(part) for part in parts), step=step) == b"".join(parts)


@given(st.binary(max_size=300))
def test_any_bytes_are_decoded_or_refused(data):
    with suppress(BadEncoding):
        decode(data)


@pytest.mark.parametrize("encoding", ["", "identity", "Identity"])
def test_a_body_that_says_nothing_is_taken_as_it_is(encoding):
    assert decode(b"abc", encoding) == b"abc"


@pytest.mark.parametrize("step", [1, 1000])
def test_a_body_that_never_was_packed_is_taken_as_it_is_whatever_its_label(step):
    assert decode(b"<rss></rss>", "gzip", step=step) == b"<rss></rss>"


@pytest.mark.parametrize("encoding", ["gzip, gzip", "gzip,br"])
def test_stacked_encodings_are_refused(encoding):
    with pytest.raises(BadEncoding):
        Body(encoding, LIMIT)


@pytest.mark.parametrize("encoding", ["br", "deflate", "zstd"])
def test_an_encoding_that_nobody_asked_for_is_refused_where_something_is_packed_in_it(encoding):
    with pytest.raises(BadEncoding, match="refusé"):
        decode(b"<\x8b\x02\x80ab\x03", encoding)
    assert decode(b"<rss></rss>", encoding) == b"<rss></rss>"


def test_a_text_of_wide_characters_may_be_labelled_by_its_charset():
    assert decode(wide := "<rss/>".encode("utf-16"), "utf-16") == wide


def test_gzip_under_a_label_that_is_none_is_left_to_be_unpacked_by_its_reader():
    assert decode(packed := gzip.compress(b"<rss/>"), "utf-8") == packed


@pytest.mark.parametrize("cut", [1, 5, 12, -9, -1])
def test_a_cut_body_is_refused(cut):
    with pytest.raises(BadEncoding):
        decode(gzip.compress(b"Un texte assez long pour que cela compte." * 20)[:cut])


def test_what_follows_the_last_member_is_left():
    assert decode(gzip.compress(b"abc") + b"\0\0\0") == b"abc"
    assert decode(gzip.compress(b"abc") + b"<!-- banner -->") == b"abc"


def test_a_bomb_stops_at_the_limit():
    bomb = zlib.compressobj(9, wbits=31)
    data = b"".join(bomb.compress(bytes(1 << 20)) for _ in range(8)) + bomb.flush()
    with pytest.raises(TooBig):
        decode(data, step=1 << 16)


def test_a_body_compressed_beyond_belief_is_a_bomb_below_the_limit():
    with pytest.raises(TooBig, match="bombe"):
        decode(gzip.compress(bytes(2 << 20)), step=1 << 16)


def test_thousands_of_members_are_refused():
    with pytest.raises(BadEncoding):
        decode(gzip.compress(b"") * 2000)


def test_the_limit_counts_plain_bodies_too():
    with pytest.raises(TooBig, match="4 Mo"):
        decode(bytes(LIMIT + 1), "")


@pytest.mark.parametrize("encoding", ["utf-8", "none", "UTF8", "identity, none", "text/xml"])
def test_a_coding_that_is_none_is_believed_where_the_body_begins_like_a_document(encoding):
    for body in (b"\xef\xbb\xbf <rss/>", b'{"version": 1}'):
        plain = Body(encoding, 1000)
        plain.feed(body)
        assert plain.whole() == body
    packed = Body(encoding, 1000)
    packed.feed(b"\x8b\x00\x01")
    with pytest.raises(BadEncoding):
        packed.whole()


def test_what_is_gzip_though_nothing_says_so_is_unpacked_within_limits():
    assert unpacked(gzip.compress(b"<rss/>"), 1000) == b"<rss/>"
    assert unpacked(gzip.compress(gzip.compress(b"<rss/>")), 1000) == b"<rss/>"
    assert unpacked(b"<rss/>", 1000) == b"<rss/>"
    with pytest.raises(TooBig):
        unpacked(gzip.compress(bytes(5000)), 1000)
    with pytest.raises(BadEncoding):
        unpacked(gzip.compress(b"<rss/>")[:-4], 1000)
