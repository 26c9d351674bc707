"""What a stranger's words could pass for: our own marks, another alphabet's letters, invisible orders. Pure."""

import re
import unicodedata

# Controls but tab and line feed; signs that turn the direction of a line; letters that show nothing; tags, byte order
# marks, variants of a letter, halves of a pair
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff9-\ufffc\ufffe\uffff\ud800-\udfff\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e01ef]"
)
_SEPARATORS = {0x2028: " ", 0x2029: " "}  # some displays begin a line of their own there
# Arrows, technical signs, dingbats, emoji and what shapes them: our marks (⚡ 🏛 🔒 …) are among them, letters are not
_PICTURES = re.compile(
    "[\u203c\u2049\u2139\u2190-\u21ff\u2300-\u27bf\u27f0-\u27ff\u2900-\u297f\u2800-\u28ff\u2b00-\u2bff\u3030\u303d\u3297\u3299\ufe0e\ufe0f\u20e3"
    "\U0001f000-\U0001fbff]+ *"
)
# Letters drawn as signs: bold, script, circled, raised, Roman numbers, full width. A title in them shouts, and hides.
_DRAWN = re.compile(
    "[\u02b0-\u02b8\u1d2c-\u1d6a\u1d78\u1d9b-\u1dbf\u2071\u207f\u2090-\u209c\u2100-\u2115\u2119-\u211d\u2124\u2128-\u2138\u2160-\u217f"
    "\u24b6-\u24e9\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\U0001d400-\U0001d7ff\U0001f130-\U0001f149]"
)
_BOXED = {first + place: ord("A") + place for first in (0x1F150, 0x1F170) for place in range(26)}  # no decomposition
_SMALL_CAPITALS = frozenset("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ")
_WORD = re.compile(r"[^\W\d_]+")
_LATIN_LIKE = frozenset(
    "АВЕЅІЈКМНОРСТУХԌԚԜӀаеѕіјорсухһԁԛԝӏ"  # Cyrillic
    "ɑɡɩʋꞮ"  # of phonetics
    "ꓐꓑꓒꓓꓔꓖꓗꓙꓚꓜꓝꓟꓠꓡꓢꓣꓦꓧꓪꓫꓬꓮꓰꓲꓳꓴ"  # Lisu
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧονϲϹ"  # Greek; its small letters serve as signs (μg, IFNα)
    "ՕՏԼաօսցհոք"  # Armenian
    "ᎪᏴᏟᎠᎬᎻᎫᏦᏞᎷᏢᏚᎢᏙᎳᏃ"  # Cherokee
    "ⲀⲂⲈⲎⲒⲔⲘⲚⲞⲢⲤⲦⲬⲨⲟⲣⲥႽႬ"  # Coptic, Georgian
)
# Scripts that no word shares with ours; much in them is drawn as our capitals are
_APART = (
    "CHEROKEE", "LISU", "OLD ITALIC", "GOTHIC", "DESERET", "CANADIAN SYLLABICS", "TIFINAGH", "CARIAN", "LYCIAN",
    "LYDIAN", "OSAGE", "CYRILLIC", "ARMENIAN", "VAI", "RUNIC", "OGHAM", "BAMUM", "MIAO", "COPTIC", "ELBASAN",
    "WARANG CITI", "PHOENICIAN",
)  # fmt: skip
_NOTHING = " \t\n\u00ad\u200c\u200d"  # of joiners and hyphens alone, nothing is seen
_WHOLE = 3  # letters that a word must have to pass for one of ours by itself


def harmless(text: str) -> str:
    """`text` without what a reader can't see and a terminal, a spreadsheet or a bidirectional display would obey."""
    return _UNSEEN.sub("", text.translate(_SEPARATORS))


def unmarked(title: str) -> str:
    """`title` without pictures: those of a message are ours, and say what it is. Letters drawn as signs are letters."""
    if title.isascii():
        return title
    title = _DRAWN.sub(lambda letter: unicodedata.normalize("NFKC", letter[0]), title.translate(_BOXED))
    return (_PICTURES.sub("", title) if _PICTURES.search(title) else title).strip(_NOTHING)


def imitating(title: str) -> str | None:
    """The first word that borrows letters of another alphabet to look like one of ours; None where none does."""
    if title.isascii():
        return None
    latin = any(_is_latin(letter) for letter in title)
    return next((word for word in _WORD.findall(title) if _imitates(word, latin=latin)), None)


def _imitates(word: str, *, latin: bool) -> bool:
    if len(word) >= _WHOLE and (
        not _SMALL_CAPITALS.isdisjoint(word) or ("ı" in word and word.replace("ı", "").isupper())
    ):
        return True
    borrowed = sum(letter in _LATIN_LIKE for letter in word)
    mixed = any(_is_latin(letter) for letter in word)
    if not borrowed:
        return mixed and any(unicodedata.name(letter, "").startswith(_APART) for letter in word)
    return mixed or (latin and borrowed == len(word) >= _WHOLE)


def _is_latin(letter: str) -> bool:
    return (letter.isascii() and letter.isalpha()) or unicodedata.name(letter, "").startswith("LATIN ")
