"""The sheet: A4, margins of an official letter, emblem, and a foot with reference and page numbers."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

from reportlab.lib.pagesizes import A4, A6, landscape
from reportlab.lib.units import cm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

from app.adapters.pdf.fonts import REGULAR, draw, width

LEFT_MARGIN, RIGHT_MARGIN, TOP_MARGIN, BOTTOM_MARGIN = 3 * cm, 2 * cm, 2 * cm, 2 * cm
TEXT_WIDTH = A4[0] - LEFT_MARGIN - RIGHT_MARGIN
SLIP_MARGIN = 0.8 * cm
SLIP_WIDTH = A6[0] - 2 * SLIP_MARGIN
EMBLEM = 3 * cm
"""Height of the emblem, which stands 1.5 cm below the edge of the first page."""

_FOOT_SIZE = 9


def pdf(
    story: Sequence[Any],
    *,
    title: str,
    author: str,
    foot: str = "",
    emblem: bytes | None = None,
    emblem_space: bool = False,
    wide: bool = False,
    slip: bool = False,
) -> bytes:
    """The bytes of a paper; the same story gives the same bytes.

    ``foot`` stands on every page beside the page number. ``emblem`` is a picture (PNG, JPEG) for the head of the first
    page; ``emblem_space`` leaves its room free also without one, for paper that has it printed already. A ``slip`` is
    A6 without a foot.
    """
    out = io.BytesIO()
    size = A6 if slip else landscape(A4) if wide else A4
    margin = SLIP_MARGIN if slip else RIGHT_MARGIN if wide else LEFT_MARGIN
    right, bottom = (SLIP_MARGIN, SLIP_MARGIN) if slip else (RIGHT_MARGIN, BOTTOM_MARGIN)
    room = size[0] - margin - right
    top = SLIP_MARGIN if slip else TOP_MARGIN
    head = 1.5 * cm + EMBLEM + 0.3 * cm if emblem or emblem_space else top
    document = BaseDocTemplate(
        out, pagesize=size, title=title, author=author, lang="th-TH", invariant=1, initialFontName=REGULAR
    )

    def first_page(canvas: Any, _: Any) -> None:
        if emblem:
            picture = ImageReader(io.BytesIO(emblem))
            across = EMBLEM * picture.getSize()[0] / picture.getSize()[1]
            left, bottom = (size[0] - across) / 2, size[1] - 1.5 * cm - EMBLEM
            canvas.drawImage(picture, left, bottom, across, EMBLEM, mask="auto")

    def frame(top: float) -> Frame:
        return Frame(margin, bottom, room, size[1] - bottom - top, 0, 0, 0, 0)

    document.addPageTemplates(
        [
            PageTemplate("first", [frame(head)], onPage=first_page, autoNextPageTemplate="next"),
            PageTemplate("next", [frame(top)]),
        ]
    )
    document.build(list(story), canvasmaker=Canvas if slip else _numbered(foot, margin))
    return out.getvalue()


def _numbered(foot: str, margin: float) -> Callable[..., Canvas]:
    """A canvas that writes the foot when it knows how many pages there are."""

    class Numbered(Canvas):
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            self._kept: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802
            self._kept.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, kept in enumerate(self._kept, 1):
                self.__dict__.update(kept)
                self._foot(f"หน้า {number}/{len(self._kept)}")
                super().showPage()
            super().save()

        def _foot(self, page: str) -> None:
            self.setFillGray(0.35)
            draw(self, margin, 1.1 * cm, foot, REGULAR, _FOOT_SIZE)
            right = self._pagesize[0] - RIGHT_MARGIN - width(page, REGULAR, _FOOT_SIZE)
            draw(self, right, 1.1 * cm, page, REGULAR, _FOOT_SIZE)

    return Numbered
