"""What a stranger's words could pass for: our own marks, another alphabet's letters, invisible orders. Pure."""

import re
import unicodedata

# Controls but tab and line feed; signs that turn the direction of a line; tags, byte order marks, halves of a pair
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)
# Arrows, technical signs, dingbats, emoji and what shapes them: our marks (⚡ 🏛 🔒 …) are among them, letters are not
_PICTURES = re.compile("[\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\ufe0e\ufe0f\u20e3\U0001f000-\U0001faff]+ *")
_WORD = re.compile(r"[^\W\d_]+")
_LATIN_LIKE = frozenset(
    "АВЕЅІЈКМНОРСТУХԌԚԜаеѕіјорсухһԁԛԝӏꓐꓑꓒꓓ"  # Cyrillic, Lisu
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧονϲ"  # Greek; its small letters serve as signs (μg, IFNα)
    "ՕՏԼաօսցհոք"  # Armenian
    "ᎪᏴᏟᎠᎬᎻᎫᏦᏞᎷᏢᏚᎢᏙᎳᏃ"  # Cherokee
)
_WHOLE = 3  # letters that a word must have to pass for one of ours by itself


def harmless(text: str) -> str:
    """`text` without what a reader can't see and a terminal, a spreadsheet or a bidirectional display would obey."""
    return _UNSEEN.sub("", text)


def unmarked(title: str) -> str:
    """`title` without pictures: those of a message are ours, and say what it is."""
    return _PICTURES.sub("", title).strip() if _PICTURES.search(title) else title


def imitating(title: str) -> str | None:
    """The first word that borrows letters of another alphabet to look like one of ours; None where none does."""
    if title.isascii():
        return None
    latin = any(_is_latin(letter) for letter in title)
    return next((word for word in _WORD.findall(title) if _imitates(word, latin=latin)), None)


def _imitates(word: str, *, latin: bool) -> bool:
    borrowed = sum(letter in _LATIN_LIKE for letter in word)
    if not borrowed:
        return False
    mixed = any(_is_latin(letter) for letter in word)
    return mixed or (latin and borrowed == len(word) >= _WHOLE)


def _is_latin(letter: str) -> bool:
    return (letter.isascii() and letter.isalpha()) or unicodedata.name(letter, "").startswith("LATIN ")
