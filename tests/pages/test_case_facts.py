"""A letter is named by what its process asks for, not by the commonest one."""

from __future__ import annotations

import pytest

from app import create_app
from app.case_facts import document_list, requester_facts
from tests.support.world import World


@pytest.mark.parametrize(
    ("process", "name"),
    [
        ("access_request", "หนังสือขอสิทธิ"),
        ("password_reset", "หนังสือขอตั้งรหัสผ่านใหม่"),
        ("account_edit", "หนังสือขอแก้ไขข้อมูลบัญชี"),
        ("account_reactivate", "หนังสือขอเปิดใช้บัญชีอีกครั้ง"),
        ("oss_registration", "หนังสือของหน่วยงาน"),
    ],
)
def test_the_letter_of_each_process(world: World, process: str, name: str) -> None:
    variables = {"letter": [{"documentId": "a"}], "id_copy": [{"documentId": "b"}]}
    with create_app(wired=world.product).test_request_context("/"):
        shown = document_list([{"id": "a"}, {"id": "b"}, {"id": "c"}], variables, process)
    assert [each["label"] for each in shown] == [name, "สำเนาบัตร", ""]


def test_what_is_to_change_of_an_account_is_shown_from_what_to_what(world: World) -> None:
    case_id = world.start("account_edit", "requester").case_id
    before = world.account("requester")
    papers = {"letter": [world.upload("requester")], "id_copy": [world.upload("requester", "id.pdf")]}
    name = {"title": before["title"], "first_name": "มาลี", "last_name": before["last_name"]}
    world.do("requester", "changes_form", case_id, position="หัวหน้ากลุ่มงาน", change_name=True, **name, **papers)
    with create_app(wired=world.product).test_request_context("/"):
        facts = dict(requester_facts(world.variables(case_id)))
    old = f"{before['title']} {before['first_name']} {before['last_name']}"
    assert facts["ชื่อ"] == f"<del>{old}</del> → <ins>{before['title']} มาลี {before['last_name']}</ins>"
    assert facts["ตำแหน่ง"] == f"<del>{before['position']}</del> → <ins>หัวหน้ากลุ่มงาน</ins>"
    assert "<del>" not in str(facts["อีเมล"])
