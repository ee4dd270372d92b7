"""The administrator plans a maintenance; an owner hands in a file of uses, on the page or at the command line."""

from __future__ import annotations

import io
import re
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from tests.house.test_routes import application, signed_in

__all__ = ["application"]
WINDOW = {
    "from_date": "31/12/2569",
    "from_time": "22:00",
    "until_date": "1/1/2570",
    "until_time": "04.00",
    "system": "",
    "text_th": "ย้ายศูนย์ข้อมูล",
    "text_en": "Moving house",
}
ROWS = b"\xef\xbb\xbfusername,system,at\nrequester,ECLAIM,2026-01-05\nnobody,ECLAIM,2026-01-05\n"


def post(client: FlaskClient, page: str, action: str, **fields: object) -> tuple[int, str]:
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).text)
    assert token is not None
    answer = client.post(action, data={"csrf_token": token[1], **fields}, follow_redirects=True)
    return answer.status_code, answer.text


def test_a_maintenance_is_planned_told_of_changed_and_taken_back(application: Flask) -> None:
    admin, stranger = signed_in(application, "admin"), application.test_client()
    clock = {"headers": {"Authorization": "Basic YWRtaW46c2l0dGhpLWRlbW8="}}
    new_years_eve = 1798711200000  # 31 December 2026, 10:00 UTC
    assert application.test_client().put("/v2/clock", json={"timestamp": new_years_eve}, **clock).status_code == 204
    status, text = post(admin, "/maintenance", "/maintenance", **{**WINDOW, "until_date": "30/12/2569", "text_th": ""})
    assert status == 422
    assert "เวลาสิ้นสุดต้องอยู่หลังเวลาเริ่ม" in text
    assert "บอกเหตุผลให้ผู้ใช้อ่าน" in text
    assert "Moving house" in text, "what was typed is still there"
    assert post(admin, "/maintenance", "/maintenance", **WINDOW)[0] == 200
    assert "จะปิดปรับปรุง 31 ธ.ค. 2569 22:00 น. ถึง 1 ม.ค. 2570 04:00 น." in stranger.get("/").text
    edit = re.search(r'href="(/maintenance\?edit=(\d+))"', admin.get("/maintenance").text)
    assert edit is not None
    assert "Moving house" in admin.get(edit[1]).text
    assert post(admin, "/maintenance", "/maintenance", **{**WINDOW, "from_time": "16:00", "id": edit[2]})[0] == 200
    assert "ปิดปรับปรุงถึง 1 ม.ค. 2570 04:00 น." in stranger.get("/track").text
    assert post(admin, "/maintenance", f"/maintenance/{edit[2]}/take-back")[0] == 200
    assert "ปิดปรับปรุง" not in stranger.get("/").text
    assert application.test_client().post("/v2/clock/reset", **clock).status_code == 204


def test_the_day_of_the_yearly_review(application: Flask) -> None:
    admin = signed_in(application, "admin")
    for wrong in ("tomorrow", "1/1/2540"):
        status, text = post(admin, "/account-review", "/account-review", day=wrong)
        assert (status, f'value="{wrong}"' in text) == (422, True)
    assert "1 ก.ค. 2580" in post(admin, "/account-review", "/account-review", day="1/7/2580")[1]
    assert "ยังไม่กำหนด" in post(admin, "/account-review", "/account-review", day="")[1]
    assert signed_in(application, "head").get("/account-review").status_code == 403


def test_a_file_of_uses(application: Flask, tmp_path: Path) -> None:
    owner = signed_in(application, "owner2")
    status, text = post(owner, "/usage", "/usage", file=(io.BytesIO(ROWS), "use.csv"))
    assert (status, "รับแล้ว 1 รายการ" in text, "ไม่พบบัญชี nobody" in text) == (200, True, True)
    assert post(owner, "/usage", "/usage", file=(io.BytesIO(b"\xff\xfe"), "use.csv"))[0] == 422
    assert post(owner, "/usage", "/usage")[0] == 422
    (tmp_path / "use.csv").write_bytes(ROWS)
    done = application.test_cli_runner().invoke(args=["usage", "import", str(tmp_path / "use.csv")])
    assert (done.exit_code, "1 taken, 1 refused" in done.output) == (1, True)
