"""What feeds really hold, and what nobody should ever send: titles and texts that have broken bots."""

import random

PIECES = (
    "<b>", "</b>", "<i", "<a href='x'>", "</a>", "&amp;", "&lt;", "&", "&#", "&#x1F600;", "&nbsp;", "&&&", "<",
    ">", "<<", '"', "'",
    "<script>alert(1)</script>", "]]>", "<!--", "<tg-spoiler>", "</", "<br/>", "\u202e", "\u2066", "\u200b",
    "\u200d", "\ufeff",
    "\x00", "\x1b[31m", "\x7f", "\x85", "\u2028", "\ud800", "\udfff", "\U0010ffff", "é", "e\u0301", "👩‍👩‍👧", "🇫🇷",
    "ﷺ", "«\u00a0", "\u00a0»", "\n", "\r\n", "\t",
    "SecNumCloud", "hébergement", "http://", "https://a.b/?x=1&y=<2>", "tg://user?id=1", "javascript:alert(1)",
    "@vigie", "/stop", "#", "*_`", "%s", "{0}",
    "=cmd()", "\\", "''", "Titre",
)  # fmt: skip

HAND_MADE = (
    "", " ", "\n\n\n", "\u200b" * 300, "\x00\x01\x02", "<", ">", "&", "&lt", "&lt;&lt;", "&amp;amp;", "&#0;",
    "&#xD800;",
    "&#1114112;", "&unknown;", "<b>", "</b>", "<b><i></b></i>", "<a>", "<a href=>", "<a href='http://x'>", "<<b>>",
    "<b>" * 2_000, "</b>" * 2_000, "<" * 5_000, "&" * 5_000, "<&" * 50_000, "x" * 10_000_000, "é" * 100_000,
    "e\u0301" * 10_000, "👩‍👩‍👧" * 2_000, "\ud800", "a\udfffb", "\ud83d", "\u202etitre", "\u2066\u2067\u2069",
    "\ufeffTitre", "Titre\ufffe", "\U0010ffff", "\x1b[2J", "\x07" * 50, "mot " * 20_000, "sans_espace" * 5_000,
    "a\tb\tc", "ligne\r\nligne", "\u2028\u2029", "\u00a0" * 200, "« »", "“”", "'\"`", "]]>", "<!-- -->",
    "<![CDATA[x]]>",
    "<?xml?>", "<script>alert('x')</script>", "<style>*{}</style>", "<br>", "<p>texte</p>", "<ul><li>x</ul>",
    "<blockquote expandable>", "<tg-emoji emoji-id='1'>", "<pre><code class='language-x'>", "javascript:alert(1)",
    "http://[::1", "https://exemple.fr/" + "a" * 3_000, "https://exemple.fr/?" + "&x=<y>" * 500, "tg://resolve?x",
    "%00%0a", "{title}", "{0.__class__}", "%(x)s", "$(reboot)", "'; DROP TABLE chat; --", "=1+1", "@everyone",
    "/stop",
)  # fmt: skip
assert len(HAND_MADE) >= 60


def text(chance: random.Random, most: int = 60) -> str:
    """A text nobody would write, of at most so many pieces."""
    return chance.choice(("", " ")).join(chance.choices(PIECES, k=chance.randint(0, most)))
