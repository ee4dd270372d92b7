"""The field for attachments. The files are stored before; a form handles their ids and references."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from forms import messages_th as say
from forms.fields import AnswerField


class FilesField(AnswerField):
    """Attachments: posted as document ids, answered as document references."""

    unposted_is_empty = True

    def __init__(self, find: Callable[[str], Mapping[str, Any] | None], **wtforms_options: Any) -> None:
        self.find = find
        super().__init__(**wtforms_options)
        self.data = []
        self.documents: list[Mapping[str, Any]] = []

    def process_data(self, value: Any) -> None:
        references = value if isinstance(value, list) else []
        ids = (each.get("documentId") for each in references if isinstance(each, Mapping))
        self._take([each for each in ids if isinstance(each, str)])

    def from_person(self, typed: list[str]) -> Any:
        if self._take([each for each in dict.fromkeys(typed) if each]):
            raise ValueError(say.UNKNOWN_FILE)
        return self.data

    def _take(self, ids: list[str]) -> bool:
        """Keeps the documents that exist; whether any does not."""
        self.documents = [document for each in ids if (document := self.find(each))]
        self.data = [_reference(document) for document in self.documents]
        return len(self.documents) < len(ids)


def _reference(document: Mapping[str, Any]) -> dict[str, Any]:
    """Camunda's document reference, made from what the register knows, never from what was posted."""
    return {
        "camunda.document.type": "camunda",
        "storeId": document.get("store_id", "database"),
        "documentId": document["id"],
        "contentHash": document["sha256"],
        "metadata": {
            "contentType": document["content_type"],
            "fileName": document["file_name"],
            "size": document["size"],
        },
    }
