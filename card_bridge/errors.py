"""What can go wrong between a reader and a page: a small closed set, each with what to do, in Thai and English."""

from __future__ import annotations

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "no_service": (
        "เครื่องนี้ยังไม่เปิดบริการอ่านบัตร ให้เสียบเครื่องอ่านบัตรแล้วเปิดบริการ Smart Card ของเครื่อง",
        "The smart card service of this computer is not running; plug in the reader and start the service",
    ),
    "no_reader": ("ไม่พบเครื่องอ่านบัตร ให้เสียบสายเครื่องอ่านบัตร", "There is no card reader; plug it in"),
    "no_card": ("ยังไม่มีบัตรในเครื่องอ่าน ให้เสียบบัตรประชาชน", "There is no card in the reader; insert the card"),
    "card_unresponsive": (
        "บัตรไม่ตอบ ให้เช็ดหน้าสัมผัส แล้วเสียบใหม่โดยหันชิปเข้าเครื่อง",
        "The card does not answer; clean its contacts and insert it again, chip first",
    ),
    "card_busy": (
        "โปรแกรมอื่นกำลังใช้บัตรอยู่ รอสักครู่แล้วอ่านใหม่",
        "Another program is using the card; wait a moment and read again",
    ),
    "card_removed": (
        "บัตรถูกดึงออกก่อนอ่านเสร็จ ให้เสียบค้างไว้แล้วอ่านใหม่",
        "The card was pulled out before the reading ended; leave it in and read again",
    ),
    "not_thai_id": ("บัตรนี้ไม่ใช่บัตรประจำตัวประชาชนไทย", "This is not a Thai national ID card"),
    "unsupported_card": (
        "บัตรรุ่นนี้อ่านไม่ได้ ให้ยืนยันตัวตนด้วยวิธีอื่น",
        "Cards of this kind cannot be read; use another way to prove who the person is",
    ),
    "bad_data": (
        "ข้อมูลในบัตรไม่ถูกต้อง ให้อ่านใหม่อีกครั้ง หากไม่ได้ให้ยืนยันตัวตนด้วยวิธีอื่น",
        "The card's data is not valid; read it again, or use another way to prove who the person is",
    ),
    "internal": ("โปรแกรมอ่านบัตรขัดข้อง ให้ปิดแล้วเปิดใหม่", "The card bridge failed; close it and start it again"),
}


class CardError(Exception):
    """Reading failed. ``code`` is one of MESSAGES; ``detail`` is for the log and never holds personal data."""

    def __init__(self, code: str, detail: str = "") -> None:
        if code not in MESSAGES:
            raise ValueError(code)
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail

    @property
    def thai(self) -> str:
        return MESSAGES[self.code][0]

    @property
    def english(self) -> str:
        return MESSAGES[self.code][1]
