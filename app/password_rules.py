"""Choosing a password: the rules as sentences, and checking what was typed twice."""

from __future__ import annotations

from collections.abc import Iterable

from workflows.errors import Text
from workflows.rules.passwords import prepare, problem

PASSWORD_RULES = (
    Text("ยาวอย่างน้อย 15 ตัวอักษร ใช้วลีที่จำง่ายได้ เว้นวรรคได้", "At least 15 characters; a phrase with spaces is fine"),
    Text("ไม่ใช้ชื่อ อีเมล หรือรหัสผ่านที่พบบ่อย", "Not your name, your e-mail or a common password"),
)


def new_password(about: Iterable[str], password: str, again: str, errors: dict[str, Text]) -> str:
    """The new password, prepared for hashing; what is wrong with it goes into ``errors`` by field."""
    found = problem(password, [word for word in about if word])
    if found is not None:
        errors["password"] = found
    elif password != again:
        errors["again"] = Text("รหัสผ่านทั้งสองช่องไม่ตรงกัน", "The two passwords differ")
    return prepare(password)
