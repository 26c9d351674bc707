"""A page as a tree, for what looks in it for links. Called in a worker process."""

from typing import Any


def tree_of(text: str) -> Any:
    """None where there is nothing to read. Comments are no part of it."""
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, huge_tree=False)
    try:
        return document_fromstring(text.replace("\0", "").encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError):
        return None


def base_of(tree: Any) -> str:
    """What the page gives as the address that its links are relative to, as it is written; "" where it gives none."""
    return next((str(each) for each in tree.xpath("//base/@href")), "")
