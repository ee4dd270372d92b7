"""Authentications as both databases find them: scopes, pages by key, counts of exceptions, corrections."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event, select

from tests.support.authentications import code, put
from tests.support.races import naive, race
from tests.support.world import World
from workflows.commands.amend_claim import AmendClaim
from workflows.commands.set_quota import SetQuota
from workflows.errors import Conflict, InvalidAnswers
from workflows.queries import claims, exceptions
from workflows.queries.claims import Filters, Key
from workflows.queries.exceptions import Wanted
from workflows.records import Authentication, AuthenticationChange, Quota
from workflows.rules import citizen_id

NOVEMBER = date(2026, 11, 1)
SOMEBODY = citizen_id.make("0", 7777)


@pytest.fixture
def counter(world: World) -> World:
    now = world.clock.now()
    for number in range(1, 9):
        other = {"unit_code": "99002"} if number % 4 == 0 else {}
        at = now - timedelta(hours=number)
        put(world.database, world.keyring, number, at, method="line" if number % 2 else "smartcard", **other)
    put(world.database, world.keyring, 9, now, method="face", review="none", evidence=[], pid=SOMEBODY, illness="CI05")
    old = now - timedelta(days=40)
    put(world.database, world.keyring, 10, old, unit_code="99002", pid=SOMEBODY, illness="CI05", state="void")
    put(world.database, world.keyring, 11, old, unit_code="99004", region="9", pid=SOMEBODY, illness="CI06")
    return world


def test_pages_by_key_hold_everything_once(counter: World) -> None:
    reviewer = counter.actor("reviewer")
    seen: list[str] = []
    after = None
    with counter.runtime.reading() as db:
        while rows := claims.page(db, reviewer, Filters(), after=after, limit=3):
            seen += [row["claim_code"] for row in rows]
            after = Key(rows[-1]["opened_at"], rows[-1]["claim_code"])
        assert claims.count(db, reviewer, Filters()) == len(seen)
    assert sorted(seen) == sorted(code(number) for number in range(1, 11))
    batches = claims.batches(counter.runtime.reading, reviewer, Filters(first=NOVEMBER), size=4)
    assert [len(batch) for batch in batches] == [4, 4, 1]


def test_exceptions_by_unit_and_month(counter: World) -> None:
    wanted = Wanted(date(2026, 9, 1), NOVEMBER, order="share")
    with counter.runtime.reading() as db:
        rows = exceptions.lines(db, counter.actor("reviewer"), wanted)
        sums = exceptions.sums(db, counter.actor("reviewer"), wanted)
        own = exceptions.lines(db, counter.actor("frontdesk"), wanted)
    found = {(row["unit_code"], row["month"]): row for row in rows}
    mine = found["99003", "2026-11"]
    assert (mine["total"], mine["smartcard"], mine["face_timeouts"], mine["voided"]) == (7, 2, 6, 0)
    assert found["99002", "2026-11"]["share"] == 1.0
    assert found["99002", "2026-09"]["voided"] == 1
    assert [row["share"] for row in rows] == sorted((row["share"] for row in rows), reverse=True)
    assert sums["total"] == 10
    assert {row["unit_code"] for row in own} == {"99003"}


def test_exceptions_of_a_page_and_of_all_come_in_one_reading(counter: World) -> None:
    wanted, reviewer = Wanted(date(2026, 9, 1), NOVEMBER, order="face_timeouts"), counter.actor("reviewer")
    with counter.runtime.reading() as db:
        rows, sums = exceptions.lines(db, reviewer, wanted), exceptions.sums(db, reviewer, wanted)
        assert (sums["lines"], sums["face_timeouts"]) == (len(rows), sum(row["face_timeouts"] for row in rows))
        for offset in range(len(rows) + 1):  # beyond the last page, too
            assert exceptions.page(db, reviewer, wanted, offset=offset, limit=1) == (rows[offset : offset + 1], sums)
        none = exceptions.page(db, reviewer, Wanted(date(2026, 1, 1), date(2026, 1, 1)))
    assert none == ([], dict.fromkeys(sums, 0))


def test_exceptions_begin_and_end_with_the_month_in_bangkok(counter: World) -> None:
    for number, at in enumerate(("2026-12-01T00:00", "2026-12-31T23:59", "2027-01-01T00:00"), 20):
        moment = datetime.fromisoformat(f"{at}+07:00")
        put(counter.database, counter.keyring, number, moment, unit_code="99002", method="face", evidence=[])
    with counter.runtime.reading() as db:
        wanted = Wanted(date(2026, 12, 1), date(2027, 1, 1), unit="99002", order="month")
        rows = exceptions.lines(db, counter.actor("admin"), wanted)
    assert [(row["month"], row["total"], row["face_timeouts"]) for row in rows] == [
        ("2027-01", 1, 0),
        ("2026-12", 2, 0),
    ]


def test_exceptions_are_counted_in_indexes_alone(counter: World) -> None:
    """The rows are wide and many; without the indexes a million takes many seconds."""
    statement = exceptions._grouped(counter.actor("admin"), Wanted(NOVEMBER, NOVEMBER))
    is_sqlite = counter.database.dialect.name == "sqlite"
    with counter.database.connect() as db:
        if not is_sqlite:
            db.exec_driver_sql("SET LOCAL enable_seqscan = off")
            db.exec_driver_sql("SET LOCAL enable_bitmapscan = off")
        asked = str(statement.compile(db, compile_kwargs={"literal_binds": True}))
        explain = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"
        plan = "\n".join(str(row) for row in db.exec_driver_sql(f"{explain} {asked}"))
    if is_sqlite:  # it takes the partial index for covering only where its condition is no part of the question
        assert "USING COVERING INDEX ix_authentications_opened (" in plan, plan
        assert "USING INDEX ix_authentications_face_silent (" in plan, plan
    else:
        assert "Index Only Scan using ix_authentications_opened " in plan, plan
        assert "Index Only Scan using ix_authentications_face_silent " in plan, plan


def test_the_history_of_a_person(counter: World) -> None:
    person, today = counter.keyring.index("pid", SOMEBODY), counter.clock.now().date()
    with counter.runtime.reading() as db:
        desk = claims.of_person(db, counter.actor("frontdesk"), person, today)
        tomorrow = claims.of_person(db, counter.actor("frontdesk"), person, today + timedelta(days=1))
        region = claims.of_person(db, counter.actor("reviewer"), person, today)
        ill = claims.illnesses(db, counter.actor("auditor"), person, today - timedelta(days=365))
    assert [row["masked"] for row in desk] == [False, True, True]
    assert [row["claim_code"] for row in tomorrow] == [code(9)]
    assert sorted(row["claim_code"] for row in region) == sorted([code(9), code(10)])
    assert [(row["code"], row["visits"]) for row in ill] == [("CI05", 1), ("CI06", 1)]


def edit(number: int, revision: int = 1, **values: object) -> AmendClaim:
    return AmendClaim(code(number), values, "พิมพ์ผิด", revision)


def test_a_profession_takes_its_place_of_the_quota_along(counter: World) -> None:
    counter.execute(SetQuota("99003", "pharmacy", "2026-11", 1, 0), "region")
    assert counter.execute(edit(1, profession="pharmacy"), "frontdesk") == 2
    with pytest.raises(InvalidAnswers):
        counter.execute(edit(3, profession="pharmacy"), "frontdesk")
    assert counter.execute(edit(1, 2, profession="nursing"), "frontdesk") == 3
    with counter.runtime.reading() as db:
        row = db.execute(select(Quota.total, Quota.held, Quota.used)).one()
    assert tuple(row) == (1, 0, 0)


def two_correct(world: World, runtimes: object, number: int) -> bool:
    """Two correct the same entry as they both saw it; gives whether one got through and the other was told who."""
    first = (edit(number, visit_number="A"), world.actor("frontdesk"))
    second = (edit(number, visit_number="B"), world.actor("signatory"))
    results = race(runtimes, first, second)  # type: ignore[arg-type]
    errors = [result for result in results if isinstance(result, Conflict)]
    with world.runtime.reading() as db:
        kept = db.execute(select(Authentication.visit_number).where(Authentication.claim_code == code(number))).scalar()
        lines = select(AuthenticationChange.id).where(AuthenticationChange.claim_code == code(number))
        written = len(db.execute(lines).all())
    winner = ["A", "B"][1 - results.index(errors[0])] if len(errors) == 1 else None
    names = {"A": "สายใจ", "B": "เกรียงไกร"}
    return kept == winner and written == 1 and names[str(winner)] in errors[0].text.th


def test_of_two_corrections_one_counts_and_the_other_is_told(counter: World) -> None:
    other = World(counter.product.settings.database_url, counter.product.settings.data_directory)
    other.clock.at = counter.clock.at
    assert all(two_correct(counter, [counter.runtime, other.runtime], number) for number in (1, 2, 3, 5, 6))


def test_the_control_loses_a_correction(counter: World) -> None:
    assert not two_correct(counter, [naive(counter)], 7)


@pytest.mark.parametrize(
    ("who", "index"),
    [("frontdesk", "unit_opened"), ("reviewer", "region_opened"), ("auditor", "ix_authentications_opened")],
)
def test_a_page_is_read_along_an_index(counter: World, who: str, index: str) -> None:
    if counter.database.dialect.name != "sqlite":
        return  # with so few rows PostgreSQL rightly reads them all
    asked: list[tuple[str, object]] = []

    def note(connection: object, cursor: object, statement: str, parameters: object, *rest: object) -> None:
        asked.append((statement, parameters))

    event.listen(counter.database, "before_cursor_execute", note)
    after = Key(counter.clock.now(), "PP")
    with counter.runtime.reading() as db:
        claims.page(db, counter.actor(who), Filters(first=NOVEMBER), after=after)
        (statement, parameters) = next(each for each in asked if "FROM authentications" in each[0])
        plan = db.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()  # type: ignore[arg-type]
    event.remove(counter.database, "before_cursor_execute", note)
    assert any(index in str(line) for line in plan)
    assert not any("TEMP B-TREE FOR ORDER BY" in str(line) for line in plan)
