"""A letter is named by what its process asks for, not by the commonest one."""

from __future__ import annotations

import pytest

from app import create_app
from app.case_facts import document_list
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
