"""User names of the two realms.

Inside the Data Center (DC): thirteen digits, YY (Buddhist year) + MM + five-digit unit code + four-digit running number
of that unit and month. Outside it (NDC): N + five-digit unit code + four-digit running number of the unit; tied to the
unit, because a name made of the citizen ID would give that away. An OSS self-registered name begins with S. Any other
all-digit name counts as a DC account.
"""

from __future__ import annotations

import re
from datetime import date

_UNIT = re.compile(r"[0-9]{5}")
_DIGITS = re.compile(r"[0-9]+")
_OSS = re.compile(r"[Ss][0-9A-Za-z]{3,}")
_MOST_PER_SERIES = 9999


def dc_username(on: date, unit_code: str, running: int) -> str:
    """The name made on a Bangkok day for the running-th new account of a unit in that month (1 to 9999)."""
    if not _UNIT.fullmatch(unit_code) or not 1 <= running <= _MOST_PER_SERIES:
        raise ValueError("a DC user name needs a five-digit unit code and a running number from 1 to 9999")
    return f"{(on.year + 543) % 100:02d}{on.month:02d}{unit_code}{running:04d}"


def dc_series(on: date, unit_code: str) -> str:
    """The series whose running number :func:`dc_username` takes; it begins anew each month."""
    return f"dc:{on.year + 543}-{on.month:02d}:{unit_code}"


def ndc_username(unit_code: str, running: int) -> str:
    """The name of the running-th account of a unit outside the Data Center (1 to 9999)."""
    if not _UNIT.fullmatch(unit_code) or not 1 <= running <= _MOST_PER_SERIES:
        raise ValueError("an NDC user name needs a five-digit unit code and a running number from 1 to 9999")
    return f"N{unit_code}{running:04d}"


def ndc_series(unit_code: str) -> str:
    """The series whose running number :func:`ndc_username` takes."""
    return f"ndc:{unit_code}"


def oss_username(unit_code: str, running: int) -> str:
    """The name of the running-th account that registered itself in OSS for a unit (1 to 9999)."""
    if not _UNIT.fullmatch(unit_code) or not 1 <= running <= _MOST_PER_SERIES:
        raise ValueError("an OSS user name needs a five-digit unit code and a running number from 1 to 9999")
    return f"S{unit_code}{running:04d}"


def oss_series(unit_code: str) -> str:
    """The series whose running number :func:`oss_username` takes."""
    return f"oss:{unit_code}"


def unit_part(organisation_code: str) -> str:
    """The five digits of an organisation in a user name: a unit's own code, or 00000 for organisations without one."""
    return organisation_code if _UNIT.fullmatch(organisation_code) else "00000"


def counts_as_dc(username: str) -> bool:
    """Whether a name is one of the old or new DC realm: digits only."""
    return bool(_DIGITS.fullmatch(username))


def is_oss_registered(username: str) -> bool:
    """Whether a name was made by self-registration in OSS."""
    return bool(_OSS.fullmatch(username))
