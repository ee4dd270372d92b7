"""The page a person sees at the bridge's own address: is it well, and what to do if not."""

from __future__ import annotations

from html import escape

from card_bridge import __version__
from card_bridge.bridge import Bridge
from card_bridge.watch import State

_PAGE = """<!doctype html>
<html lang="th"><meta charset="utf-8"><meta http-equiv="refresh" content="3">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>โปรแกรมอ่านบัตร</title>
<style>
:root{{color-scheme:light dark}}
body{{font:16px/1.6 Sarabun,system-ui,sans-serif;max-width:36rem;margin:2rem auto;padding:0 1rem}}
h1{{font-size:1.25rem}}
.now{{border:1px solid #8a97a3;border-left:6px solid {colour};border-radius:6px;padding:.75rem 1rem}}
dl{{display:grid;grid-template-columns:auto 1fr;gap:.25rem 1rem}}dt{{opacity:.75}}dd{{margin:0;overflow-wrap:anywhere}}
</style>
<main><h1>โปรแกรมอ่านบัตร · Card bridge</h1>
<p class="now"><strong>{thai}</strong><br><span lang="en">{english}</span></p>
<dl><dt>เครื่องอ่านบัตร</dt><dd>{readers}</dd><dt>เชื่อมกับ</dt><dd>{server}</dd><dt>ลายนิ้วมือกุญแจ</dt><dd>{fingerprint}</dd>
<dt>รุ่น</dt><dd>{version}</dd></dl></main></html>
"""


def status_page(bridge: Bridge, state: State) -> str:
    """Names readers and the server; nothing of any card."""
    thai, english = state.words
    colour = {"ready": "#1f7a4d", "no_card": "#9a5b00"}.get(state.code, "#b3261e")
    if not bridge.settings.enrolled:
        thai = "ยังไม่ได้ลงทะเบียนเครื่องนี้ ขอรหัสลงทะเบียนจากผู้ดูแลระบบ แล้วสั่ง python -m card_bridge enrol"
        english = (
            "This computer is not enrolled; ask the administrator for a code, then run python -m card_bridge enrol"
        )
        colour = "#b3261e"
    readers = ", ".join(f"{name} ({'มีบัตร' if card else 'ว่าง'})" for name, card in state.readers) or "-"
    return _PAGE.format(
        colour=colour,
        thai=escape(thai),
        english=escape(english),
        readers=escape(readers),
        server=escape(bridge.settings.server or "-"),
        fingerprint=escape(bridge.key.fingerprint),
        version=__version__,
    )
