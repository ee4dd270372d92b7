"""What makes a password acceptable (after NIST SP 800-63B-4, section 3.1.1): long enough and not guessable.

No rules about kinds of characters. Common words, words of this agency, the person's own details, keyboard runs and
repetitions count for nothing: enough must be left without them.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Iterable

from workflows.errors import Text

SHORTEST, LONGEST = 15, 128
_LEFT_OVER = 6  # letters and digits that must remain when everything guessable is taken out

_COMMON = """
password passw0rd p@ssword p@ssw0rd passwd pass qwerty qwertyuiop asdfghjkl zxcvbnm 1qaz2wsx letmein welcome admin
administrator root user guest test demo login master secret changeme default iloveyou monkey dragon sunshine princess
football superman abc123 hello thailand bangkok siam changthai
nhso สปสช sitthi สิทธิ หลักประกัน สุขภาพ โรงพยาบาล hospital health ucs eclaim e-claim datacenter newauthen รพสต อบจ
รหัสผ่าน สวัสดี ประเทศไทย กรุงเทพ ขอนแก่น
"""
_RUNS = (
    "01234567890", "09876543210", "abcdefghijklmnopqrstuvwxyz", "zyxwvutsrqponmlkjihgfedcba",
    "qwertyuiop", "asdfghjkl", "zxcvbnm", "๐๑๒๓๔๕๖๗๘๙", "ๆไำพะัีรนยบล", "ฟหกดเ้่าสวง", "ผปแอิืทมใฝ",
)  # fmt: skip
_PUNCTUATION = str.maketrans("", "", string.punctuation + string.whitespace)
_REPEATED = re.compile(r"(.{1,8}?)\1{2,}")

TOO_SHORT = Text(
    f"รหัสผ่านต้องมีอย่างน้อย {SHORTEST} ตัวอักษร แนะนำให้ใช้หลายคำต่อกัน",
    f"A password has at least {SHORTEST} characters; several words in a row are easy to remember",
)
TOO_LONG = Text(f"รหัสผ่านยาวเกิน {LONGEST} ตัวอักษร", f"A password has at most {LONGEST} characters")
GUESSABLE = Text(
    "รหัสผ่านนี้เดาได้ง่าย (คำที่ใช้กันทั่วไป ข้อมูลของท่าน หรือตัวอักษรเรียงหรือซ้ำกัน) กรุณาเพิ่มคำอื่นที่ไม่เกี่ยวกับท่าน",
    "This password is easy to guess (common words, your own details, runs or repetitions); add words unrelated to you",
)


def prepare(password: str) -> str:
    """The form in which a password is checked and hashed: NFKC, so that every keyboard types the same one."""
    return unicodedata.normalize("NFKC", password)


def problem(password: str, about_person: Iterable[str] = ()) -> Text | None:
    """What is wrong with a new password; None if nothing is. ``about_person``: names, user name, e-mail, unit code."""
    text = prepare(password)
    if len(text) < SHORTEST:
        return TOO_SHORT
    if len(text) > LONGEST:
        return TOO_LONG
    rest = text.casefold()
    own = [part for detail in about_person for part in re.split(r"[\s@.]+", prepare(detail).casefold())]
    words = {prepare(word).casefold() for word in _COMMON.split()} | {part for part in own if len(part) >= 3}
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    rest = _REPEATED.sub(r"\1", _without_runs(rest.translate(_PUNCTUATION)))
    return GUESSABLE if len(rest) < _LEFT_OVER else None


def _without_runs(text: str) -> str:
    """Cuts stretches of four or more neighbours on a keyboard, in the alphabet or in the digits down to one."""
    kept: list[str] = []
    at = 0
    while at < len(text):
        length = 4
        while at + length <= len(text) and any(text[at : at + length] in run for run in _RUNS):
            length += 1
        step = length - 1 if length > 4 else 1
        kept.append(text[at])
        at += step
    return "".join(kept)
