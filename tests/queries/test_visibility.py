"""Who sees which case, its file, its documents and its work: every role against every relation, on both databases."""

from __future__ import annotations

from typing import Any

import pytest

from app.demo.people import PEOPLE as DEMO
from tests.support.access_requests import approve, begin, send
from tests.support.world import World, person
from workflows.actor import Actor
from workflows.commands.assign_work_item import AssignWorkItem
from workflows.errors import NotAllowed, NotFound
from workflows.queries import cases, documents, visibility
from workflows.queries.work_items import open_item

VISITOR = Actor("visitor:" + "v" * 16)
VISITORS: dict[str, Actor] = {
    "a visitor with a request": VISITOR,
    "another visitor": Actor("visitor:" + "w" * 16),
    "nobody": Actor("visitor:"),
}
ALL = {"draft", "sent", "hospital", "region9", "done", "claimed"}
UNIT = {"sent", "done", "claimed"}
REGION7 = {*UNIT, "hospital"}
SEEN: dict[str, set[str]] = {
    "requester": {*UNIT, "draft"},
    "requester2": {"hospital"},
    "head": UNIT,
    "head2": {"hospital"},
    "head4": set(),
    "head5": {"region9"},
    "head6": set(),
    "pao": UNIT,
    "pho": set(),
    "region": REGION7,
    "regionchief": REGION7,
    "region9": {"region9"},
    "region13": set(),
    "owner": {"done"},
    "owner2": {"done"},
    "issuer": {"done"},
    "frontdesk": set(),
    "signatory": set(),
    "reviewer": set(),
    "auditor": ALL,
    "admin": ALL,
    "designer": ALL,  # in the demonstration only
    "a visitor with a request": {"region9"},
    "another visitor": set(),
    "nobody": set(),
}


@pytest.fixture(scope="module")
def found(shared_world: World) -> dict[str, int]:
    """A case of every relation."""
    world = shared_world
    made = {"draft": begin(world, "requester", person(1))}
    made["done"] = send(world, "requester", 2)
    approve(world, made["done"])
    world.do("issuer", "issue", confirm=True)
    made["claimed"] = send(world, "requester", 3)
    world.execute(AssignWorkItem(world.item("head", "unit_head")["id"]), "head")
    made["sent"] = send(world, "requester", 4)
    made["hospital"] = send(world, "requester2", 5, "99002")
    made["region9"] = send(world, VISITOR, 6, "99005")
    return made


def test_every_person_of_the_demonstration_is_in_the_table() -> None:
    assert {person.username for person in DEMO} | set(VISITORS) == set(SEEN)


@pytest.mark.parametrize("who", SEEN)
def test_cases_and_documents(shared_world: World, found: dict[str, int], who: str) -> None:
    world, actor = shared_world, shared_world.actor(VISITORS.get(who, who))
    names = {case_id: name for name, case_id in found.items()}
    with world.runtime.reading() as db:
        seen = {name for name, case_id in found.items() if visibility.may_see(db, actor, case_id)}
        searched = {names[row["id"]] for row in cases.search(db, actor, "")}
        own = {names[row["id"]] for row in cases.own(db, actor)}
        for name, case_id in found.items():
            number = cases.find(db, world.actor("admin"), str(case_id))["number"]
            for key in filter(None, (str(case_id), number)):
                if name in SEEN[who]:
                    assert cases.find(db, actor, key)["id"] == case_id
                else:
                    with pytest.raises(NotFound):
                        cases.find(db, actor, key)
            for document in cases.documents(db, case_id):
                visible = documents.visible(db, actor, document["id"])
                assert (visible is not None) == (name in SEEN[who])
    assert seen == SEEN[who]
    assert searched == SEEN[who] - {"draft"}
    assert own <= seen


EVERYTHING = {"auditor", "admin", "designer"}
WORK: list[tuple[str, str, set[str], set[str]]] = [
    ("draft", "roles", {"requester"}, EVERYTHING),
    ("sent", "unit_head", {"head"}, {"requester", "pao", "region", "regionchief", *EVERYTHING}),
    ("claimed", "unit_head", {"head"}, {"requester", "pao", "region", "regionchief", *EVERYTHING}),
    ("hospital", "unit_head", {"head2"}, {"requester2", "region", "regionchief", *EVERYTHING}),
    ("region9", "unit_head", {"head5"}, {"region9", "a visitor with a request", *EVERYTHING}),
]


@pytest.mark.parametrize(("case", "element", "act", "look"), WORK, ids=[row[0] for row in WORK])
def test_open_work(
    shared_world: World, found: dict[str, int], case: str, element: str, act: set[str], look: set[str]
) -> None:
    """Those it is offered to may act, those who see the case may look, nobody else learns anything."""
    world = shared_world
    with world.runtime.reading() as db:
        (item,) = cases.open_items(db, found[case])
        assert item["element_id"] == element
        for who in SEEN:
            actor = world.actor(VISITORS.get(who, who))
            in_inbox = item["id"] in {row["id"] for row in world.items(actor)}
            assert in_inbox == (who in act), who
            if who in act | look:
                shown = open_item(world.services, db, actor, item["id"])
                assert shown.may_act == (who in act), who
            else:
                with pytest.raises(NotAllowed):
                    open_item(world.services, db, actor, item["id"])


def test_an_unattached_upload_is_its_uploaders_own(shared_world: World) -> None:
    reference: dict[str, Any] = shared_world.upload("requester")
    with shared_world.runtime.reading() as db:
        for who in SEEN:
            actor = shared_world.actor(VISITORS.get(who, who))
            assert (documents.visible(db, actor, reference["documentId"]) is not None) == (who == "requester")
        assert documents.visible(db, shared_world.actor("admin"), "0" * 32) is None
