"""From bytes to text: the content decides before the labels do."""

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
_DECLARED = re.compile(rb"""<\?xml[^<>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_LABEL = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
# Python knows codecs that are no charsets (rot13, zip, unicode_escape): a label from outside chooses among these only.
_CHARSETS = re.compile(
    r"(iso-?8859-?\d{1,2}|latin-?\d|(windows|cp)-?125\d|cp(437|850)|mac-?roman|us-ascii|ascii|utf-?8|utf-?16(le|be)?"
    r"|koi8-[ru]|gb(2312|k|18030)|big5|euc-(jp|kr)|shift_jis)"
)
_BAD_BYTES = 0.05  # of the bytes that are not ASCII: beyond that the text is not UTF-8 with accidents
C1_AS_CP1252 = {
    code: bytes([code]).decode("cp1252") for code in range(0x80, 0xA0) if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
"""For str.translate: C1 characters in a text are cp1252 in disguise."""


def decoded(body: bytes, content_type: str) -> str:
    """The text of an XML document. Never fails: what cannot be read becomes U+FFFD."""
    for mark, charset in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(charset, "replace")
    wide = _wide(body)
    if wide is not None:
        return wide
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return _not_quite_utf8(body, _labels(body, content_type))


def _wide(body: bytes) -> str | None:
    """UTF-16 without a mark, which shows by its NULs; None if it is not that."""
    if body[:4000].count(0) * 10 <= len(body[:4000]):
        return None
    charset = "utf-16-be" if body[:1] == b"\0" else "utf-16-le"
    try:
        return body.decode(charset)
    except UnicodeDecodeError:
        return None


def _labels(body: bytes, content_type: str) -> list[str]:
    told = _LABEL.search(content_type)
    written = _DECLARED.search(body[:1024])
    labels = [told[1] if told else "", written[1].decode("ascii") if written else ""]
    return [label.lower().replace("_", "-") for label in labels if label]


def _not_quite_utf8(body: bytes, labels: list[str]) -> str:
    if not labels or labels[0] in ("utf-8", "utf8"):
        bad = len(_LONE.findall(body.decode("utf-8", "surrogateescape")))
        if bad <= _BAD_BYTES * len(body.translate(None, _ASCII)):
            return body.decode("utf-8", "replace")
    for label in labels:
        text = _by_label(body, label)
        if text is not None:
            return text
    return body.decode("cp1252", "replace")


def _by_label(body: bytes, label: str) -> str | None:
    if label in ("utf-8", "utf8") or not _CHARSETS.fullmatch(label):
        return None
    if re.fullmatch(r"(iso-?8859-?1|latin-?1|us-ascii|ascii)", label):
        label = "cp1252"  # as browsers do: the quotes and the œ of French texts are there
    try:
        return body.decode(label, "replace")
    except LookupError:
        return None
