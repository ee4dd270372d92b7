"""Thai in a PDF: shaped, broken between words, and the same text when it is read back."""

from __future__ import annotations

import hashlib
import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from reportlab.pdfbase import ttfonts

from app.adapters.pdf.flowables import CENTRE, JUSTIFY, RIGHT, Paragraph, QrCode, Style, table
from app.adapters.pdf.fonts import FONTS, REGULAR, shaped, width
from app.adapters.pdf.page import TEXT_WIDTH, pdf
from app.adapters.pdf.words import Span, Word, bold, fitting, segment, whole, words
from tests.support.papers import fonts_of, pages_of, qr_codes_of, squeezed, text_of, words_of

ROOT = Path(__file__).parents[2]
HARD = "ที่ ก้ำ ปี่ น้ำ กู้ ญู ฐุ ป้า ป่ำ ฝื้น ฎู ฏู ฬ็ กั้ง ซื้อ ผู้ที่ ฟ้า เปิ้ล ปั๊ม"
SENTENCES = [
    "สำนักงาน|หลักประกัน|สุขภาพ|แห่ง|ชาติ|ขอ|แจ้ง|ผล|การ|พิจารณา|คำ|ขอ|รหัส|ผู้|ใช้|งาน|ระบบ|ลง|ทะเบียน|ผู้|มี|สิทธิ",
    "ให้|ดำเนิน|การ|ให้|แล้ว|เสร็จ|ภาย|ใน|สิบ|ห้า|วัน|ทำ|การ|นับ|แต่|วัน|ที่|ได้|รับ|เอกสาร|ถูกต้อง|ครบ|ถ้วน",
    "โรงพยาบาล|ส่งเสริม|สุขภาพ|ตำบล|บ้าน|หนอง|บัว|ขอ|ปรับ|สิทธิ|การ|เข้า|ถึง|ข้อมูล|สมาร์ท|การ์ด",
    "ผู้|อำนวย|การ|กลุ่ม|งาน|เทคโนโลยี|สารสนเทศ|ได้|ตรวจ|สอบ|ความ|ถูกต้อง|ของ|หลักฐาน|แล้ว",
    "กรุณา|เก็บ|รักษา|รหัส|ผ่าน|ไว้|เป็น|ความ|ลับ|และ|ห้าม|เปิด|เผย|แก่|บุคคล|อื่น|โดย|เด็ดขาด",
    "หน่วย|บริการ|ต้อง|ยืนยัน|ตัว|ตน|ผู้|รับ|บริการ|ด้วย|บัตร|ประจำ|ตัว|ประชาชน|ก่อน|ขอ|เลข|อนุมัติ|การ|เข้า|รับ|บริการ",
    "กรณี|เอกสาร|ไม่|ครบ|เจ้าหน้าที่|จะ|ส่ง|คืน|คำ|ขอ|เพื่อ|ให้|แก้ไข|และ|หยุด|นับ|ระยะ|เวลา|ชั่วคราว",
    "จึง|เรียน|มา|เพื่อ|โปรด|ทราบ|และ|แจ้ง|เจ้าหน้าที่|ผู้|เกี่ยวข้อง|ทราบ|โดย|ทั่วกัน",
]
"""Official sentences cut by hand as finely as a line may ever break."""
KNOWN_FALSE_BREAKS = 2
"""Of the pinned word breaker in these sentences: หลัก|ประกัน and ทั่ว|กัน, joints of compounds."""

NAME = "นางสาวกัญญารัตน์ ศรีสุวรรณพงษ์"
LONG_NAME = "ว่าที่ร้อยตรีหญิงณัฐฐิญาลักษณ์มณีวรรณศรีสุวรรณพงษ์ น้ำเพชรรุ่งเรืองวัฒนากุลไพศาลสมบูรณ์ทรัพย์ ณ อยุธยา"


def paper(*flowables: object) -> bytes:
    return pdf(flowables, title="ทดสอบ", author="ทดสอบ", foot="เรื่อง 69-000123-8")


@pytest.mark.parametrize("kind", [{}, {"bold": True}, {"italic": True}], ids=["regular", "bold", "italic"])
@pytest.mark.parametrize("size", [9, 14, 17])
def test_hard_words_are_read_back_as_written(kind: dict[str, bool], size: int) -> None:
    assert text_of(paper(Paragraph(Span(HARD, **kind), Style(size, left=0)))).splitlines()[0].strip() == HARD


