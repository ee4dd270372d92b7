"""Uploaded XML becomes a tree only through the hardened parser."""

from __future__ import annotations

from pathlib import Path

import pytest

from workflows.engine import xml
from workflows.errors import DiagramRejected

LAUGHS = b"""<?xml version="1.0"?>
<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>
<d x="&c;">&c;</d>"""
OUTSIDE = '<?xml version="1.0" encoding="{0}"?>\n<!DOCTYPE d SYSTEM "file://{1}"><d/>'


def doctype_in(encoding: str) -> bytes:
    return OUTSIDE.format(encoding, "/etc/hostname").encode(encoding)


@pytest.mark.parametrize(
    ("data", "rule", "line"),
    [
        (LAUGHS, "doctype", 2),
        (doctype_in("utf-8"), "doctype", 2),
        (doctype_in("utf-16"), "doctype", 2),
        (doctype_in("utf-16-be"), "doctype", 2),
        (OUTSIDE.format("UTF-7", "x").replace("<!", "+ADwAIQ-").encode("ascii"), "doctype", 1),
        (b"<d><!-- <!DOCTYPE d> --></d>", "doctype", 1),
        (b"", "not-well-formed", 1),
        (b"\x00\xff", "not-well-formed", 1),
        (b"<d>\n\n<e></d>", "not-well-formed", 3),
        (b"<d>&undefined;</d>", "not-well-formed", 1),
        ("<?xml version='1.0' encoding='windows-874'?><d>ขอ</d>".encode("cp874"), "encoding", 1),
        (b"<d>" + b" " * xml.MAX_BYTES + b"</d>", "too-large", 1),
        (b"<d>" + b"<e/>" * xml.MAX_ELEMENTS + b"</d>", "too-many-elements", 1),
        (b"<d>" + b"<e></e>" * (2 * xml.MAX_ELEMENTS) + b"</d>", "too-many-elements", 1),
        (b"<d>" * (xml.MAX_DEPTH + 1) + b"</d>" * (xml.MAX_DEPTH + 1), "too-deep", 1),
    ],
)
def test_a_dangerous_or_broken_file_is_refused(data: bytes, rule: str, line: int) -> None:
    with pytest.raises(DiagramRejected) as refused:
        xml.parse(data)
    assert (refused.value.details["rule"], refused.value.details["line"]) == (rule, line)
    assert refused.value.text.th != refused.value.text.en


def test_nothing_outside_the_file_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    data = f'<d xmlns:i="http://www.w3.org/2001/XInclude"><i:include href="file://{secret}" parse="text"/></d>'
    assert "".join(xml.parse(data.encode()).itertext()) == ""


def test_a_file_at_the_limits_is_read_in_utf_8_and_utf_16() -> None:
    text = "<d>ขอสิทธิ" + "<e/>" * (xml.MAX_ELEMENTS - 1) + "</d>"
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert xml.parse(text.encode(encoding)).text == "ขอสิทธิ"
