"""Fictional contacts: one office per region, and one per realm of target systems."""

from __future__ import annotations

from typing import Any

from app.demo.places import REGIONS

_HOURS = "จันทร์–ศุกร์ 08:30–16:30 น. เว้นวันหยุดราชการ"


def contacts() -> list[dict[str, Any]]:
    """Rows of the register of contacts. Numbers and addresses are invented."""
    regions = [
        {
            "code": f"REGION-{number:02d}",
            "region": str(number),
            "system_code": None,
            "name": f"กลุ่มงานสารสนเทศ สปสช. เขต {number} {region.office} (สาธิต)",
            "phone": f"0200001{number:02d}",
            "email": f"region{number}@example.org",
            "line": f"@demo-region{number}",
            "hours": _HOURS,
        }
        for number, region in REGIONS.items()
    ]
    systems = [
        {
            "code": f"SYSTEM-{code}",
            "region": "",
            "system_code": code,
            "name": f"ฝ่ายสนับสนุนผู้ใช้ {name} (สาธิต)",
            "phone": phone,
            "email": f"{code.lower().replace('_', '-')}@example.org",
            "line": "",
            "hours": _HOURS,
        }
        for code, name, phone in (
            ("NEW_AUTHEN", "New Authentication", "020000201"),
            ("ECLAIM", "E-Claim", "020000202"),
            ("NAP", "NAP", "020000203"),
            ("ERM", "ERM Smart Card", "020000204"),
            ("KTB_WALLET", "KTB Health Wallet", "020000205"),
        )
    ]
    return [*regions, *systems]