def test_mixed_scripts_are_read_back_as_written() -> None:
    """Latin first would choose Latin shaping for a run: each script is shaped by its own rules."""
    text = "E-Claim น้ำ office AR-2569 ก้ำ (ป่ำ) ๑๒๓ รพ.สต. ครั้งแรก ๆ ฯลฯ “fi” ปี่"
    assert words_of(paper(Paragraph(text))).startswith(text)


@pytest.mark.parametrize("font", FONTS)
def test_marks_have_places_of_their_own(font: str) -> None:
    """The tone of ที่ stands above its vowel and ญ loses its foot before ู; without shaping both are drawn wrong."""
    run = shaped("ที่", font).glyphs
    assert [data.x_advance > 0 for data in run.__shapeData__] == [True, False, False]
    assert shaped("ญู", font).glyphs[0] != shaped("ญ", font).glyphs[0]
    assert width("ที่", font, 14) == pytest.approx(width("ท", font, 14), abs=0.5)


def test_no_font_is_missing_or_mute(tmp_path: Path) -> None:
    made = paper(Paragraph(["ที่", bold("ที่"), Span("ที่", italic=True)]), table(["ก"], [["ข"]], [100]))
    assert sorted(fonts_of(made, tmp_path)) == [
        (f"Sarabun-{weight}", True, True) for weight in ("Bold", "Italic", "Regular")
    ]
    assert b"Helvetica" not in made


def test_words_break_where_a_reader_would() -> None:
    wrong = []
    for sentence in SENTENCES:
        allowed = {sum(map(len, sentence.split("|")[:n])) for n in range(len(sentence.split("|")) + 1)}
        found = segment(sentence.replace("|", ""))
        assert "".join(found) == sentence.replace("|", "")
        wrong += [at for at in (sum(map(len, found[:n])) for n in range(len(found))) if at not in allowed]
    assert len(wrong) == KNOWN_FALSE_BREAKS


@pytest.mark.parametrize(
    ("content", "together"),
    [
        ("ครั้งแรก ๆ หรือ", "แรก\xa0ๆ"),
        ("(สาธิต)", "(สาธิต)"),
        ("อ.เมือง จ.ขอนแก่น", "จ.ขอนแก่น"),
        ("ข้อ ๑๒/๒๕๖๙ ของ", "๑๒/๒๕๖๙"),
        ("คำขอ AR-2569-000123 ของ", "AR-2569-000123"),
        ("กรุงเทพฯ", "ฯ"),
        (["เรียน (", whole(NAME), ") ทราบ"], f"({NAME})".replace(" ", "\xa0")),
        ("15\xa0วัน", "15\xa0วัน"),
    ],
)
def test_what_belongs_together_stays_together(content: object, together: str) -> None:
    found = ["".join(text for text, _ in word.pieces) for word in words(content)]  # type: ignore[arg-type]
    assert any(together in word for word in found), found


def test_a_name_too_long_for_its_column_is_cut_but_kept(tmp_path: Path) -> None:
    room = 80.0
    parts = fitting(words(whole(LONG_NAME))[0], 14, room)
    assert all(part.width(14) <= room for part in parts)
    assert squeezed("".join(text for part in parts for text, _ in part.pieces)) == squeezed(LONG_NAME)
    letters = fitting(Word([("ก้ำ" * 60, REGULAR)]), 14, room)
    assert all(part.width(14) <= room for part in letters)
    assert {part.pieces[0][0] for part in letters if not part.is_space} <= {"ก้", "ำ", "ก้ำ"} | set(segment("ก้ำ" * 60))
    made = paper(table(["ชื่อ"], [[whole(LONG_NAME)]] * 120, [room], size=12))
    assert squeezed(text_of(made)).count(squeezed(LONG_NAME)) == 120 - _cut_by_pages(made, LONG_NAME)
    assert pages_of(made, tmp_path) > 10


def _cut_by_pages(made: bytes, name: str) -> int:
    """How many rows run over the end of a page, so that foot and head stand between their parts."""
    pages = [squeezed(page) for page in text_of(made).split("\f")]
    return sum(squeezed(page).count(squeezed(name)) for page in pages) - sum(
        page.count(squeezed(name)) for page in pages
    )


