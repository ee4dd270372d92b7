"""The schedules of rounds an installation begins with, from the documents of the regions; editable afterwards."""

from __future__ import annotations

from typing import Any

_ALL: dict[str, Any] = {
    "days": [],
    "weekdays": [],
    "cutoff_days": 0,
    "opens_before": None,
    "regions": [],
    "systems": [],
    "roles": [],
}

SCHEDULES: tuple[dict[str, Any], ...] = (
    {
        **_ALL,
        "code": "smartcard",
        "name": "สิทธิ Smart Card",
        "channel": "smartcard",
        "kind": "monthly",
        "days": [[10, 15], [22, 28]],
        "closes_before": 1,
        "roll": "before",
        "active": True,
    },
    {
        **_ALL,
        "code": "region9",
        "name": "ออกรหัสเขต 9 วันอังคารและศุกร์",
        "channel": "regular",
        "kind": "weekly",
        "weekdays": [1, 4],
        "closes_before": 0,
        "roll": "after",
        "regions": ["9"],
        "active": True,
    },
    {
        **_ALL,
        "code": "daily",
        "name": "ออกรหัสทุกวันทำการ",
        "channel": "regular",
        "kind": "daily",
        "closes_before": 0,
        "roll": "after",
        "active": True,
    },
)
