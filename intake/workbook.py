"""The cells of one sheet of an .xlsx file, as text. Only plain values: no formula, no macro, no link to elsewhere."""

from __future__ import annotations

import posixpath
import re
from decimal import Decimal, InvalidOperation

from intake.archive import Archive, Limits
from intake.markup import scan
from intake.refusal import Refused

SHEET = "รายชื่อ"
MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 2_000, 64, 1_000
_LIMITS = Limits(files=400, one=24 * 1024 * 1024, all=48 * 1024 * 1024)
_MOST_STRINGS, _MOST_LETTERS = 60_000, 4_000_000
_OLE = b"\xd0\xcf\x11\xe0"
_FORBIDDEN = (
    ("xl/vbaproject", "มาโคร", "macros"),
    ("xl/macrosheets/", "มาโคร", "macros"),
    ("xl/externallinks/", "ลิงก์ไปยังไฟล์อื่น", "links to other files"),
    ("xl/connections", "การเชื่อมต่อข้อมูลภายนอก", "connections to outside data"),
    ("xl/querytables/", "การเชื่อมต่อข้อมูลภายนอก", "connections to outside data"),
    ("xl/embeddings/", "ไฟล์ฝังอยู่", "embedded files"),
    ("xl/activex/", "ส่วนควบคุม ActiveX", "ActiveX controls"),
)
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")

Rows = list[tuple[int, list[str]]]


def rows_of(data: bytes, sheet: str = SHEET) -> Rows:
    """(row number, cells) of every row that says something: of the sheet of this name, else of the first one."""
    if data.startswith(_OLE):
        raise Refused(
            "ไฟล์ Excel มีรหัสผ่านหรือเป็นรูปแบบเก่า กรุณาบันทึกเป็น .xlsx โดยไม่ตั้งรหัสผ่าน",
            "The Excel file is encrypted or of the old kind; save it as .xlsx without a password",
        )
    book = Archive(data, _LIMITS, "ไฟล์ Excel (Excel)")
    _check_parts(book)
    parts = {
        name: book.read(name)
        for name in book.names
        if name.lower().endswith((".xml", ".rels")) and "/media/" not in name
    }
    for name, part in parts.items():
        if name.lower().endswith(".rels"):
            _check_links(part)
        else:
            scan(part)
    main = _main_part(parts)
    place = _place_of(sheet, main, parts)
    strings = _strings(parts.get(posixpath.join(posixpath.dirname(main), "sharedStrings.xml"), b""))
    return _cells(parts[place], strings)


def _check_parts(book: Archive) -> None:
    for name in book.names:
        for prefix, thai, english in _FORBIDDEN:
            if name.lower().startswith(prefix):
                raise Refused(
                    f"ไฟล์ Excel มี{thai} ซึ่งไม่อนุญาต กรุณาคัดลอกเฉพาะข้อมูลลงในแบบฟอร์ม",
                    f"The Excel file carries {english}, which is not allowed; copy only the values into the template",
                )


def _check_links(part: bytes) -> None:
    """Links out of the file are refused, but those that Excel makes of typed e-mail addresses."""

    def start(name: str, given: dict[str, str]) -> None:
        outside = given.get("TargetMode", "").lower() == "external"
        if name == "Relationship" and outside and not given.get("Type", "").endswith("/hyperlink"):
            raise Refused(
                "ไฟล์ Excel มีลิงก์ไปยังไฟล์อื่น ซึ่งไม่อนุญาต", "The Excel file carries links to other files, which is not allowed"
            )

    scan(part, start)


def _main_part(parts: dict[str, bytes]) -> str:
    """Where the workbook is; the declared kind must be a plain workbook."""
    main: list[str] = []
    declared = parts.get("[Content_Types].xml")
    if declared is None:
        raise _no_workbook()

    def start(_name: str, given: dict[str, str]) -> None:
        kind = given.get("ContentType", "")
        if "macroEnabled" in kind or "vbaProject" in kind:
            raise Refused("ไฟล์ Excel มีมาโคร กรุณาบันทึกเป็น .xlsx", "The Excel file carries macros; save it as .xlsx")
        if kind.endswith("spreadsheetml.sheet.main+xml"):
            main.append(given.get("PartName", "").lstrip("/"))

    scan(declared, start)
    if len(main) != 1 or main[0] not in parts:
        raise _no_workbook()
    return main[0]


