"""A brief as a Word document: paragraphs with styles, links, and nothing that runs, updates or loads."""

from collections.abc import Sequence
from itertools import count
from xml.sax.saxutils import escape, quoteattr

from bot.archive import archived
from bot.briefs.text import COUNTRIES, BlockKind, Piece, TextBlock, name_of
from bot.messages.texts import Language

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_LOOKS: dict[BlockKind, tuple[str, str, str]] = {  # a name, of the paragraph, of the letters
    "title": ("Title", '<w:spacing w:after="60"/>', '<w:b/><w:sz w:val="40"/>'),
    "subtitle": ("Subtitle", '<w:spacing w:after="60"/>', '<w:sz w:val="24"/>'),
    "heading": ("heading 1", '<w:keepNext/><w:spacing w:before="320" w:after="80"/><w:outlineLvl w:val="0"/>',
                '<w:b/><w:sz w:val="28"/>'),
    "story": ("heading 2", '<w:keepNext/><w:spacing w:before="200" w:after="20"/><w:outlineLvl w:val="1"/>',
              '<w:b/><w:sz w:val="23"/>'),
    "line": ("Brief line", '<w:spacing w:before="80" w:after="20"/>', '<w:sz w:val="22"/>'),
    "small": ("Brief small", '<w:spacing w:after="20"/>', '<w:color w:val="555555"/><w:sz w:val="18"/>'),
    "quote": ("Quote", '<w:spacing w:before="40" w:after="40"/><w:ind w:left="360"/>', '<w:i/><w:sz w:val="20"/>'),
    "comment": ("Brief comment", '<w:shd w:val="clear" w:color="auto" w:fill="F2F2F2"/><w:spacing w:before="40" '
                'w:after="40"/><w:ind w:left="360"/>', '<w:sz w:val="21"/>'),
}  # fmt: skip


def docx(blocks: Sequence[TextBlock], language: Language) -> bytes:
    """The document; an address stands once among its relations, as a link that only a reader follows."""
    urls = dict.fromkeys(piece.url for block in blocks for piece in block.pieces if piece.url)
    links = dict(zip(urls, (f"link{number}" for number in count(1)), strict=False))
    body = "".join(_paragraph(block, links) for block in blocks)
    page = '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>'  # noqa: E501
    document = f'{_XML}<w:document xmlns:w="{_W}" xmlns:r="{_R}"><w:body>{body}{page}</w:body></w:document>'
    return archived((
        ("[Content_Types].xml", _TYPES),
        ("_rels/.rels", _relations((
            (f"{_R}/officeDocument", "main", "word/document.xml", False),
            (f"{_PACKAGE}/relationships/metadata/core-properties", "core", "docProps/core.xml", False),
        ))),
        ("docProps/core.xml", _properties(name_of(blocks), language)),
        ("word/document.xml", document),
        ("word/styles.xml", _styles(language)),
        ("word/_rels/document.xml.rels", _relations((
            (f"{_R}/styles", "styles", "styles.xml", False),
            *((f"{_R}/hyperlink", name, url, True) for url, name in links.items()),
        ))),
    ))  # fmt: skip


def _paragraph(block: TextBlock, links: dict[str, str]) -> str:
    fresh = "<w:pageBreakBefore/>" if block.new_page else ""
    runs = "".join(_run(piece, links) for piece in block.pieces)
    return f'<w:p><w:pPr><w:pStyle w:val="{block.kind}"/>{fresh}</w:pPr>{runs}</w:p>'


def _run(piece: Piece, links: dict[str, str]) -> str:
    look = '<w:rPr><w:color w:val="0B5394"/><w:u w:val="single"/></w:rPr>' if piece.url else ""
    run = f'<w:r>{look}<w:t xml:space="preserve">{escape(piece.text)}</w:t></w:r>'
    return f'<w:hyperlink r:id="{links[piece.url]}">{run}</w:hyperlink>' if piece.url else run


def _properties(name: str, language: Language) -> str:
    """What a list of files or a screen reader says of it before it is opened."""
    return (
        f'{_XML}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(name)}</dc:title>'
        f"<dc:language>{language}</dc:language></cp:coreProperties>"
    )


def _styles(language: Language) -> str:
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{kind}"><w:name w:val="{name}"/><w:pPr>{paragraph}</w:pPr>'
        f"<w:rPr>{letters}</w:rPr></w:style>"
        for kind, (name, paragraph, letters) in _LOOKS.items()
    )
    plain = f'<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:cs="Calibri"/><w:sz w:val="21"/><w:lang w:val="{language}-{COUNTRIES[language]}"/></w:rPr></w:rPrDefault></w:docDefaults>'  # noqa: E501
    return f'{_XML}<w:styles xmlns:w="{_W}">{plain}{styles}</w:styles>'


def _relations(held: Sequence[tuple[str, str, str, bool]]) -> str:
    """(kind, id, target, whether it is outside)."""
    lines = "".join(
        f'<Relationship Id="{name}" Type="{kind}" Target={quoteattr(target)}{_OUTSIDE if outside else ""}/>'
        for kind, name, target, outside in held
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'


_OUTSIDE = ' TargetMode="External"'
_CORE = "application/vnd.openxmlformats-package.core-properties+xml"
_TYPES = (
    f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_WORD}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_WORD}.styles+xml"/>'
    f'<Override PartName="/docProps/core.xml" ContentType="{_CORE}"/></Types>'
)
