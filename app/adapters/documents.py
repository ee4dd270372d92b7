"""Attachments on disk: checked before they are kept, sealed, outside the web root, under random names."""

from __future__ import annotations

import hashlib
import io
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, UnidentifiedImageError

from intake import pdf
from workflows.delivery import Effect
from workflows.errors import FileRejected, NotFound, Text
from workflows.sealing import Keyring

MAX_BYTES = 2 * 1024 * 1024
"""At most 2 MB a file (the rule of the request forms)."""

_MAX_PIXELS = 40_000_000
_TYPES = {".pdf": "application/pdf", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that passed all checks and lies in the store."""

    id: str
    file_name: str
    content_type: str
    size: int
    sha256: str


class DocumentStore:
    """Keeps files under ``directory``; each sealed under its own id."""

    def __init__(self, directory: Path, keyring: Keyring) -> None:
        self._directory = directory
        self._keyring = keyring

    def put(self, file_name: str, data: bytes) -> StoredFile:
        """Check and keep a file. Raises FileRejected saying what is wrong with it."""
        name = _safe_name(file_name)
        return self.keep(name, *checked(name, data))

    def keep(self, file_name: str, content_type: str, data: bytes) -> StoredFile:
        """Keep a file that was checked elsewhere."""
        id_, name = secrets.token_hex(16), _safe_name(file_name)
        path = self._path(id_)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".part")
        with partial.open("wb") as file:
            file.write(self._keyring.seal(f"document/{id_}", data))
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)
        return StoredFile(id_, name, content_type, len(data), hashlib.sha256(data).hexdigest())

    def get(self, id_: str) -> bytes:
        """The bytes of a kept file. Raises NotFound."""
        try:
            return self._keyring.unseal(f"document/{id_}", self._path(id_).read_bytes())
        except FileNotFoundError:
            raise NotFound(document=id_) from None

    def erase(self, id_: str) -> None:
        """Remove the bytes of a file; one that is not there is no fault, for whoever came before may have died."""
        self._path(id_).unlink(missing_ok=True)

    def _path(self, id_: str) -> Path:
        if len(id_) != 32 or not set(id_) <= set("0123456789abcdef"):
            raise NotFound(document=id_)
        return self._directory / id_[:2] / id_


def erases(store: DocumentStore) -> Effect:
    """The effect ``documents.erase``: the files that the rows no longer know."""

    def erase(payload: Mapping[str, Any], key: str) -> None:
        for id_ in payload["documents"]:
            store.erase(id_)

    return erase


def checked(name: str, data: bytes) -> tuple[str, bytes]:
    """Content type and clean bytes of an upload. The name's ending, the content and the size must all be right."""
    if len(data) > MAX_BYTES:
        raise FileRejected(Text(f"ไฟล์ {name} ใหญ่เกิน 2 MB กรุณาลดขนาดก่อนแนบ", f"{name} is larger than 2 MB"))
    expected = _TYPES.get(Path(name).suffix.lower())
    if expected is None:
        raise FileRejected(Text(f"ไฟล์ {name} ต้องเป็น .pdf หรือ .jpg", f"{name} must be a .pdf or .jpg file"))
    if expected == "application/pdf":
        _check_pdf(name, data)
        return expected, data
    return expected, _clean_jpeg(name, data)


def _check_pdf(name: str, data: bytes) -> None:
    match pdf.problem(data):
        case "broken":
            raise FileRejected(
                Text(
                    f"ไฟล์ {name} ไม่ใช่ PDF ที่เปิดได้ กรุณาบันทึกเป็น PDF ใหม่",
                    f"{name} is not a readable PDF; save it as PDF again",
                )
            )
        case "active":
            raise FileRejected(
                Text(
                    f"ไฟล์ {name} มีคำสั่งหรือไฟล์ฝังอยู่ กรุณาพิมพ์เป็น PDF ใหม่แล้วแนบอีกครั้ง",
                    f"{name} carries active content; print it to PDF again",
                )
            )


def _clean_jpeg(name: str, data: bytes) -> bytes:
    """The picture alone: no position of the camera, nothing appended."""
    broken = FileRejected(Text(f"ไฟล์ {name} ไม่ใช่ภาพ JPG ที่เปิดได้", f"{name} is not a readable JPG picture"))
    if not data.startswith(b"\xff\xd8\xff"):
        raise broken
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
            if image.width * image.height > _MAX_PIXELS:
                raise FileRejected(Text(f"ภาพ {name} มีจำนวนจุดมากเกินไป", f"{name} has too many pixels"))
            image.load()
            turned = image.convert("RGB") if image.mode not in ("RGB", "L") else image
            out = io.BytesIO()
            turned.save(out, "JPEG", quality=88)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise broken from error
    return out.getvalue()


def _safe_name(name: str) -> str:
    """The last part of the name without control characters, at most 120 letters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    clean = "".join(letter for letter in last if letter.isprintable()).strip(". ") or "file"
    stem, suffix = os.path.splitext(clean)
    return stem[: 120 - len(suffix)] + suffix
