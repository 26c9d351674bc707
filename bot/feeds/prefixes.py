"""Declares the prefixes of a feed that its writer did not: a strict reader gives such a document up."""

import re

_USED = re.compile(rb"</?([A-Za-z_][\w.-]{0,30}):(?=[A-Za-z_])|\s([A-Za-z_][\w.-]{0,30}):[A-Za-z_][\w.-]{0,40}\s?=")
_DECLARED = re.compile(rb"""\sxmlns:([\w.-]{1,31})\s{0,9}=\s{0,9}["']([^"'<>&]{1,200})["']""")
_ROOT = re.compile(rb"(?:<\?xml[^<>]{0,200}\?>\s*)?<(?:([\w.-]{1,31}):)?[\w.-]{1,40}([^<>]{0,20000})>")
_TAG = re.compile(rb"</?([A-Za-z_][\w.-]{0,30}):[\w.-]{1,60}(?:\s[^<>]{0,2000})?/?>")
_OWN = frozenset({b"xml", b"xmlns"})
_KNOWN = {
    b"atom": b"http://www.w3.org/2005/Atom",
    b"content": b"http://purl.org/rss/1.0/modules/content/",
    b"dc": b"http://purl.org/dc/elements/1.1/",
    b"dcterms": b"http://purl.org/dc/terms/",
    b"feedburner": b"http://rssnamespace.org/feedburner/ext/1.0",
    b"georss": b"http://www.georss.org/georss",
    b"itunes": b"http://www.itunes.com/dtds/podcast-1.0.dtd",
    b"media": b"http://search.yahoo.com/mrss/",
    b"rdf": b"http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    b"slash": b"http://purl.org/rss/1.0/modules/slash/",
    b"sy": b"http://purl.org/rss/1.0/modules/syndication/",
    b"thr": b"http://purl.org/syndication/thread/1.0",
    b"wfw": b"http://wellformedweb.org/CommentAPI/",
    b"xhtml": b"http://www.w3.org/1999/xhtml",
    b"xlink": b"http://www.w3.org/1999/xlink",
}
_NOBODY = b"urn:undeclared"


def declared(data: bytes) -> bytes:
    """The document with a declaration for each prefix that its root tag lacks. The tags of one that nobody knows go,
    and their words stay: left in a title, `<r:item>` would be taken for an item."""
    root = _ROOT.match(data)
    if root is None:
        return data
    used = {found[1] or found[2] for found in _USED.finditer(data)}
    missing = used - _OWN - dict(_DECLARED.findall(root[2])).keys()
    meant = {**_KNOWN, **dict(_DECLARED.findall(data))}
    unknown = missing - meant.keys() - {root[1]}
    written = b"".join(b" xmlns:%s='%s'" % (name, meant.get(name, _NOBODY)) for name in sorted(missing))
    return data[: root.start(2)] + written + _without_tags(data[root.start(2) :], unknown)


def _without_tags(data: bytes, prefixes: set[bytes]) -> bytes:
    return _TAG.sub(lambda tag: b"" if tag[1] in prefixes else tag[0], data) if prefixes else data
