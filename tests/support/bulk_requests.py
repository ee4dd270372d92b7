"""Bulk requests for tests: lists of fictional persons, and a request brought to a stage of its way."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from intake.__main__ import read
from tests.support.bundles import bundle, workbook
from tests.support.world import World
from workflows.actor import Actor
from workflows.commands.store_bundle import Bundle, File, StoreBundle
from workflows.register import Register
from workflows.rules import citizen_id
from workflows.rules.bulk_list import COLUMNS

HEADING = [column.th for column in COLUMNS]
LEVELS = (("head", "unit_head"), ("pao", "supervisor"), ("region", "region_check"), ("region", "region_decide"))
"""(who, element) of the levels before the owners, for unit 99001."""


def listed(serial: int, **other: str) -> dict[str, str]:
    """A row of the list by the keys of its columns: somebody who asks for two systems, of ``owner`` and ``owner2``."""
    return {
        "number": str(serial),
        "kind": "รหัสใหม่",
        "pid": citizen_id.make("0", serial),
        "title": "นาย",
        "first_name": "ทดสอบ",
        "last_name": "ระบบดี",
        "position": "นักวิชาการสาธารณสุข",
        "mobile": f"08{serial:08d}",
        "email": f"person{serial}@example.org",
        "role1": "901 ผู้ใช้งาน New Authentication",
        "role2": "904",
        "use": "ตรวจสอบสิทธิ",
        **other,
    }


def sheet(rows: Sequence[Mapping[str, str]]) -> bytes:
    """The .xlsx of such rows."""
    return workbook([HEADING, *([row.get(column.key, "") for column in COLUMNS] for row in rows)])


def zipped(rows: Sequence[Mapping[str, str]]) -> bytes:
    """The ZIP a unit sends."""
    return bundle(sheet(rows))


def upload(world: World, who: str | Actor, rows: Sequence[Mapping[str, str]], unit_code: str = "99001") -> list[Any]:
    """Store a bundle as the web does; gives what answers carry."""
    data = zipped(rows)
    found, letter = read("bundle", data)
    archive = world.product.documents.keep(f"{unit_code}-หน่วย.zip", "application/zip", data)
    kept = world.product.documents.keep("letter.pdf", "application/pdf", letter)
    command = StoreBundle(File(**asdict(archive)), File(**asdict(kept)), Bundle(unit_code, found["rows"]))
    world.execute(command, who)
    meta = {"fileName": archive.file_name, "contentType": archive.content_type, "size": len(data)}
    return [
        {
            "camunda.document.type": "camunda",
            "storeId": "database",
            "documentId": archive.id,
            "contentHash": hashlib.sha256(data).hexdigest(),
            "metadata": meta,
        }
    ]


def send(
    world: World, rows: Sequence[Mapping[str, str]], who: str | Actor = "requester", unit_code: str = "99001"
) -> int:
    """A bulk request that was sent and waits for its first level; gives the case."""
    case_id = world.start("bulk_access_request", who, bundle=upload(world, who, rows, unit_code)).case_id
    assert world.case(case_id)["number"]
    return case_id


def approve(world: World, case_id: int, until: str = "", after: str = "") -> None:
    """Let the levels of unit 99001 approve all lines in their order, from the one after ``after`` up to but without the
    element ``until``."""
    first = [element for _, element in LEVELS].index(after) + 1 if after else 0
    for who, element in LEVELS[first:]:
        if element == until:
            return
        world.do(who, element, case_id, decision="approve")
    if until != "owner_decide":
        for who in ("owner", "owner2"):
            for item in world.items(who, "owner_decide"):
                if item["case_id"] == case_id:
                    world.answer(who, item["id"], decision="approve")


def lines(world: World, case_id: int) -> list[Mapping[str, Any]]:
    """The lines of a case, unsealed."""
    with world.runtime.reading() as db:
        return Register(db, world.keyring, locked=False).lines(case_id)


def states(world: World, case_id: int) -> list[str]:
    return [line["state"] for line in lines(world, case_id)]
