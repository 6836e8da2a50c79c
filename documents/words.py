"""What a file can hold of people's words: nothing invisible, nothing that breaks the file, nothing lost unsaid."""

from __future__ import annotations

import re
import unicodedata

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# what the fonts inside the typst wheel can show in regular and in bold; a test holds this against the wheel
SHOWN = ((0x20, 0x4FF), (0x1D00, 0x2040), (0x2054, 0x211E), (0x2153, 0x2184), (0x2190, 0x23FF), (0x2460, 0x2606))
# a word this long may be wider than the narrowest column
LONGEST_WORD = 16
LONG_WORD = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")
BREAK_HERE = "\u200b"
LINE_ENDS = re.compile(r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")


def plain(text: str) -> str:
    """The words without control and invisible characters, which XML refuses or which turn text round."""
    lines = LINE_ENDS.sub("\n", text).replace("\t", " ")
    return "".join(kept(character) for character in unicodedata.normalize("NFC", lines))


def kept(character: str) -> str:
    """The character, nothing for one that can't be seen, or the sign for one that no text may hold."""
    if character == "\n":
        return character
    category = unicodedata.category(character)
    if category in ("Cc", "Cf"):
        return ""
    # Unicode keeps the last two of each plane, and U+FDD0 to U+FDEF, for no text ever
    if category == "Cs" or ord(character) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(character) <= 0xFDEF:
        return REPLACEMENT
    return character


def shown(text: str) -> str:
    """Plain words as the fonts of the PDF can show them: what they can't is named, as "[grinning face]".

    PDF/UA refuses a character without a shape, and a record that leaves one out would say something else.
    """
    named = "".join(by_name(character) for character in plain(text))
    return LONG_WORD.sub(lambda word: breakable(word.group()), named)


def by_name(character: str) -> str:
    """The character if it can be shown alone, else its Unicode name in brackets."""
    if character in ("\n", REPLACEMENT) or can_be_shown(character):
        return character
    if unicodedata.category(character) == "Zs":
        return " "
    return f"[{unicodedata.name(character, '').lower() or code_point(character)}]"


def can_be_shown(character: str) -> bool:
    """Do the fonts have a shape for it, whatever stands before it? A mark that combines depends on that."""
    is_known = any(first <= ord(character) <= last for first, last in SHOWN)
    return is_known and unicodedata.category(character)[0] not in "CM"


def code_point(character: str) -> str:
    """How Unicode numbers a character without a name: "U+E000"."""
    return f"U+{ord(character):04X}"


def breakable(word: str) -> str:
    """The word with places where a line may end: nothing runs off the page."""
    step = LONGEST_WORD // 2
    return BREAK_HERE.join(word[start : start + step] for start in range(0, len(word), step))
