"""The registers as an administrator sees them: one description each, from which pages and forms are made."""

from app.registers.catalogue import ROLES, SYSTEMS
from app.registers.contacts import CONTACTS
from app.registers.counter import ILLNESSES, PROFESSIONS, REASONS, SERVICES
from app.registers.description import Description
from app.registers.organisations import ORGANISATIONS

_ALL = (ORGANISATIONS, SYSTEMS, ROLES, CONTACTS, SERVICES, PROFESSIONS, REASONS, ILLNESSES)
DESCRIPTIONS: dict[str, Description] = {each.table.name: each for each in _ALL}

__all__ = ["DESCRIPTIONS", "Description"]
