"""Why a sign-in is refused although the password is right: each reason in its own words, with its way out."""

from __future__ import annotations

from typing import NamedTuple

from workflows.errors import Text


class Refused(NamedTuple):
    """The reason, and where to go from here: a path with the words of its link."""

    text: Text
    path: str
    way_out: Text


REFUSALS = {
    "pending": Refused(
        Text(
            "บัญชีนี้ยังไม่ได้เปิดใช้ ต้องตั้งรหัสผ่านครั้งแรกจากลิงก์ในอีเมลผลการขอสิทธิ",
            "This account is not activated yet: set the first password by the link in the result mail",
        ),
        "/start/password_reset",
        Text("ส่งลิงก์เปิดใช้ให้ใหม่", "Send the activation link again"),
    ),
    "dormant": Refused(
        Text(
            "บัญชีนี้ไม่ได้ใช้งานเกิน 180 วัน จึงเข้าสู่ระบบไม่ได้จนกว่า สปสช. เขต จะอนุมัติให้ใช้อีก",
            "This account was not used for more than 180 days; it signs in again once the NHSO region agrees",
        ),
        "/start/account_reactivate",
        Text("ขอเปิดใช้บัญชีอีกครั้ง", "Ask to reactivate the account"),
    ),
    "irregular": Refused(
        Text(
            "บัญชีนี้ถูก สปสช. ระงับเพราะพบการใช้งานที่ผิดปกติ เหตุผลอยู่ในอีเมลที่ส่งถึงท่าน",
            "NHSO suspended this account for irregularity; the mail that was sent to you says why",
        ),
        "/start/account_reactivate",
        Text("ชี้แจงและขอเปิดใช้บัญชีอีกครั้ง", "Explain and ask to reactivate the account"),
    ),
    "reset": Refused(
        Text(
            "มีการขอตั้งรหัสผ่านใหม่ รหัสผ่านเดิมจึงใช้ไม่ได้จนกว่าจะตั้งรหัสผ่านใหม่จากลิงก์ในอีเมล",
            "A new password was asked for; the old one works no more until it is set by the link in your e-mail",
        ),
        "/start/password_reset",
        Text("ขอลิงก์ใหม่", "Ask for a new link"),
    ),
    "cancelled": Refused(
        Text(
            "บัญชีนี้ถูกยกเลิกแล้ว หากยังต้องใช้ระบบ ให้ยื่นคำขอใหม่",
            "This account was cancelled; if you still need access, make a new request",
        ),
        "/start/access_request",
        Text("ขอสิทธิเข้าใช้งาน", "Ask for access"),
    ),
}
