"""The demonstration's registry of rights: invented people of every class and every age that matters.

Ages are kept relative to the day that is asked about, so that whoever is 15 today is 15 in a year, too; the birth date
is counted back from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from app.adapters.demo_patients import PATIENTS, Patient, passer_by
from workflows.rules import rights

SOURCE = "demo"
_BY_PID = {patient.pid: patient for patient in PATIENTS}


class DemoSilent(OSError):
    """This invented person's registry never answers, so that one can see what happens then."""


class DemoRegistry:
    """The port ``RightsRegistry`` of a demonstration."""

    source = SOURCE

    def look_up(self, pid: str, on: date) -> Mapping[str, Any] | None:
        """See ``workflows.ports.RightsRegistry``."""
        patient = _BY_PID.get(pid) or passer_by(pid)
        if patient is None:
            return None
        if patient.silent:
            raise DemoSilent("the registry of the demonstration does not answer for this person")
        return answer(patient, on)


def born(patient: Patient, on: date) -> date:
    """The birth date that makes the person as old as told on this day, the birthday ``since`` days ago."""
    if patient.born:
        return patient.born
    year = on.year - patient.age
    birthday = date(year, on.month, 28 if (on.month, on.day) == (2, 29) else on.day)
    return birthday - timedelta(days=patient.since)


def answer(patient: Patient, on: date) -> dict[str, Any]:
    """What the registry says of an invented person."""
    birth = born(patient, on)
    knows_month, knows_day = patient.birth_known != "year", patient.birth_known == "day"
    return {
        "title": patient.title,
        "first_name": patient.first_name,
        "last_name": patient.last_name,
        "sex": patient.sex,
        "birth_year": birth.year,
        "birth_month": birth.month if knows_month else None,
        "birth_day": birth.day if knows_day else None,
        "address": patient.address,
        "main_class": patient.main_class,
        "main_name": rights.CLASSES[patient.main_class],
        "sub_class": patient.sub_class,
        "sub_name": patient.sub_name,
        "starts_on": on.replace(month=1, day=1).isoformat() if patient.main_class != rights.VACANT else None,
        "ends_on": None,
        "model": patient.model,
        "primary": _unit(patient.primary),
        "regular": _unit(patient.regular),
        "referral": _unit(patient.referral),
        "flags": list(patient.flags),
        "quota_left": dict(patient.quota_left),
        "abnormal_drugs": [_drug(drug, on) for drug in patient.drugs],
        "not_told": [],
    }


def _unit(unit: tuple[str, str] | None) -> dict[str, str] | None:
    return {"code": unit[0], "name": unit[1]} if unit else None


def _drug(drug: tuple[Any, ...], on: date) -> dict[str, Any]:
    names = ("gpu_id", "fsn", "units", "days", "visits", "quantity", "last_unit", "last_on", "last_quantity")
    row = dict(zip(names, drug, strict=True))
    return {**row, "last_on": (on - timedelta(days=row["last_on"])).isoformat()}
