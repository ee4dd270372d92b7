"""Sarabun in every weight that papers use, shaped by HarfBuzz.

Every glyph of a font gets a code of its own when the font is loaded, so that shaping assigns nothing later and several
threads may draw at once. A PDF reader gets the text back in two ways: each run carries its source as ``ActualText``,
and the font says of each glyph which letters it stands for.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import fontpkg_sarabun
import uharfbuzz
from fontTools.ttLib import TTFont as FontFile
from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfbase.ttfonts import SUBSETN, ShapeData, ShapedStr, TTFont

REGULAR, BOLD, ITALIC = "Sarabun", "Sarabun-Bold", "Sarabun-Italic"
FONTS = {REGULAR: "Sarabun-Regular.ttf", BOLD: "Sarabun-Bold.ttf", ITALIC: "Sarabun-Italic.ttf"}

_GLYPHS = 0xF0000  # glyph n has the private code point _GLYPHS + n; no text can hold one of the font's own
_PARTS = re.compile(r"[\u0e01-\u0e5b]+|[^\u0e01-\u0e5b]+")
_FEATURES = {"kern": True, "liga": True}


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one font, ready to draw: ``glyphs`` as reportlab takes them, ``width`` in thousandths of the size."""

    text: str
    font: str
    glyphs: Any
    width: float


class ThaiFont(TTFont):
    """A TrueType font whose glyphs are chosen by HarfBuzz and whose text can be extracted."""

    def __init__(self, name: str, file_name: str) -> None:
        super().__init__(name, file_name, asciiReadable=False)
        blob = uharfbuzz.Blob.from_file_path(file_name)
        self._shaper = uharfbuzz.Font(uharfbuzz.Face(blob))
        self._making = threading.Lock()
        self._letters = letters_of_glyphs(file_name)
        face = self.face
        widths = FontFile(file_name, lazy=True)["hmtx"].metrics.values()
        for glyph, (advance, _) in enumerate(widths):
            face.charToGlyph[_GLYPHS + glyph] = glyph
            face.charWidths[_GLYPHS + glyph] = face._pdfScale(advance)

    def shape(self, text: str) -> Run:
        """The glyphs of a text. Thai and other scripts are shaped apart: the rules of one do not fit the other."""
        codes, data, start, width = [], [], 0, 0.0
        for part in _PARTS.findall(text):
            buffer = uharfbuzz.Buffer()
            buffer.add_str(part)
            buffer.direction, buffer.language = "ltr", "th"
            buffer.script = "Thai" if "\u0e01" <= part[0] <= "\u0e5b" else "Latn"
            uharfbuzz.shape(self._shaper, buffer, _FEATURES)
            for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
                space = part[info.cluster].isspace() and place.x_offset == 0
                code = 32 if space else _GLYPHS + info.codepoint  # a real space, which justified lines can stretch
                advance = self.face._pdfScale(place.x_advance)
                x, y = self.face._pdfScale(place.x_offset), self.face._pdfScale(place.y_offset)
                codes.append(chr(code))
                data.append(ShapeData(start + info.cluster, advance, 0, x, y, self.face.charWidths[code]))
                width += advance
            start += len(part)
        return Run(text.replace("\xa0", " "), self.fontName, ShapedStr("".join(codes), data), width)

    def addObjects(self, doc: Any) -> None:  # noqa: N802 - reportlab's name
        """Put the used glyphs into the document: as reportlab does, but with letters for every glyph and one thread at
        a time, because reading the font file moves a position in it."""
        state = self.state[doc]
        state.frozen = 1
        for number, subset in enumerate(state.subsets):
            internal_name = self.getSubsetInternalName(number, doc)[1:]
            base_name = b"".join((SUBSETN(number), b"+", self.face.name, self.face.subfontNameX)).decode("pdfdoc")
            font = pdfdoc.PDFTrueTypeFont()
            font.Name, font.BaseFont = internal_name, base_name
            font.FirstChar, font.LastChar = 0, len(subset) - 1
            font.Widths = pdfdoc.PDFArray([self.face.getCharWidth(code) for code in subset])
            stream = pdfdoc.PDFStream()
            stream.content = self._to_unicode(base_name, subset)
            stream.filters = [pdfdoc.PDFZCompress]
            font.ToUnicode = doc.Reference(stream, f"toUnicodeCMap:{base_name}")
            with self._making:
                font.FontDescriptor = self.face.addSubsetObjects(doc, base_name, subset)
            doc.Reference(font, internal_name)
            doc.idToObject["BasicFonts"].dict[internal_name] = font
        del self.state[doc]

    def _to_unicode(self, name: str, subset: list[int]) -> str:
        pairs = [(code, self._text_of(value)) for code, value in enumerate(subset)]
        rows = [f"<{code:02X}> <{text.encode('utf-16-be').hex().upper()}>" for code, text in pairs if text]
        return "\n".join(
            (
                "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap",
                f"/CIDSystemInfo << /Registry ({name}) /Ordering ({name}) /Supplement 0 >> def",
                f"/CMapName /{name} def\n/CMapType 2 def",
                f"1 begincodespacerange\n<00> <{len(subset) - 1:02X}>\nendcodespacerange",
                *(
                    "\n".join((f"{len(block)} beginbfchar", *block, "endbfchar"))
                    for block in (rows[at : at + 100] for at in range(0, len(rows), 100))
                ),
                "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend",
            )
        )

    def _text_of(self, code: int) -> str:
        return self._letters.get(code - _GLYPHS, "") if code >= _GLYPHS else chr(code) if code else ""


