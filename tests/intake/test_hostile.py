"""Files that must not come in, each beside one that differs from it in nothing else and does."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

import pikepdf
import pytest

from app.adapters import bundles
from intake.__main__ import read
from intake.refusal import Refused
from tests.support.bundles import SHEET, Parts, bundle, letter, packed, tampered, unpacked, workbook
from workflows.errors import FileRejected

ROWS = [["ลำดับ", "ชื่อ"], ["1", "มานี"], ["2", "ปิติ"]]
GOOD = bundle(workbook(ROWS))


def in_zip(**files: bytes) -> bytes:
    """The good bundle with further files."""
    return packed({**unpacked(GOOD), **{name.replace("__", "."): content for name, content in files.items()}})


def named(name: str) -> bytes:
    return packed({**unpacked(GOOD), name: b"x"})


def without(suffix: str) -> bytes:
    return packed({name: content for name, content in unpacked(GOOD).items() if not name.endswith(suffix)})


def in_sheet(change: Callable[[Parts], object]) -> bytes:
    return bundle(tampered(workbook(ROWS), change))


def replaced(part: str, old: bytes, new: bytes) -> Callable[[Parts], object]:
    def change(parts: Parts) -> None:
        assert old in parts[part]
        parts[part] = parts[part].replace(old, new, 1)

    return change


def added(name: str, content: bytes = b"<x/>") -> Callable[[Parts], object]:
    return lambda parts: parts.__setitem__(name, content)


def flagged(data: bytes) -> bytes:
    """Every entry says that it is encrypted."""
    changed = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature)
        while at >= 0:
            changed[at + offset] |= 1
            at = data.find(signature, at + 4)
    return bytes(changed)


def method(data: bytes, number: int) -> bytes:
    changed = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        at = data.find(signature)
        while at >= 0:
            changed[at + offset : at + offset + 2] = struct.pack("<H", number)
            at = data.find(signature, at + 4)
    return bytes(changed)


def with_link() -> bytes:
    link = zipfile.ZipInfo("letter-2.pdf")
    link.external_attr = 0o120777 << 16
    return packed([*unpacked(GOOD).items(), (link, b"/etc/passwd")])


def twice() -> bytes:
    with pytest.warns(UserWarning, match="Duplicate"):
        return packed([*unpacked(GOOD).items(), ("หนังสือขอ.pdf", letter())])


def overlapping() -> bytes:
    """Two entries of the directory that point at the same bytes."""
    end = GOOD.rfind(b"PK\x05\x06")
    start = GOOD.find(b"PK\x01\x02")
    second = GOOD.find(b"PK\x01\x02", start + 4)
    changed = bytearray(GOOD)
    changed[second + 42 : second + 46] = GOOD[start + 42 : start + 46]
    assert end > second
    return bytes(changed)


def bomb() -> bytes:
    return packed({"letter.pdf": letter(), "list.xlsx": bytes(70 * 1024 * 1024)})


def lying_bomb() -> bytes:
    """Says it is small, and is not."""
    data = bytearray(bomb())
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 1000)
    return bytes(data)


def sheet_bomb() -> bytes:
    return in_sheet(added("xl/worksheets/sheet9.xml", b"<worksheet>" + b" " * (30 * 1024 * 1024)))


def active_pdf() -> bytes:
    pdf = pikepdf.open(io.BytesIO(letter()))
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    written = io.BytesIO()
    pdf.save(written)
    return bundle(workbook(ROWS), written.getvalue())


def locked_pdf() -> bytes:
    pdf = pikepdf.open(io.BytesIO(letter()))
    written = io.BytesIO()
    pdf.save(written, encryption=pikepdf.Encryption(user="secret", owner="secret"))
    return bundle(workbook(ROWS), written.getvalue())


def external(kind: str) -> Callable[[Parts], object]:
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
        'Target="mailto:manee@example.org" TargetMode="External"/></Relationships>'
    )
    return added("xl/worksheets/_rels/sheet1.xml.rels", relations.encode())


CELL = b'<c r="A1" t="inlineStr"><is><t>' + "ลำดับ".encode("ascii", "xmlcharrefreplace") + b"</t></is></c>"


def shared(before: bytes = b"", number: int = 0) -> Callable[[Parts], object]:
    """The first text stands in the table of shared texts, in two styles and with how it is read, as Excel writes it."""
    texts = "<sst><si><r><t>ลำ</t></r><r><t>ดับ</t></r><rPh sb='0' eb='1'><t>lamdap</t></rPh></si></sst>".encode()

    def change(parts: Parts) -> None:
        replaced(SHEET, CELL, f'<c r="A1" t="s"><v>{number}</v></c>'.encode())(parts)
        parts["xl/sharedStrings.xml"] = before + texts

    return change


DOCTYPE = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
MACROS = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
PLAIN = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "damaged"),
    "no ZIP": (lambda: b"%PDF-1.7 hello", "damaged"),
    "cut off": (lambda: GOOD[:-40], "damaged"),
    "a broken checksum": (lambda: _garbled(), "damaged"),
    "empty ZIP": (lambda: packed({}), "one signed PDF; 0"),
    "no PDF": (lambda: without(".pdf"), "one signed PDF; 0"),
    "no list": (lambda: without(".xlsx"), "one Excel file"),
    "two PDFs": (lambda: in_zip(other__pdf=letter()), "one signed PDF; 2"),
    "two lists": (lambda: in_zip(other__xlsx=workbook(ROWS)), "one Excel file (.xlsx) with the list; 2"),
    "a program": (lambda: in_zip(setup__exe=b"MZ"), "neither a PDF nor"),
    "a nested ZIP": (lambda: in_zip(more__zip=GOOD), "archive inside"),
    "an .xlsm": (lambda: in_zip(list__xlsm=b"PK"), "macros"),
    "an .xls": (lambda: in_zip(list__xls=b"\xd0\xcf\x11\xe0"), "saved as .xlsx"),
    "a way out": (lambda: named("../../etc/cron.d/x.pdf"), "points out"),
    "a way out backwards": (lambda: named("..\\x.pdf"), "points out"),
    "an absolute name": (lambda: named("/etc/x.pdf"), "points out"),
    "a drive": (lambda: named("C:x.pdf"), "points out"),
    "a link": (with_link, "link in place"),
    "encrypted": (lambda: flagged(GOOD), "encrypted"),
    "packed with LZMA": (lambda: method(GOOD, 14), "unknown way"),
    "the same name twice": (twice, "same name"),
    "overlapping entries": (overlapping, "damaged"),
    "too many files": (lambda: packed({**unpacked(GOOD), **{f"{n}.pdf": b"x" for n in range(30)}}), "too many"),
    "a bomb": (bomb, "too large when unpacked"),
    "a bomb that lies": (lying_bomb, "damaged"),
    "a list that is a PDF": (lambda: bundle(letter()), "damaged"),
    "a list with a password": (lambda: bundle(b"\xd0\xcf\x11\xe0" + bytes(512)), "encrypted or of the old kind"),
    "a bomb in the list": (sheet_bomb, "too large when unpacked"),
    "macros": (lambda: in_sheet(added("xl/vbaProject.bin", b"x")), "macros"),
    "macros by declaration": (lambda: in_sheet(replaced("[Content_Types].xml", PLAIN, MACROS)), "macros"),
    "a link to a file": (lambda: in_sheet(added("xl/externalLinks/externalLink1.xml")), "links to other files"),
    "a link out": (lambda: in_sheet(external("externalLinkPath")), "links to other files"),
    "a data connection": (lambda: in_sheet(added("xl/connections.xml")), "outside data"),
    "an embedded file": (lambda: in_sheet(added("xl/embeddings/a.bin", b"x")), "embedded"),
    "ActiveX": (lambda: in_sheet(added("xl/activeX/activeX1.xml")), "ActiveX"),
    "a formula": (lambda: in_sheet(replaced(SHEET, b"<is>", b"<f>1+1</f><is>")), "formula"),
    "entities in the sheet": (lambda: in_sheet(replaced(SHEET, b"<worksheet", DOCTYPE + b"<worksheet")), "DOCTYPE"),
    "entities in the texts": (lambda: in_sheet(shared(DOCTYPE)), "DOCTYPE"),
    "entities in UTF-16": (
        lambda: in_sheet(added("xl/theme/theme9.xml", '<!DOCTYPE x><x/>'.encode("utf-16"))), "DOCTYPE",
    ),
    "broken markup": (lambda: in_sheet(replaced(SHEET, b"</sheetData>", b"")), "damaged"),
    "nested without end": (lambda: in_sheet(added("xl/deep.xml", b"<a>" * 5000)), "nested too deeply"),
    "no workbook": (lambda: in_sheet(lambda parts: parts.pop("xl/workbook.xml")), "no sheet"),
    "a text that is not there": (lambda: in_sheet(shared(number=9)), "table of texts"),
    "too many rows": (lambda: bundle(workbook([["x"]] * 2001)), "at most 2,000 rows"),
    "too many columns": (lambda: bundle(workbook([["x"] * 65])), "64 columns"),
    "a letter that is none": (lambda: bundle(workbook(ROWS), b"%PDF-1.7 not really"), "not a readable PDF"),
    "a picture as letter": (lambda: bundle(workbook(ROWS), b"\x89PNG\r\n"), "not a readable PDF"),
    "a letter with a script": (active_pdf, "active content"),
    "a locked letter": (locked_pdf, "not a readable PDF"),
}  # fmt: skip


def _garbled() -> bytes:
    """One byte of the packed list is another one."""
    at = GOOD.find("เอกสารแนบ1.xlsx".encode()) + 400
    return GOOD[:at] + bytes([GOOD[at] ^ 0xFF]) + GOOD[at + 1 :]


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_is_refused_and_what_is_right_is_not(name: str) -> None:
    found, pdf = read("bundle", GOOD)
    assert (found["rows"], pdf) == ([(number, row) for number, row in enumerate(ROWS, 1)], letter())
    make, words = BAD[name]
    with pytest.raises(Refused) as refused:
        read("bundle", make())
    assert words in refused.value.en
    assert refused.value.th != refused.value.en


@pytest.mark.parametrize(
    "made",
    [
        lambda: packed({f"99001-รพ.สต/{name}": content for name, content in unpacked(GOOD).items()}),
        lambda: packed({**unpacked(GOOD), "__MACOSX/._list.xlsx": b"x", ".DS_Store": b"x"}),
        lambda: in_sheet(external("hyperlink")),
        lambda: in_sheet(shared()),
        lambda: bundle(workbook(ROWS, title="Sheet1")),
    ],
    ids=[
        "in a folder",
        "packed on a Mac",
        "with typed e-mail addresses",
        "with shared texts",
        "another name of the sheet",
    ],
)
def test_what_people_really_send_is_taken(made: Callable[[], bytes]) -> None:
    assert [row for _, row in read("bundle", made())[0]["rows"]] == ROWS


def test_numbers_come_as_they_are_read() -> None:
    sheet = workbook([[1234567890123, 812345678, "0812345678", 1.5, True, None, "ก"]])
    assert read("sheet", sheet)[0]["rows"] == [(1, ["1234567890123", "812345678", "0812345678", "1.5", "1", "", "ก"])]


def test_another_process_opens_it_and_dies_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    found = bundles.open_bundle("99001-รพ.สต.ตัวอย่าง.zip", GOOD)
    assert (found.unit_code, found.letter, found.rows[1]) == ("99001", letter(), (2, ["1", "มานี"]))
    with pytest.raises(FileRejected, match="too large when unpacked"):
        bundles.open_bundle("99001-x.zip", bomb())
    monkeypatch.setattr(bundles, "_SECONDS", 0.01)
    with pytest.raises(FileRejected, match="within its limits"):
        bundles.open_bundle("99001-x.zip", GOOD)


@pytest.mark.parametrize("name", ["list.zip", "9900-x.zip", "990011-x.zip", "99001-.zip", "99001-x.rar", "99001 x.zip"])
def test_the_name_says_the_unit(name: str) -> None:
    with pytest.raises(FileRejected, match="five-digit"):
        bundles.open_bundle(name, GOOD)
    assert bundles.open_bundle("๙๙๐๐๑ - รพ.สต. ก.ZIP", GOOD).unit_code == "99001"