def _place_of(wanted: str, main: str, parts: dict[str, bytes]) -> str:
    sheets: list[tuple[str, str]] = []
    targets: dict[str, str] = {}
    folder, file = posixpath.split(main)

    def in_book(name: str, given: dict[str, str]) -> None:
        if name == "sheet":
            sheets.append((given.get("name", ""), given.get("id", "")))

    def in_links(_name: str, given: dict[str, str]) -> None:
        target = given.get("Target", "")
        targets[given.get("Id", "")] = target[1:] if target.startswith("/") else posixpath.join(folder, target)

    scan(parts[main], in_book)
    scan(parts.get(posixpath.join(folder, "_rels", f"{file}.rels"), b"<none/>"), in_links)
    named = [id_ for name, id_ in sheets if name.strip() == wanted] or [id_ for _, id_ in sheets]
    place = posixpath.normpath(targets.get(named[0], "")) if named else ""
    if place not in parts:
        raise _no_workbook()
    return place


def _no_workbook() -> Refused:
    return Refused(
        "ไฟล์ Excel ไม่มีแผ่นงานที่อ่านได้ กรุณาใช้แบบฟอร์มที่ดาวน์โหลดจากระบบ",
        "The Excel file has no sheet that can be read; use the template",
    )


def _strings(part: bytes) -> list[str]:
    """The table of shared texts; how a name is read aloud (rPh) is not part of it."""
    found: list[str] = []
    piece: list[str] = []
    state = {"in": False, "aloud": 0}
    letters = 0

    def start(name: str, _given: dict[str, str]) -> None:
        if name == "si":
            piece.clear()
        elif name == "rPh":
            state["aloud"] += 1
        state["in"] = name == "t" and not state["aloud"]

    def end(name: str) -> None:
        nonlocal letters
        state["in"] = False
        if name == "rPh":
            state["aloud"] -= 1
        elif name == "si":
            found.append("".join(piece))
            letters += len(found[-1])
            if len(found) > _MOST_STRINGS or letters > _MOST_LETTERS:
                raise _too_much()

    def text(words: str) -> None:
        if state["in"]:
            piece.append(words)

    if part:
        scan(part, start, end, text)
    return found


def _too_much() -> Refused:
    return Refused(
        f"แผ่นงานมีข้อมูลมากเกินไป รับได้ไม่เกิน {MOST_ROWS:,} แถว {MOST_COLUMNS} คอลัมน์",
        f"The sheet holds too much; at most {MOST_ROWS:,} rows and {MOST_COLUMNS} columns",
    )


class _Sheet:
    """Gathers the cells of a sheet while it is read."""

    def __init__(self, strings: list[str]) -> None:
        self.rows: Rows = []
        self._strings = strings
        self._number = self._column = 0
        self._where = self._kind = ""
        self._in_value = False
        self._row: dict[int, str] = {}
        self._pieces: list[str] = []

    def start(self, name: str, given: dict[str, str]) -> None:
        if name == "row":
            number = given.get("r", "")
            self._number = int(number) if number.isascii() and number.isdigit() else self._number + 1
            self._column = 0
            self._row.clear()
        elif name == "c":
            where = _CELL.fullmatch(given.get("r", ""))
            self._column = _column(where[1]) if where else self._column + 1
            self._where, self._kind = given.get("r", ""), given.get("t", "n")
            self._pieces.clear()
        elif name == "f":
            raise Refused(
                f"เซลล์ {self._where} มีสูตร กรุณาวางเป็นค่า (Paste Values) แล้วบันทึกใหม่",
                f"Cell {self._where} holds a formula; paste it as a value and save again",
            )
        self._in_value = name in ("v", "t")

    def end(self, name: str) -> None:
        self._in_value = False
        if name == "c" and self._pieces:
            if self._column > MOST_COLUMNS:
                raise _too_much()
            value = _value(self._kind, "".join(self._pieces), self._strings)
            if value.strip():
                self._row[self._column] = value[:LONGEST_CELL]
        elif name == "row" and self._row:
            cells = [self._row.get(column, "") for column in range(1, max(self._row) + 1)]
            self.rows.append((self._number, cells))
            if len(self.rows) > MOST_ROWS:
                raise _too_much()

    def text(self, words: str) -> None:
        if self._in_value:
            self._pieces.append(words)


def _cells(part: bytes, strings: list[str]) -> Rows:
    sheet = _Sheet(strings)
    scan(part, sheet.start, sheet.end, sheet.text)
    return sheet.rows


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _value(kind: str, raw: str, strings: list[str]) -> str:
    if kind == "s":
        index = int(raw) if raw.isascii() and raw.isdigit() else -1
        if not 0 <= index < len(strings):
            raise Refused("ไฟล์ Excel เสียหาย (ตารางข้อความ)", "The Excel file is damaged (its table of texts)")
        return strings[index]
    if kind == "n":
        try:
            number = Decimal(raw)
            return format(number.to_integral_value() if number == number.to_integral_value() else number, "f")
        except (InvalidOperation, ValueError):
            return raw
    return raw
