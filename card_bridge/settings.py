"""The bridge's settings: one JSON file in the user's configuration folder, written by enrolling."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

DEFAULT_PORT = 28189


class SettingsError(Exception):
    """The settings file is wrong; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """``server`` is the origin readings are made for; ``origins`` the pages that may ask. ``compatible`` answers the
    calls of older hospital programs; ``outbound`` lets the server ask instead of the browser."""

    directory: Path
    port: int = DEFAULT_PORT
    server: str = ""
    device_id: str = ""
    origins: tuple[str, ...] = field(default=())
    outbound: bool = False
    compatible: bool = False
    test_readers: bool = False

    @property
    def enrolled(self) -> bool:
        return bool(self.device_id)

    @property
    def file(self) -> Path:
        return self.directory / "settings.json"

    def save(self) -> None:
        """Write the file whole or not at all."""
        self.directory.mkdir(parents=True, exist_ok=True)
        fresh = self.file.with_suffix(".new")
        stored = {name: value for name, value in asdict(self).items() if name != "directory"}
        fresh.write_text(json.dumps(stored, indent=2), "utf-8")
        os.replace(fresh, self.file)


def default_directory() -> Path:
    """Where this system keeps settings of programs."""
    if found := os.environ.get("CARD_BRIDGE_DIRECTORY"):
        return Path(found)
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", home / "AppData" / "Roaming")) / "SitthiCardBridge"
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "SitthiCardBridge"
    return Path(os.environ.get("XDG_CONFIG_HOME", home / ".config")) / "sitthi-card-bridge"


def load(directory: Path) -> Settings:
    """The settings, or the defaults if there are none yet. Raises SettingsError."""
    settings = Settings(directory)
    if not settings.file.exists():
        return settings
    try:
        stored: dict[str, Any] = json.loads(settings.file.read_text("utf-8"))
        known = {name: stored[name] for name in asdict(settings) if name in stored and name != "directory"}
        settings = replace(settings, **{**known, "origins": tuple(known.get("origins", ()))})
        check(settings)
    except (ValueError, TypeError, AttributeError) as error:
        raise SettingsError(f"{settings.file}: {error}. Mend the file, or delete it and enrol again") from error
    return settings


def check(settings: Settings) -> None:
    """Raise ValueError for settings that would open more than they should."""
    if not isinstance(settings.port, int) or not 1024 <= settings.port <= 65535:
        raise ValueError("port must be a number from 1024 to 65535")
    for address in (*settings.origins, *([settings.server] if settings.server else [])):
        if origin_of(address) != address:
            raise ValueError(f"{address!r} is not an origin such as https://sitthi.example")


def origin_of(address: str) -> str:
    """Scheme, host and port of an address. Raises ValueError unless it is https, or http on this very computer."""
    parts = urlsplit(address)
    if parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "localhost"):
        raise ValueError("the server's address must begin with https://")
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError(f"{address!r} is not a web address")
    return f"{parts.scheme}://{parts.netloc}".lower()
