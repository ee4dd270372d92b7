"""Where the provinces' seats are and how far a place is from one: a sanity check of coordinates, not a map.

Latitudes and longitudes are degrees (WGS 84), distances kilometres on a sphere. The seats are given to about a
hundredth of a degree (1 km), as commonly published.
"""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

from workflows.errors import Text

LATITUDES, LONGITUDES = (5.5, 20.6), (97.2, 105.8)
"""Between which degrees Thailand lies."""
FAR = 150.0
"""Above how many kilometres from the seat a place must be confirmed: no province is that wide around its seat, but a
few (Mae Hong Son, Tak, Kanchanaburi) come near."""
_EARTH = 6371.0
NOT_IN_THAILAND = Text(
    "พิกัดนี้อยู่นอกประเทศไทย ละติจูดอยู่ระหว่าง 5.5 ถึง 20.6 และลองจิจูดระหว่าง 97.2 ถึง 105.8 ตรวจว่าสลับสองค่ากันหรือไม่",
    "This is outside Thailand: the latitude lies between 5.5 and 20.6, the longitude between 97.2 and 105.8; "
    "check whether the two were swapped",
)

SEATS: dict[str, tuple[float, float]] = {
    "กรุงเทพมหานคร": (13.75, 100.50),
    "กระบี่": (8.06, 98.92),
    "กาญจนบุรี": (14.02, 99.53),
    "กาฬสินธุ์": (16.43, 103.51),
    "กำแพงเพชร": (16.48, 99.52),
    "ขอนแก่น": (16.43, 102.83),
    "จันทบุรี": (12.61, 102.10),
    "ฉะเชิงเทรา": (13.69, 101.08),
    "ชลบุรี": (13.36, 100.98),
    "ชัยนาท": (15.19, 100.13),
    "ชัยภูมิ": (15.81, 102.03),
    "ชุมพร": (10.49, 99.18),
    "เชียงราย": (19.91, 99.83),
    "เชียงใหม่": (18.79, 98.98),
    "ตรัง": (7.56, 99.61),
    "ตราด": (12.24, 102.51),
    "ตาก": (16.88, 99.13),
    "นครนายก": (14.21, 101.21),
    "นครปฐม": (13.82, 100.06),
    "นครพนม": (17.41, 104.78),
    "นครราชสีมา": (14.97, 102.10),
    "นครศรีธรรมราช": (8.43, 99.96),
    "นครสวรรค์": (15.70, 100.14),
    "นนทบุรี": (13.86, 100.51),
    "นราธิวาส": (6.43, 101.82),
    "น่าน": (18.78, 100.78),
    "บึงกาฬ": (18.36, 103.65),
    "บุรีรัมย์": (15.00, 103.10),
    "ปทุมธานี": (14.02, 100.53),
    "ประจวบคีรีขันธ์": (11.81, 99.80),
    "ปราจีนบุรี": (14.05, 101.37),
    "ปัตตานี": (6.87, 101.25),
    "พระนครศรีอยุธยา": (14.35, 100.57),
    "พะเยา": (19.17, 99.90),
    "พังงา": (8.45, 98.53),
    "พัทลุง": (7.62, 100.07),
    "พิจิตร": (16.44, 100.35),
    "พิษณุโลก": (16.82, 100.27),
    "เพชรบุรี": (13.11, 99.94),
    "เพชรบูรณ์": (16.42, 101.16),
    "แพร่": (18.14, 100.14),
    "ภูเก็ต": (7.88, 98.39),
    "มหาสารคาม": (16.18, 103.30),
    "มุกดาหาร": (16.54, 104.72),
    "แม่ฮ่องสอน": (19.30, 97.97),
    "ยโสธร": (15.79, 104.15),
    "ยะลา": (6.54, 101.28),
    "ร้อยเอ็ด": (16.05, 103.65),
    "ระนอง": (9.96, 98.63),
    "ระยอง": (12.68, 101.28),
    "ราชบุรี": (13.54, 99.82),
    "ลพบุรี": (14.80, 100.61),
    "ลำปาง": (18.29, 99.49),
    "ลำพูน": (18.58, 99.01),
    "เลย": (17.49, 101.72),
    "ศรีสะเกษ": (15.12, 104.32),
    "สกลนคร": (17.16, 104.15),
    "สงขลา": (7.20, 100.60),
    "สตูล": (6.62, 100.07),
    "สมุทรปราการ": (13.60, 100.60),
    "สมุทรสงคราม": (13.41, 100.00),
    "สมุทรสาคร": (13.55, 100.27),
    "สระแก้ว": (13.82, 102.06),
    "สระบุรี": (14.53, 100.91),
    "สิงห์บุรี": (14.89, 100.40),
    "สุโขทัย": (17.01, 99.82),
    "สุพรรณบุรี": (14.47, 100.12),
    "สุราษฎร์ธานี": (9.14, 99.33),
    "สุรินทร์": (14.88, 103.49),
    "หนองคาย": (17.88, 102.74),
    "หนองบัวลำภู": (17.20, 102.44),
    "อ่างทอง": (14.59, 100.45),
    "อำนาจเจริญ": (15.86, 104.63),
    "อุดรธานี": (17.41, 102.79),
    "อุตรดิตถ์": (17.62, 100.10),
    "อุทัยธานี": (15.38, 100.02),
    "อุบลราชธานี": (15.24, 104.85),
}
"""The seat of each of the 77 provinces: latitude, longitude."""


def in_thailand(latitude: float, longitude: float) -> bool:
    """Whether a point lies in the rectangle around Thailand."""
    return LATITUDES[0] <= latitude <= LATITUDES[1] and LONGITUDES[0] <= longitude <= LONGITUDES[1]


def distance(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Kilometres between two points (latitude, longitude), by the haversine formula."""
    (south, west), (north, east) = (tuple(map(radians, point)) for point in (here, there))
    half = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin((east - west) / 2) ** 2
    return 2 * _EARTH * asin(sqrt(half))


def from_seat(province: str, latitude: float, longitude: float) -> float | None:
    """Kilometres from the province's seat to a place, to a tenth; None for a province that is not known."""
    seat = SEATS.get(province)
    return round(distance(seat, (latitude, longitude)), 1) if seat else None
