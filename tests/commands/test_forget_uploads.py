"""Files that were uploaded and became part of no case are gone after a while, rows and bytes; the rest stays."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text, update

from app.nightly import sweep
from tests.commands import samples
from tests.support import bulk_requests
from tests.support.races import naive, race
from tests.support.world import World
from workflows.actor import CLOCK
from workflows.commands.complete_work_item import CompleteWorkItem
from workflows.commands.forget_uploads import ForgetUploads
from workflows.commands.save_draft import SaveDraft
from workflows.errors import InvalidAnswers, NotAllowed, NotFound
from workflows.queries.cases import open_items
from workflows.records import BundleRow, Document, HistoryRow
from workflows.runtime import Runtime
from workflows.work import Work


def kept(world: World) -> set[str]:
    with world.runtime.reading() as db:
        return set(db.execute(select(Document.id)).scalars())


def on_disk(world: World, id_: str) -> bool:
    try:
        return bool(world.product.documents.get(id_))
    except NotFound:
        return False


def told(world: World) -> list[int]:
    with world.runtime.reading() as db:
        events = select(HistoryRow.data).where(HistoryRow.kind == "uploads.forgotten").order_by(HistoryRow.seq)
        return [data["documents"] for data in db.execute(events).scalars()]


def upload(world: World, who: str = "head") -> str:
    return str(world.upload(who, "photo.jpg")["documentId"])


def item(world: World) -> int:
    """A work item offered to the head."""
    world.deploy(one_task__bpmn=samples.ONE_TASK)
    case_id = world.start("one_task", "requester", assignee=None, users=[], groups=["unit_head:99001"]).case_id
    with world.runtime.reading() as db:
        return int(open_items(db, case_id)[0]["id"])


def test_a_week_later_only_what_cases_have_is_left(world: World) -> None:
    bound = world.upload("head")
    world.execute(CompleteWorkItem(item(world), {"letter": [bound]}), "head")
    left = {upload(world) for _ in range(3)}
    world.later(days=6, hours=23)
    fresh = upload(world)
    assert world.execute(ForgetUploads(), CLOCK) == 0
    world.later(hours=2)
    assert [world.execute(ForgetUploads(2), CLOCK) for _ in range(3)] == [2, 1, 0]
    assert kept(world) == {bound["documentId"], fresh}
    assert all(on_disk(world, id_) for id_ in left), "the bytes go after the commit"
    world.deliver()
    assert [id_ for id_ in (*left, fresh, bound["documentId"]) if on_disk(world, id_)] == [fresh, bound["documentId"]]
    assert told(world) == [2, 1]
    with pytest.raises(NotAllowed):
        world.execute(ForgetUploads(), "admin")
    world.check()


def test_bytes_that_are_gone_already_are_no_fault(world: World) -> None:
    """A worker erased them and died before it could say so."""
    id_ = upload(world)
    world.later(days=8)
    world.execute(ForgetUploads(), CLOCK)
    world.product.documents.erase(id_)
    world.deliver()
    with world.runtime.reading() as db:
        assert db.execute(text("SELECT status FROM outbox WHERE kind = 'documents.erase'")).scalars().all() == ["done"]


def test_a_saved_draft_keeps_what_it_may_name_for_ninety_days(world: World) -> None:
    work_item, id_ = item(world), world.upload("head")
    other = upload(world, "head2")
    world.execute(SaveDraft(work_item, {"letter": [id_]}), "head")
    later = upload(world)  # after the draft: it cannot name this one
    with world.database.begin() as db:
        after = world.clock.now() + timedelta(minutes=1)
        db.execute(update(Document).where(Document.id == later).values(created_at=after))
    world.later(days=8)
    assert world.execute(ForgetUploads(), CLOCK) == 2
    assert kept(world) == {id_["documentId"]}
    assert other not in kept(world)
    world.execute(CompleteWorkItem(work_item, {"letter": [id_]}), "head")
    world.later(days=365)
    assert (world.execute(ForgetUploads(), CLOCK), kept(world)) == (0, {id_["documentId"]})
    stale, waits = world.upload("head"), item(world)
    world.execute(SaveDraft(waits, {"letter": [stale]}), "head")
    world.later(days=89)
    assert world.execute(ForgetUploads(), CLOCK) == 0
    world.later(days=2)
    assert world.execute(ForgetUploads(), CLOCK) == 1
    with pytest.raises(InvalidAnswers):
        world.execute(CompleteWorkItem(waits, {"letter": [stale]}), "head")


def test_of_a_bulk_file_nobody_sent_nothing_is_left(world: World) -> None:
    bulk_requests.upload(world, "requester", [bulk_requests.listed(1)])
    sent = bulk_requests.send(world, [bulk_requests.listed(2)])
    with world.runtime.reading() as db:
        of_case = set(db.execute(select(Document.id).where(Document.case_id == sent)).scalars())
    assert len(of_case) == 2
    world.later(days=8)
    while world.execute(ForgetUploads(1), CLOCK):  # ZIP and letter apart, whichever comes first
        pass
    assert kept(world) == of_case
    with world.runtime.reading() as db:
        assert db.execute(select(func.count()).select_from(BundleRow)).scalar() == 1
    world.check()


def test_lists_of_organisations_stay(world: World) -> None:
    sheet = upload(world)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    with world.database.begin() as db:
        db.execute(update(Document).where(Document.id == sheet).values(content_type=kind))
    world.later(days=1000)
    assert (world.execute(ForgetUploads(), CLOCK), kept(world)) == (0, {sheet})


def test_the_night_forgets_and_says_how_many(world: World) -> None:
    upload(world)
    world.go_to(date(2026, 11, 10), time(2))
    assert sweep(world.product)
    assert kept(world) == set()
    with world.runtime.reading() as db:
        finished = db.execute(select(HistoryRow.data).where(HistoryRow.kind == "sweep.finished")).scalars().all()
    assert [data["uploads"] for data in finished] == [1]
    world.check()


def contest(world: World, runtime: Runtime) -> bool:
    """Two forget ten files at the same moment; whether what they say, and what the audit says, is ten."""
    upload(world)
    world.later(days=8)
    assert world.execute(ForgetUploads(), CLOCK) == 1  # else the first link of the service's chain keeps one away
    for _ in range(10):
        upload(world)
    world.later(days=8)
    removed = race([runtime], (ForgetUploads(), CLOCK), (ForgetUploads(), CLOCK))
    assert kept(world) == set()
    return sum(removed) == 10 and sum(told(world)) == 11


def test_of_two_workers_each_file_goes_with_one(world: World) -> None:
    assert contest(world, world.runtime)
    world.check()


def test_the_control_counts_files_twice(world: World) -> None:
    assert not contest(world, naive(world))


class Forgotten:
    """A head's answer that names a file, with the night that forgets it between what is read and what is written."""

    def __init__(self, world: World, answer: CompleteWorkItem) -> None:
        self.world, self.answer, self.forgotten = world, answer, 0

    def run(self, work: Work) -> int:
        done = self.answer.run(work)
        if not self.forgotten:
            self.forgotten = self.world.execute(ForgetUploads(), CLOCK)
        return done


def attached_at_that_moment(world: World, runtime: Runtime) -> None:
    work_item = item(world)
    late: dict[str, Any] = world.upload("head")
    world.later(days=8)
    answer = Forgotten(world, CompleteWorkItem(work_item, {"letter": [late]}))
    try:
        runtime.execute(answer, world.actor("head"))
    finally:
        assert answer.forgotten == 1
        assert late["documentId"] not in kept(world)


def test_who_attaches_a_file_at_that_moment_is_told_that_it_is_gone(world: World) -> None:
    with pytest.raises(InvalidAnswers) as told_so:
        attached_at_that_moment(world, world.runtime)
    assert "แนบใหม่" in told_so.value.errors["letter"].th
    world.check()


def test_the_control_takes_the_answer_without_its_file(world: World) -> None:
    attached_at_that_moment(world, naive(world))
