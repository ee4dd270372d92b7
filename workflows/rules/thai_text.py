"""Thai text as people type it, made comparable: one spelling, one set of digits, one order."""

from __future__ import annotations

import re
import unicodedata

_TO_ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_TO_THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad]"
)
_SPLIT_SARA_AM = re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32")  # nikhahit, tone mark, sara aa
_TONE_BEFORE_VOWEL = re.compile("([\u0e48-\u0e4b])([\u0e31\u0e34-\u0e3a])")  # typed in the wrong order
_LEADING_VOWEL = re.compile("([\u0e40-\u0e44])([\u0e01-\u0e2e])")
_MARKS = "\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e4d\u0e4e"


def normalise(text: str) -> str:
    """One spelling: composed form, whole sara am, sara ae as one letter, marks in order, nothing invisible, single
    spaces. Digits stay as they are."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    text = _SPLIT_SARA_AM.sub("\\1\u0e33", text.replace("\u0e40\u0e40", "\u0e41"))
    return " ".join(_TONE_BEFORE_VOWEL.sub(r"\2\1", text).split())


def arabic_digits(text: str) -> str:
    """Thai digits become 0-9; everything else stays. For codes, numbers and dates."""
    return text.translate(_TO_ARABIC)


def thai_digits(text: str) -> str:
    """0-9 become Thai digits. For official letters, never for machine identifiers."""
    return text.translate(_TO_THAI)


def search_key(text: str) -> str:
    """A form in which two spellings of one name are equal: for looking up, not for showing."""
    return arabic_digits(normalise(text)).casefold()


def collation_key(text: str) -> str:
    """A sort key in the order of a Thai dictionary, for databases that know no Thai collation.

    A leading vowel sorts after its consonant; tone marks decide only between words that are otherwise equal.
    """
    swapped = _LEADING_VOWEL.sub(r"\2\1", normalise(text).casefold())
    letters = "".join(char for char in swapped if char not in _MARKS)
    marks = "".join(chr(2 + _MARKS.index(char)) if char in _MARKS else "\x01" for char in swapped)
    return f"{letters}\x00{marks}"
