"""The search envelope: every operator means the same in both databases and in plain Python; pages meet without gaps."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.conftest import As, Caller, callers, task_of
from workflows.actor import Actor
from workflows.queries import search_cases
from workflows.queries.criteria import Condition, Criteria, matches
from workflows.queries.paging import PageWanted, Search

PROCESS = "api_found"
BUSINESS_IDS = ["B-1", "b-1", "B-10", "100%", "a_b", "axb", "*", "[x]", "back\\slash", "ก ไก่", None, None]
EVERYTHING = Actor("system:test", sees_everything=True)
_MADE: set[int] = set()


@pytest.fixture
def population(either_app: Flask) -> Caller:
    """Twelve cases whose business ids look like patterns, every third one cancelled; made once per database."""
    caller = callers(either_app)("designer")
    if id(either_app) not in _MADE:
        _MADE.add(id(either_app))
        for number, business_id in enumerate(BUSINESS_IDS):
            body = {
                "processDefinitionId": PROCESS,
                "businessId": business_id,
                "variables": {"n": number, "s": str(number)},
            }
            key = caller.post("process-instances", body)["processInstanceKey"]
            if number % 3 == 2:
                caller.post(f"process-instances/{key}/cancellation", {}, 204)
    return caller


def ids(caller: Caller, **filters: Any) -> list[str | None]:
    """The business ids found, in the order in which the cases were started."""
    return [one["businessId"] for one in caller.find("process-instances", processDefinitionId=PROCESS, **filters)]


@pytest.mark.parametrize(
    ("business_id", "found"),
    [
        ("B-1", ["B-1"]),
        ({"$eq": "100%"}, ["100%"]),
        ({"$neq": "B-1"}, [*BUSINESS_IDS[1:]]),
        ({"$in": ["B-1", "ก ไก่", "no"]}, ["B-1", "ก ไก่"]),
        ({"$in": []}, []),
        ({"$notIn": ["B-1", "b-1"]}, [*BUSINESS_IDS[2:]]),
        ({"$exists": True}, BUSINESS_IDS[:10]),
        ({"$exists": False}, [None, None]),
        ({"$like": "B-1*"}, ["B-1", "B-10"]),
        ({"$like": "?-1"}, ["B-1", "b-1"]),
        ({"$like": "a?b"}, ["a_b", "axb"]),
        ({"$like": "a\\?b"}, []),
        ({"$like": "a_b"}, ["a_b"]),
        ({"$like": "100%"}, ["100%"]),
        ({"$like": "\\*"}, ["*"]),
        ({"$like": "[x]"}, ["[x]"]),
        ({"$like": "back\\\\*"}, ["back\\slash"]),
        ({"$like": "*ไ*"}, ["ก ไก่"]),
        ({"$like": "B-1*", "$neq": "B-1"}, ["B-10"]),
        ({}, BUSINESS_IDS),
        (None, BUSINESS_IDS),
    ],
)
def test_operators_on_text(population: Caller, business_id: Any, found: list[str | None]) -> None:
    assert ids(population, businessId=business_id) == found


def test_groups_of_which_one_must_hold(population: Caller) -> None:
    either = [{"businessId": "B-1"}, {"businessId": {"$like": "b*"}, "state": "ACTIVE"}, {"state": "COMPLETED"}]
    assert ids(population, **{"$or": either}) == ["B-1", "b-1"]
    assert ids(population, state="TERMINATED", **{"$or": [{"businessId": "B-1"}, {"businessId": "B-10"}]}) == ["B-10"]
    assert ids(population, **{"$or": [{}]}) == BUSINESS_IDS


def test_moments_versions_and_keys(population: Caller) -> None:
    cases = population.find("process-instances", processDefinitionId=PROCESS)
    middle = cases[5]
    later = ids(population, startDate={"$gt": middle["startDate"]})
    assert set(later) >= {"back\\slash"}
    assert not set(later) & {"B-1"}
    assert ids(population, startDate={"$lte": "2001-01-01T00:00:00+07:00"}) == []
    assert ids(population, endDate={"$exists": True}) == [BUSINESS_IDS[n] for n in (2, 5, 8, 11)]
    assert ids(population, processDefinitionVersion={"$gte": 1, "$lt": 2}, hasIncident=False) == BUSINESS_IDS
    assert ids(population, processInstanceKey={"$in": [middle["processInstanceKey"], "1"]}) == ["axb"]
    assert ids(population, processInstanceKey={"$like": middle["processInstanceKey"][:17] + "*"})
    assert ids(population, tenantId="<default>", parentProcessInstanceKey={"$exists": False}) == BUSINESS_IDS
    assert ids(population, parentProcessInstanceKey="5") == []


def test_variables_are_compared_as_json(population: Caller) -> None:
    assert ids(population, variables=[{"name": "n", "value": "3"}]) == ["100%"]
    assert ids(population, variables=[{"name": "s", "value": '"3"'}]) == ["100%"]
    assert ids(population, variables=[{"name": "n", "value": '"3"'}]) == []
    assert ids(population, variables=[{"name": "n", "value": {"$in": ["1", "2"]}}, {"name": "s", "value": '"2"'}]) == [
        "B-10"
    ]
    assert ids(population, variables=[{"name": "unknown", "value": {"$exists": True}}]) == []
    page = {"limit": 2, "from": 1}
    filters = {"processDefinitionId": PROCESS, "variables": [{"name": "n", "value": {"$neq": "0"}}]}
    answer = population.post("process-instances/search", {"filter": filters, "page": page})
    assert [one["businessId"] for one in answer["items"]] == ["B-10", "100%"]
    assert answer["page"]["totalItems"] == 11
    tasks = population.find(
        "user-tasks", processInstanceVariables=[{"name": "n", "value": "3"}], processDefinitionId=PROCESS
    )
    assert [task["businessId"] for task in tasks] == ["100%"]


@pytest.mark.parametrize("field", ["businessId", "startDate", "endDate", "state", "processInstanceKey", "hasIncident"])
@pytest.mark.parametrize("direction", ["ASC", "DESC"])
def test_pages_meet_without_gaps_in_both_directions(population: Caller, field: str, direction: str) -> None:
    body = {"filter": {"processDefinitionId": PROCESS}, "sort": [{"field": field, "order": direction}]}
    whole = [one["processInstanceKey"] for one in population.post("process-instances/search", body)["items"]]
    assert len(whole) == len(BUSINESS_IDS)

    def page(**wanted: Any) -> Any:
        return population.post("process-instances/search", {**body, "page": {"limit": 5, **wanted}})

    walked, answer, last = [], page(), None
    while answer["items"]:
        assert answer["page"]["totalItems"] == len(whole)
        walked += [one["processInstanceKey"] for one in answer["items"]]
        last, answer = answer, page(after=answer["page"]["endCursor"])
    assert walked == whole
    assert answer["page"]["endCursor"] is None
    before = page(before=last["page"]["startCursor"])["items"]
    assert [one["processInstanceKey"] for one in before] == whole[5:10]
    assert [one["processInstanceKey"] for one in page(**{"from": 10})["items"]] == whole[10:]


@pytest.mark.parametrize(
    "field", ["creationDate", "completionDate", "dueDate", "name", "priority", "assignee", "state"]
)
def test_pages_of_open_and_finished_tasks_meet(either: As, field: str) -> None:
    designer, issuer = either("designer"), either("issuer")
    body = {"processDefinitionId": "api_order", "businessId": f"walk-{field}", "variables": {"amount": 1}}
    for _ in range(3):
        case = designer.post("process-instances", body)["processInstanceKey"]
        answer = {"variables": {"decision": "approve"}}
        issuer.post(f"user-tasks/{task_of(issuer, case, 'decide')}/completion", answer, 204)
    for direction in ("ASC", "DESC"):
        query = {"filter": {"businessId": f"walk-{field}"}, "sort": [{"field": field, "order": direction}]}
        whole = [one["userTaskKey"] for one in designer.post("user-tasks/search", query)["items"]]
        assert len(set(whole)) == 6
        walked: list[str] = []
        page: dict[str, Any] = {"limit": 2}
        while items := (found := designer.post("user-tasks/search", {**query, "page": page}))["items"]:
            walked += [one["userTaskKey"] for one in items]
            page["after"] = found["page"]["endCursor"]
        assert walked == whole
        by_number = designer.post("user-tasks/search", {**query, "page": {"from": 3, "limit": 2}})["items"]
        assert [one["userTaskKey"] for one in by_number] == whole[3:5]


def test_pages_of_what_is_no_table(population: Caller) -> None:
    case = population.find("process-instances", processDefinitionId=PROCESS, businessId="B-1")[0]["processInstanceKey"]
    body = {"filter": {"processInstanceKey": case}, "sort": [{"field": "name", "order": "DESC"}], "page": {"limit": 3}}
    first = population.post("variables/search", body)
    assert [one["name"] for one in first["items"]] == ["s", "requester", "n"]
    body["page"] = {"limit": 3, "after": first["page"]["endCursor"]}
    assert [one["name"] for one in population.post("variables/search", body)["items"]] == ["case_id"]


def test_candidates_are_searched_in_lists(either: As) -> None:
    designer, issuer = either("designer"), either("issuer")
    body = {"processDefinitionId": "api_order", "businessId": "candidates", "variables": {"amount": 1}}
    case = designer.post("process-instances", body)["processInstanceKey"]

    def found(**filters: Any) -> bool:
        return bool(issuer.find("user-tasks", processInstanceKey=case, **filters))

    assert found(candidateGroup="issuer")
    assert found(candidateGroup={"$in": ["nobody", "issuer"]})
    assert found(candidateGroup={"$like": "iss*"})
    assert found(candidateUser={"$exists": False})
    assert not found(candidateGroup="nobody")
    assert not found(candidateGroup={"$neq": "issuer"})
    assert not found(candidateUser="issuer")
    assert found(
        assignee={"$exists": False}, priority={"$gte": 50, "$lte": 60}, dueDate={"$gt": "2020-01-01T00:00:00Z"}
    )
    key = task_of(issuer, case)
    issuer.post(f"user-tasks/{key}/completion", {"variables": {"decision": "approve"}}, 204)
    assert found(candidateGroup="issuer", state="COMPLETED", priority=60, assignee="issuer", businessId="candidates")
    assert found(dueDate={"$gt": "2020-01-01T00:00:00Z", "$lt": "2999-01-01T00:00:00Z"}, state={"$in": ["COMPLETED"]})
    assert not found(candidateGroup="nobody", state="COMPLETED")


@pytest.mark.parametrize(
    "body",
    [
        {"filter": {"unknown": 1}},
        {"filter": []},
        {"filter": {"state": "WAITING"}},
        {"filter": {"state": {"$gt": "ACTIVE"}}},
        {"filter": {"state": 5}},
        {"filter": {"startDate": "yesterday"}},
        {"filter": {"startDate": {"$gt": 5}}},
        {"filter": {"startDate": {"$lt": "0001-01-01T00:00:00+14:00"}}},
        {"filter": {"processDefinitionVersion": "1"}},
        {"filter": {"processDefinitionVersion": True}},
        {"filter": {"processDefinitionVersion": 10**30}},
        {"filter": {"processInstanceKey": 5}},
        {"filter": {"processInstanceKey": "x"}},
        {"filter": {"hasIncident": "true"}},
        {"filter": {"businessId": {"$exists": "yes"}}},
        {"filter": {"businessId": {"$in": "B-1"}}},
        {"filter": {"businessId": {"$like": ["x"]}}},
        {"filter": {"businessId": {"eq": "x"}}},
        {"filter": {"$or": {"state": "ACTIVE"}}},
        {"filter": {"$or": ["x"]}},
        {"filter": {"variables": [{"value": "1"}]}},
        {"filter": {"variables": [{"name": "x", "value": 1}]}},
        {"filter": {"variables": [{"name": "x", "value": {"$gt": "1"}}]}},
        {"sort": [{"field": "unknown"}]},
        {"sort": [{"field": "state", "order": "UP"}]},
        {"sort": "state"},
        {"page": {"limit": 0}},
        {"page": {"limit": "5"}},
        {"page": {"limit": 10**9}},
        {"page": {"from": -1}},
        {"page": {"after": "no cursor"}},
        {"page": {"after": "eyJhIjoxfQ=="}},
        {"page": {"after": "WzFd", "before": "WzFd"}},
        {"page": {"after": "WzFd", "from": 1}},
        {"sort": [{"field": "startDate"}], "page": {"after": "WzEsIDJd"}},
        {"page": []},
    ],
)
def test_a_search_that_makes_no_sense_is_refused(as_: As, body: Any) -> None:
    problem = as_("designer").post("process-instances/search", body, 400)
    assert problem["detail"]
    assert problem["detail_th"] != problem["detail"]


def test_a_key_beyond_all_keys_finds_nothing(as_: As) -> None:
    assert as_("admin").find("process-instances", processInstanceKey="9" * 25) == []
    assert as_("admin").find("process-instances", {"after": "WzEwMDAwMDAwMDAwMDAwMDAwMDAwMF0="}) == []


TEXT = st.sampled_from([*[one for one in BUSINESS_IDS if one], "B", "", "zzz", "%", "_"])
PATTERN = st.text(alphabet="B-10b%_*?[]\\ก", max_size=6)
ONE = st.one_of(
    st.builds(Condition, st.just("business_id"), st.sampled_from(["eq", "neq"]), TEXT),
    st.builds(Condition, st.just("business_id"), st.sampled_from(["gt", "lte"]), TEXT.filter(str.isascii)),
    st.builds(Condition, st.just("business_id"), st.just("like"), PATTERN),
    st.builds(
        Condition, st.just("business_id"), st.sampled_from(["in", "notIn"]), st.lists(TEXT, max_size=3).map(tuple)
    ),
    st.builds(Condition, st.sampled_from(["business_id", "ended_at", "number"]), st.just("exists"), st.booleans()),
    st.builds(Condition, st.just("state"), st.sampled_from(["eq", "neq"]), st.sampled_from(["ACTIVE", "TERMINATED"])),
    st.builds(Condition, st.just("process_version"), st.sampled_from(["gt", "gte", "lt", "lte"]), st.integers(0, 2)),
)
GROUPS = st.lists(st.lists(ONE, max_size=2).map(tuple), max_size=2).map(tuple)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ONE, max_size=3).map(tuple), GROUPS)
def test_the_database_and_python_agree_on_every_condition(
    population: Caller, every: tuple[Condition, ...], any_of: tuple[tuple[Condition, ...], ...]
) -> None:
    only = Condition("process_id", "eq", PROCESS)
    runtime = population.app.extensions["sitthi"].runtime
    page = PageWanted(limit=1000)
    with runtime.reading() as db:
        rows = search_cases.search(db, EVERYTHING, Search(Criteria((only,)), page=page), {}).rows
        found = search_cases.search(db, EVERYTHING, Search(Criteria((only, *every), any_of), page=page), {})
    expected = [row["id"] for row in rows if matches(Criteria(every, any_of), row)]
    assert [row["id"] for row in found.rows] == expected
    assert found.total == len(expected)
