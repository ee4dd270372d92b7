"""Why a file is refused."""

from __future__ import annotations


class Refused(Exception):
    """The file cannot be taken: what is wrong and how to mend it, in Thai and in English."""

    def __init__(self, th: str, en: str) -> None:
        super().__init__(en)
        self.th, self.en = th, en
