"""What can go wrong in the engine layer, as one family.

The docstring of each class is its default message; the shell's table ``app/errors.py`` gives each a status and a page.
No status codes here: a command does not know that a browser asked.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Text(NamedTuple):
    """One message for a person in both languages of the product. Thai comes first."""

    th: str
    en: str

    def __str__(self) -> str:
        return self.th

    def format(self, **values: object) -> Text:
        """The same message with ``{name}`` places filled in both languages."""
        return Text(self.th.format(**values), self.en.format(**values))


class SitthiError(Exception):
    """Something went wrong / เกิดข้อผิดพลาด"""

    def __init__(self, text: Text | None = None, **details: Any) -> None:
        if text is None:
            english, _, thai = (type(self).__doc__ or "").strip().split("\n")[0].partition(" / ")
            text = Text(thai or english, english)
        self.text = text
        self.details = details
        super().__init__(text.en)


class NotFound(SitthiError):
    """There is nothing here that you may see / ไม่พบรายการ หรือท่านไม่มีสิทธิดูรายการนี้"""


class NotAllowed(SitthiError):
    """You may not do this / ท่านไม่มีสิทธิทำรายการนี้"""


class OwnRequest(NotAllowed):
    """Nobody decides their own request; it goes to someone else of the same level or to the next level
    / ผู้ขอพิจารณาคำขอของตนเองไม่ได้"""

    def __init__(self, **details: Any) -> None:
        super().__init__(
            Text(
                "ผู้ขอพิจารณาคำขอของตนเองไม่ได้ ให้ผู้อื่นในระดับเดียวกันหรือระดับถัดไปเป็นผู้พิจารณา",
                "Nobody decides their own request; someone else of this level or the next level decides it",
            ),
            **details,
        )


class InvalidAnswers(SitthiError):
    """Some answers are missing or wrong / ข้อมูลบางช่องยังไม่ครบหรือไม่ถูกต้อง"""

    def __init__(self, errors: dict[str, Text]) -> None:
        super().__init__(None)
        self.errors = errors


class Conflict(SitthiError):
    """Someone else was first / มีผู้ดำเนินการไปก่อนแล้ว"""


class AlreadyDone(Conflict):
    """This work item has already been completed / งานนี้มีผู้ดำเนินการแล้ว"""


class StaleCase(Conflict):
    """The case changed while you worked on it; open it again / เรื่องนี้เปลี่ยนแปลงระหว่างที่ท่านทำงาน กรุณาเปิดใหม่"""


class DiagramRejected(SitthiError):
    """The file cannot be deployed / ไฟล์นี้ยังนำขึ้นใช้งานไม่ได้"""


class EngineIncident(SitthiError):
    """The case cannot go on until someone mends it / เรื่องนี้เดินต่อไม่ได้จนกว่าจะแก้ไข"""

    def __init__(self, text: Text, *, element_id: str, error_type: str, **details: Any) -> None:
        super().__init__(text, **details)
        self.element_id = element_id
        self.error_type = error_type


class SnapshotRejected(SitthiError):
    """The saved state of this case is not authentic or not readable / สถานะที่บันทึกไว้ของเรื่องนี้อ่านไม่ได้หรือถูกแก้ไข"""


class TooMany(SitthiError):
    """Too many attempts; wait a little and try again / ลองหลายครั้งเกินไป กรุณารอสักครู่แล้วลองใหม่"""


class SignInRefused(SitthiError):
    """The user name or password is wrong / ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง"""


class FileRejected(SitthiError):
    """This file cannot be accepted / ไฟล์นี้ใช้ไม่ได้"""
