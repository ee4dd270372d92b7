"""ZIP archives from strangers: looked through before anything is unpacked, and unpacked in memory up to a limit."""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from dataclasses import dataclass

from intake.refusal import Refused

_READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that an archive may hold: files, bytes of one file and bytes of all, unpacked."""

    files: int
    one: int
    all: int


class Archive:
    """The files of an archive by their names. What is not a plain, readable file is refused at once."""

    def __init__(self, data: bytes, limits: Limits, what: str) -> None:
        self._what, self._limits, self._left = what, limits, limits.all
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, OverflowError) as broken:
            raise self._broken() from broken
        self._entries: dict[str, zipfile.ZipInfo] = {}
        entries = self._zip.infolist()
        if len(entries) > limits.files:
            raise Refused(f"{what} มีไฟล์มากเกินไป ({len(entries)} ไฟล์)", f"{what} holds too many files ({len(entries)})")
        for entry in entries:
            if entry.is_dir():
                _check_name(entry.filename, what)
                continue
            self._check(entry)
            self._entries[entry.filename] = entry
        if sum(entry.file_size for entry in self._entries.values()) > limits.all:
            raise self._too_large()

    @property
    def names(self) -> list[str]:
        """The names of the files, in their order."""
        return list(self._entries)

    def read(self, name: str) -> bytes:
        """The bytes of a file, read no further than the limits allow, whatever the archive says of its size."""
        left = min(self._limits.one, self._left)
        pieces: list[bytes] = []
        try:
            with self._zip.open(self._entries[name]) as file:
                while piece := file.read(_PIECE):
                    left -= len(piece)
                    if left < 0:
                        raise self._too_large()
                    pieces.append(piece)
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError) as broken:
            raise self._broken() from broken
        found = b"".join(pieces)
        self._left -= len(found)
        return found

    def _check(self, entry: zipfile.ZipInfo) -> None:
        what = self._what
        _check_name(entry.filename, what)
        if entry.filename in self._entries:
            raise Refused(f"{what} มีไฟล์ชื่อซ้ำกัน", f"{what} holds two files of the same name")
        if entry.flag_bits & _ENCRYPTED:
            raise Refused(
                f"{what} มีรหัสผ่าน กรุณาบันทึกใหม่โดยไม่ตั้งรหัสผ่าน", f"{what} is encrypted; save it again without a password"
            )
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise Refused(f"{what} มีลิงก์แทนไฟล์ กรุณาใส่ไฟล์จริง", f"{what} holds a link in place of a file")
        if entry.compress_type not in _READABLE:
            raise Refused(
                f"{what} บีบอัดด้วยวิธีที่ไม่รองรับ กรุณาสร้างเป็น ZIP ธรรมดา",
                f"{what} is packed in an unknown way; make a plain ZIP",
            )
        if entry.file_size > self._limits.one:
            raise self._too_large()

    def _broken(self) -> Refused:
        return Refused(
            f"{self._what} เปิดไม่ได้หรือเสียหาย กรุณาสร้างใหม่แล้วส่งอีกครั้ง",
            f"{self._what} is damaged or cannot be read; make it again",
        )

    def _too_large(self) -> Refused:
        return Refused(f"{self._what} ขยายแล้วใหญ่เกินกำหนด", f"{self._what} is too large when unpacked")


def _check_name(name: str, what: str) -> None:
    """No name may point out of the archive, however a system would read it."""
    parts = re.split(r"[/\\]", name)
    if "\\" in name or ".." in parts or name.startswith("/") or ":" in name or "\0" in name or len(name) > 255:
        raise Refused(f"{what} มีชื่อไฟล์ที่ชี้ออกนอก ZIP", f"{what} holds a file name that points out of it")
