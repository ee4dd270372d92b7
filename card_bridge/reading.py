"""Reading one card from beginning to end, so that no two people are ever mixed."""

from __future__ import annotations

from dataclasses import dataclass

from card_bridge import apdu
from card_bridge.apdu import Channel
from card_bridge.card import CITIZEN_ID, PHOTO, TEXT_BLOCKS, Card, decode, photo
from card_bridge.errors import CardError


@dataclass(frozen=True, slots=True)
class Read:
    """A card as it was read. ``photo`` is a JPEG, or None when it was not asked for or the card has none."""

    card: Card
    photo: bytes | None


def read_card(channel: Channel, *, with_photo: bool = False) -> Read:
    """Read the text, and the photo if asked. Raises CardError; card_removed if another card took this one's place."""
    apdu.select(channel, apdu.MOI)
    first, second = (apdu.read(channel, *block) for block in TEXT_BLOCKS)
    card = decode(first, second)
    picture = photo(apdu.read(channel, *PHOTO)) if with_photo else None
    if apdu.read(channel, *CITIZEN_ID).decode("ascii", "replace") != card.citizen_id:
        raise CardError("card_removed", "another card took its place")
    return Read(card, picture)
