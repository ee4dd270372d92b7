"""Sending mail through SMTP, or keeping it for the demonstration outbox."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import formatdate
from hashlib import sha256
from typing import Any

from config import MailServer
from workflows.delivery import Captured


class SmtpMail:
    """The effect ``mail``: payload ``to``, ``subject``, ``text``.

    The key becomes the Message-ID, so that a mail sent twice after a crash is recognisably the same.
    """

    def __init__(self, server: MailServer, sender: str) -> None:
        self._server = server
        self._sender = sender

    def __call__(self, payload: Mapping[str, Any], key: str) -> None:
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = str(payload["to"])
        message["Subject"] = str(payload["subject"]).replace("\n", " ")
        message["Date"] = formatdate(localtime=False)
        message["Message-ID"] = f"<{sha256(key.encode()).hexdigest()[:32]}@{self._sender.rpartition('@')[2]}>"
        message.set_content(str(payload["text"]))
        with smtplib.SMTP(self._server.host, self._server.port, timeout=20) as smtp:
            if self._server.starttls:
                smtp.starttls(context=ssl.create_default_context())
            if self._server.user:
                smtp.login(self._server.user, self._server.password)
            smtp.send_message(message)


def captured(payload: Mapping[str, Any], key: str) -> None:
    """The effect of an installation without this channel: the message is kept and shown, not sent."""
    raise Captured(key)
