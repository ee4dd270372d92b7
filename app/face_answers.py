"""Bringing the face app's answer to the case that waits for it: once, however often it is sent."""

from __future__ import annotations

from collections.abc import Mapping

from app.access import product
from app.adapters import face
from workflows.actor import Actor
from workflows.clock import real_now
from workflows.commands.publish_message import PublishMessage
from workflows.errors import NotAllowed, Text

APP = Actor("system:face", "แอปสแกนใบหน้า")
_NOT_BELIEVED = Text("ไม่รับคำตอบนี้: {why}", "This answer is not accepted: {why}")


def receive(headers: Mapping[str, str], body: bytes) -> face.Answer:
    """Take a signed answer. Raises NotAllowed (not the app's), Conflict (seen before), NotFound (nobody waits)."""
    wired = product()
    try:
        answer = face.read(face.key_of(wired.settings, wired.keyring), headers, body, real_now())
    except face.Unbelievable as unbelievable:
        raise NotAllowed(_NOT_BELIEVED.format(why=str(unbelievable))) from unbelievable
    once = wired.keyring.digest("face-answer", f"{answer.session}\0{answer.transaction}")
    command = PublishMessage(
        "face_result",
        answer.session,
        answer.variables(),
        2 * face.FRESH,  # a repeat is known as long as its signature would pass
        message_id=f"face:{once}",
        must_correlate=True,
    )
    wired.runtime.execute(command, APP)
    return answer