def letters_of_glyphs(file_name: str) -> dict[int, str]:
    """Which letters each glyph of a font stands for: by its character map, and by its substitutions from there on."""
    font = FontFile(file_name, lazy=True)
    found: dict[str, str] = {}
    for code, name in sorted(font.getBestCmap().items()):
        if not 0xE000 <= code <= 0xF8FF:  # vendors' private codes are derived, not source
            found.setdefault(name, chr(code))
    steps = [step for lookup in font["GSUB"].table.LookupList.Lookup for step in lookup.SubTable]
    before = -1
    while len(found) > before:
        before = len(found)
        for step in steps:
            step = getattr(step, "ExtSubTable", step)
            if step.LookupType == 1:
                for source, target in step.mapping.items():
                    if source in found:
                        found.setdefault(target, found[source])
            elif step.LookupType == 4:
                for first, ligatures in step.ligatures.items():
                    for ligature in ligatures:
                        parts = [found.get(name, "") for name in (first, *ligature.Component)]
                        if all(parts):
                            found.setdefault(ligature.LigGlyph, "".join(parts))
    return {number: found[name] for number, name in enumerate(font.getGlyphOrder()) if name in found}


@lru_cache(maxsize=512)
def shaped(text: str, font: str) -> Run:
    """The run of a text. Few are kept: a line of them takes some 16 kB."""
    found: ThaiFont = pdfmetrics.getFont(font)
    return found.shape(text)


@lru_cache(maxsize=20_000)
def _width(text: str, font: str) -> float:
    found: ThaiFont = pdfmetrics.getFont(font)
    return found.shape(text).width


def width(text: str, font: str, size: float) -> float:
    """How wide a text is, in points. The same words come again and again, so their widths are kept."""
    return _width(text, font) * size / 1000


def show(target: Any, run: Run) -> None:
    """Draw a run at the position of a reportlab text object, whose font and size are set, with its source text."""
    source = run.text.encode("utf-16-be").hex().upper()
    target._code.append(f"/Span <</ActualText <FEFF{source}>>> BDC {target._formatText(run.glyphs)} EMC")


def draw(canvas: Any, x: float, y: float, text: str, font: str, size: float) -> None:
    """Draw one line of text at a position of the page."""
    target = canvas.beginText(x, y)
    target.setFont(font, size)
    show(target, shaped(text, font))
    canvas.drawText(target)


for _name, _file in FONTS.items():
    pdfmetrics.registerFont(ThaiFont(_name, str(fontpkg_sarabun.ROOT / "files" / _file)))
