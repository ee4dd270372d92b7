"""Thai text, masks, dates, titles, passwords."""

from datetime import UTC, date, datetime, time

import pytest

from workflows.rules import masking, passwords, thai_dates, thai_text, titles


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("น\u0e49\u0e4d\u0e32", "น้ำ"),  # tone mark, nikhahit, sara aa
        ("น\u0e4d\u0e49\u0e32", "น้ำ"),  # nikhahit, tone mark, sara aa
        ("ท\u0e4d\u0e32", "ทำ"),
        ("\u0e40\u0e40พทย์", "แพทย์"),
        ("\ufeffมานี\u200b  มี\u00a0นา ", "มานี มี นา"),
        ("ท\u0e48\u0e35", "ที่"),  # tone mark typed before the vowel
        ("Cafe\u0301", "Café"),
    ],
)
def test_one_spelling(typed, normal):
    assert thai_text.normalise(typed) == normal


def test_digits_and_search_key():
    assert thai_text.arabic_digits("เขต ๗ (99๐๐1)") == "เขต 7 (99001)"
    assert thai_text.thai_digits("23 พ.ย. 2569") == "๒๓ พ.ย. ๒๕๖๙"
    assert thai_text.search_key(" รพ.สต. ABC ๑") == thai_text.search_key("รพ.สต.\u200b abc 1")


def test_dictionary_order():
    in_order = [
        "กา",
        "ก้า",
        "กาย",
        "เก",
        "เก่า",
        "แก",
        "ไก่",
        "ขวัญ",
        "น้ำ",
        "แพทย์",
        "มานะ",
        "มานี",
        "เมือง",
        "ไหม",
        "อนันต์",
        "เอก",
    ]
    assert sorted(set(in_order), key=thai_text.collation_key) == in_order


@pytest.mark.parametrize(
    ("mask", "shown"),
    [
        (masking.pid("0990000000017"), "099XXXXXXXX17"),
        (masking.pid("12345"), "XXXXX"),
        (masking.name("น้ำเพชร"), "น้ำเ???"),
        (masking.name("กี้"), "กี้???"),
        (masking.name(""), ""),
        (masking.full_name("มานี", "ตัวอย่าง"), "มานี ตัว???"),
        (masking.phone("0812345678"), "081XXXX678"),
        (masking.phone("+66812345678"), "081XXXX678"),
        (masking.phone("1330"), "XXXX"),
        (masking.email("manee.t@example.go.th"), "ma???@example.go.th"),
        (masking.email("me@example.go.th"), "???@example.go.th"),
        (masking.email("broken"), "???"),
    ],
)
def test_masks(mask, shown):
    assert mask == shown


EVENING = datetime(2026, 11, 22, 17, 5, tzinfo=UTC)  # already the 23rd in Bangkok


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (thai_dates.short(EVENING), "23 พ.ย. 2569"),
        (thai_dates.short(EVENING, "en"), "23 Nov 2026"),
        (thai_dates.long(date(2026, 11, 23)), "23 พฤศจิกายน 2569"),
        (thai_dates.long(date(2026, 11, 23), weekday=True), "วันจันทร์ที่ 23 พฤศจิกายน 2569"),
        (thai_dates.long(date(2026, 11, 23), "en", weekday=True), "Monday 23 November 2026"),
        (thai_dates.clock_time(EVENING), "00:05 น."),
        (thai_dates.clock_time(time(14, 5)), "14:05 น."),
        (thai_dates.moment(EVENING, "en"), "23 Nov 2026 00:05"),
        (thai_dates.numeric(date(2026, 2, 3)), "03/02/2569"),
        (thai_dates.near(date(2026, 11, 24), date(2026, 11, 23)), "พรุ่งนี้"),
        (thai_dates.near(date(2026, 11, 22), date(2026, 11, 23), "en"), "yesterday"),
        (thai_dates.near(date(2026, 12, 1), date(2026, 11, 23)), "1 ธ.ค. 2569"),
    ],
)
def test_dates_are_shown_in_the_buddhist_era(text, shown):
    assert text == shown


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("23/11/2569", date(2026, 11, 23)),
        ("๒๓/๑๑/๒๕๖๙", date(2026, 11, 23)),
        ("1-2-2569", date(2026, 2, 1)),
        ("23 พ.ย. 2569", date(2026, 11, 23)),
        ("23 พฤศจิกายน พ.ศ. 2569", date(2026, 11, 23)),
        ("29/02/2567", date(2024, 2, 29)),
        ("2026-11-23", date(2026, 11, 23)),
        ("23/11/2026", thai_dates.NOT_BUDDHIST),
        ("23/11/69", thai_dates.NOT_BUDDHIST),
        ("2569-11-23", thai_dates.NOT_BUDDHIST),
        ("29/02/2569", thai_dates.NOT_A_DATE),
        ("31/04/2569", thai_dates.NOT_A_DATE),
        ("2026-13-01", thai_dates.NOT_A_DATE),
        ("23 นิล 2569", thai_dates.NOT_A_DATE),
        ("0000-00-00", thai_dates.NOT_A_DATE),
        ("พรุ่งนี้", thai_dates.NOT_A_DATE),
        ("", thai_dates.NOT_A_DATE),
    ],
)
def test_typed_dates(typed, read):
    assert thai_dates.parse_date(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("14:05", time(14, 5)),
        ("9.30 น.", time(9, 30)),
        ("๐๘:๐๐", time(8)),
        ("08:00:00", time(8)),
        ("24:00", thai_dates.NOT_A_TIME),
        ("8:60", thai_dates.NOT_A_TIME),
        ("เที่ยง", thai_dates.NOT_A_TIME),
    ],
)
def test_typed_times(typed, read):
    assert thai_dates.parse_time(typed) == read


@pytest.mark.parametrize(
    ("typed", "split"),
    [
        ("นางสาวมานี", ("นางสาว", "มานี")),
        ("น.ส. มานี", ("นางสาว", "มานี")),
        ("ว่าที่ ร.ต.ชูใจ", ("ว่าที่ร้อยตรี", "ชูใจ")),
        ("มานี", ("", "มานี")),
        ("นาย", ("", "นาย")),
    ],
)
def test_titles(typed, split):
    assert titles.split(typed) == split


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("short and sweet"[:14], passwords.TOO_SHORT),
        ("x" * 129, passwords.TOO_LONG),
        ("passwordpassword", passwords.GUESSABLE),
        ("123456789012345", passwords.GUESSABLE),
        ("qwertyuiopasdfgh", passwords.GUESSABLE),
        ("aaaaaaaaaaaaaaaaaaaa", passwords.GUESSABLE),
        ("NHSO-hospital-2569", passwords.GUESSABLE),
        ("รหัสผ่านโรงพยาบาล1", passwords.GUESSABLE),
        ("manee.tuayang99001", passwords.GUESSABLE),
        ("ช้างเดินข้ามสะพานไม้", None),
        ("quiet otter paints maps", None),
        ("ｑｕｉｅｔ ｏｔｔｅｒ ｐａｉｎｔｓ", None),  # full-width letters are the same letters
    ],
)
def test_passwords(password, problem):
    assert passwords.problem(password, ["manee.tuayang", "99001", "manee.t@example.go.th"]) == problem