def test_a_paragraph_runs_over_pages_and_loses_nothing(tmp_path: Path) -> None:
    text = " ".join(f"ข้อ {n} " + sentence.replace("|", "") for n in range(40) for sentence in SENTENCES)
    made = paper(Paragraph(text, Style(align=JUSTIFY, first=70)))
    assert pages_of(made, tmp_path) > 5
    pages = [page.strip().splitlines() for page in text_of(made).split("\f") if page.strip()]
    assert squeezed("".join("".join(lines[:-1]) for lines in pages)) == squeezed(text)
    assert [lines[-1].split() for lines in pages] == [
        ["เรื่อง", "69-000123-8", "หน้า", f"{n}/{len(pages)}"] for n in range(1, len(pages) + 1)
    ]


@pytest.mark.parametrize("align", [CENTRE, RIGHT, JUSTIFY])
def test_no_line_runs_out_of_its_column(align: str) -> None:
    chance = random.Random(7)
    for _ in range(20):
        room = chance.uniform(60, TEXT_WIDTH)
        pieces = [chance.choice([*SENTENCES, NAME, "E-Claim", "(สาธิต) ", "แรก ๆ ", " "]) for _ in range(30)]
        paragraph = Paragraph([text.replace("|", "") for text in pieces], Style(12, align, first=20, left=10))
        paragraph.wrap(room, 1000)
        for line in paragraph._lines or []:
            assert line.indent + sum(word.width(12) for word in line.words) <= room + 0.01
            assert not line.words or line.words[0].pieces[0][0][0] not in "ๆฯ.,)"


def test_a_table_repeats_its_head_on_every_page(tmp_path: Path) -> None:
    made = paper(table(["ลำดับ", "ชื่อ"], [[str(n), whole(NAME)] for n in range(90)], [60, 300]))
    pages = [page for page in text_of(made).split("\f") if page.strip()]
    assert len(pages) == pages_of(made, tmp_path) > 1
    assert all("ลำดับ" in page for page in pages)


def test_a_cell_longer_than_a_page_goes_on_on_the_next(tmp_path: Path) -> None:
    text = " ".join(f"{n}{sentence.replace('|', '')}" for n in range(12) for sentence in SENTENCES)
    rows = table(["ก", "ข"], [["แรก", text], ["หลัง", "จบ"]], [60, 120])
    made = paper(rows)
    assert pages_of(made, tmp_path) > 2
    lines = [line.strip() for page in text_of(made).split("\f") for line in page.strip().splitlines()[1:-1]]
    assert squeezed("".join(lines)).removeprefix("แรก").removesuffix("หลังจบ") == squeezed(text)


def test_a_qr_code_is_read_from_the_print(tmp_path: Path) -> None:
    address = "https://sitthi.example/verify/69-000123-8-17-0123456789abcdef0123456789abcdef"
    assert qr_codes_of(paper(QrCode(address, 75)), tmp_path) == [address]


def story(seed: int) -> list[object]:
    chance = random.Random(seed)
    texts = [" ".join(chance.sample(HARD.split(), 19)) for _ in range(30)]
    return [Paragraph([text, " ", bold(text[::3]), QR_TEXT]) for text in texts] + [
        QrCode(f"https://x.example/{seed}", 70)
    ]


QR_TEXT = " ABC fi 123"


def test_the_same_content_gives_the_same_bytes_also_for_two_at_once() -> None:
    alone = {seed: paper(*story(seed)) for seed in range(12)}
    assert len(set(alone.values())) == 12
    again: dict[int, bytes] = {}
    start = threading.Barrier(4)

    def draw(mine: list[int]) -> None:
        start.wait()
        for seed in mine:
            again[seed] = paper(*story(seed))

    threads = [threading.Thread(target=draw, args=(list(range(n, 12, 4)),)) for n in range(4)]
    shaped.cache_clear()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert again == alone


def test_another_process_writes_the_same_bytes() -> None:
    """Nothing depends on the order of sets or on what was drawn before."""
    program = (
        "import hashlib; from tests.papers.test_thai import paper, story;"
        "print(hashlib.sha256(paper(*story(3))).hexdigest())"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert told == {hashlib.sha256(paper(*story(3))).hexdigest().encode()}


def test_nothing_of_the_library_was_replaced() -> None:
    assert ttfonts.makeToUnicodeCMap.__module__ == ttfonts.__name__
    assert ttfonts.TTFont.addObjects.__module__ == ttfonts.__name__
