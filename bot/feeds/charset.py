"""The one reader of bytes, for feeds, lists and pages: the content decides before the labels do."""

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ASCII = bytes(range(128))
_LONE = re.compile("[\udc80-\udcff]")
_HTTP = re.compile(r"""charset\s{0,9}=\s{0,9}["']?\s{0,9}([\w.:-]{1,40})""", re.IGNORECASE | re.ASCII)
_XML = re.compile(rb"""<\?xml[^<>]{0,200}?encoding\s{0,9}=\s{0,9}["']([\w.:-]{1,40})["']""", re.IGNORECASE)
_META = re.compile(rb"""<meta\s[^>]{0,200}?charset\s{0,9}=\s{0,9}["']?\s{0,9}([\w.:-]{1,40})""", re.IGNORECASE)
_HEAD = 4096  # bytes in which a document says how it is written
_BAD_BYTES = 0.05  # of the bytes that are not ASCII: beyond that the text is not UTF-8 with accidents
_NULS = 0.1  # of the first bytes: UTF-16 has half of them; a page that writes NUL for a space has fewer

# https://encoding.spec.whatwg.org/#names-and-labels, letters and digits only; the families whose labels are numbered
# follow in `_codec`. What is not here is no charset: Python would also take rot13, zip or unicode_escape.
_CODECS = {
    label: codec
    for codec, labels in {
        "utf-8": "utf8 unicode11utf8 unicode20utf8 xunicode20utf8",
        "cp1252": "ascii usascii ansix341968 latin1 l1 csisolatin1 isoir100 cp819 ibm819 iso885911987 xuserdefined",
        "cp874": "tis620 dos874",
        "cp866": "866 ibm866 csibm866",
        "koi8-r": "koi koi8 koi8r cskoi8r",
        "koi8-u": "koi8u koi8ru",
        "mac-roman": "mac macintosh macroman xmacroman csmacintosh",
        "mac-cyrillic": "xmaccyrillic xmacukrainian",
        "gb18030": "chinese csgb2312 gb2312 gb231280 gb18030 gbk isoir58 xgbk",
        "big5hkscs": "big5 big5hkscs cnbig5 csbig5 xxbig5",
        "euc-jp": "eucjp xeucjp cseucpkdfmtjapanese",
        "iso2022-jp": "iso2022jp csiso2022jp",
        "cp932": "shiftjis sjis xsjis ms932 mskanji windows31j csshiftjis",
        "cp949": "euckr cseuckr korean ksc5601 ksc56011987 ksc56011989 windows949 isoir149",
    }.items()
    for label in labels.split()
}
_LATIN = {2: 2, 3: 3, 4: 4, 5: 9, 6: 10, 9: 15, 10: 16}  # Latin-5 is ISO 8859-9
_READ_AS = {1: "cp1252", 9: "cp1254", 11: "cp874"}  # as browsers do: the quotes and the œ of French texts are there
_NUMBERED = re.compile(r"(?:iso8859(\d{1,2})(?:19\d\d|[ei])?|(?:csisolatin|latin|l)(\d{1,2})|x?(?:windows|cp)(125\d))")
C1_AS_CP1252 = {
    code: bytes([code]).decode("cp1252") for code in range(0x80, 0xA0) if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
"""For str.translate: C1 characters in a text are cp1252 in disguise."""


def decoded(body: bytes, content_type: str = "") -> str:
    """The text of a document. Never fails: what cannot be read becomes U+FFFD."""
    return decode(body, content_type)[0]


def decode(body: bytes, content_type: str = "") -> tuple[str, bool]:
    """The text of a document, and whether a few bad bytes of it had to be replaced.

    A byte order mark goes first, then what the bytes are: what reads as UTF-8 is UTF-8, whatever it claims. Only for
    the rest the labels are asked: that of HTTP, then the document's own (XML's, HTML's).
    """
    for mark, charset in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(charset, "replace"), False
    wide = _wide(body)
    if wide is not None:
        return wide, False
    if b"\x1b" in body[:_HEAD] and "iso2022-jp" in _labels(body, content_type):
        return body.decode("iso2022-jp", "replace"), False
    try:
        return body.decode("utf-8"), False
    except UnicodeDecodeError:
        return _not_quite_utf8(body, _labels(body, content_type))


def _wide(body: bytes) -> str | None:
    """UTF-16 without a mark, which shows by its NULs; None if it is not that."""
    start = body[:_HEAD]
    if start.count(0) <= _NULS * len(start):
        return None
    charset = "utf-16-le" if start[1::2].count(0) >= start[::2].count(0) else "utf-16-be"
    try:
        text = body.decode(charset)
    except UnicodeDecodeError:
        return None
    return text if re.search(r"[<{\[]", text[:1000]) else None


def _labels(body: bytes, content_type: str) -> list[str]:
    """The codecs that HTTP and the document name. One that says in 8 bits that it has 16 is believed by nobody."""
    head = body[:_HEAD]
    told = [match[1] for match in (_HTTP.search(content_type),) if match]
    told += [match[1].decode("ascii", "replace") for match in (_XML.search(head), _META.search(head)) if match]
    return [codec for codec in map(_codec, told) if codec]


def _codec(label: str) -> str | None:
    """Python's name of a charset; None for what is none, or none of 8 bits."""
    squeezed = re.sub(r"[^a-z0-9]", "", label.lower())
    if squeezed in _CODECS:
        return _CODECS[squeezed]
    found = _NUMBERED.fullmatch(squeezed)
    if found is None:
        return None
    if found[3]:
        return f"cp{found[3]}"
    number = int(found[1]) if found[1] else _LATIN.get(int(found[2]), 0)
    return _READ_AS.get(number) or (f"iso8859-{number}" if 1 < number < 17 and number != 12 else None)


def _not_quite_utf8(body: bytes, labels: list[str]) -> tuple[str, bool]:
    bad = len(_LONE.findall(body.decode("utf-8", "surrogateescape")))
    if bad <= _BAD_BYTES * len(body.translate(None, _ASCII)):
        return body.decode("utf-8", "replace"), True
    charset = next((label for label in labels if label != "utf-8"), "cp1252")
    if charset == "cp1252":  # its five empty places stand for themselves
        return body.decode("latin-1").translate(C1_AS_CP1252), False
    return body.decode(charset, "replace"), False
