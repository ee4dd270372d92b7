"""Every route says who may use it, answers nobody else, and a GET changes nothing."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from werkzeug.routing import Rule

from app import create_app, preparation
from app.access import ACTOR, API, PUBLIC, RULES, SCOPES, SIGNED_IN, allow, install, product
from app.demo.people import PEOPLE
from config import Settings
from workflows.actor import Actor
from workflows.commands.open_session import OpenSession
from workflows.records import Account
from workflows.rules import scopes
from workflows.rules.duties import DUTIES

SAFE = {"GET", "HEAD", "OPTIONS"}
MOST_PAGES = 120
COMES_BACK = {"thaid.come_back"}
"""Where an identity provider sends the browser back, which can only be by GET: the state that this browser's session
keeps, used up by the first answer, stands for the page's token (``tests/pages/test_thaid.py``)."""
ROLES = {role for person in PEOPLE for role, _ in person.memberships}
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE)", re.IGNORECASE)


@pytest.fixture(scope="module")
def application(sqlite_url: str, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The web application on a prepared demo database."""
    data = str(tmp_path_factory.mktemp("data"))
    demo = {"DATABASE_URL": sqlite_url, "SECRET_KEY": "0" * 64, "DEMO": "1", "CLOCK_CONTROL": "1", "DATA_DIR": data}
    application = create_app(Settings.from_env(demo))
    with application.app_context():
        preparation.prepare(product())
    return application


def sample_url(application: Flask, rule: Rule) -> str:
    """An address of a route, with something in each of its places."""
    values = {
        name: 1 if type(converter).__name__ in ("IntegerConverter", "KeyConverter") else "x"
        for name, converter in rule._converters.items()
    }
    with application.test_request_context():
        return application.url_for(rule.endpoint, **values)


def signed_in(application: Flask, username: str) -> FlaskClient:
    """A browser in which somebody has signed in."""
    client = application.test_client()
    with application.app_context():
        runtime = product().runtime
        with runtime.reading() as db:
            account = db.execute(select(Account.id).where(Account.username == username)).scalar_one()
        token = runtime.execute(OpenSession(account), Actor(username, account_id=account))
    with client.session_transaction() as session:
        session["_user_id"] = token
        session["_fresh"] = True
    return client


@contextmanager
def writes_of(application: Flask) -> Iterator[list[str]]:
    """The statements that change the database meanwhile."""
    found: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if WRITES.match(statement):
            found.append(statement)

    database = application.extensions["sitthi"].database
    event.listen(database, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(database, "before_cursor_execute", note)


def test_every_route_says_who_may_use_it(application: Flask) -> None:
    endpoints = {rule.endpoint for rule in application.url_map.iter_rules()}
    assert endpoints == set(RULES)
    known = {PUBLIC, SIGNED_IN, ACTOR, API} | ROLES | set(DUTIES)
    assert {word for rule in RULES.values() for word in rule} <= known


def test_every_route_of_the_api_says_which_scope_a_token_needs(application: Flask) -> None:
    assert {endpoint for endpoint, rule in RULES.items() if API in rule} == set(SCOPES)
    assert set(SCOPES.values()) <= {*scopes.SCOPES, scopes.ANY}
    of_any = {endpoint for endpoint, scope in SCOPES.items() if scope == scopes.ANY}
    assert of_any == {"api_service.topology", "api_service.me"}, "what any token may do tells nothing of anybody"


def test_a_route_without_a_scope_keeps_the_application_from_starting() -> None:
    app = Flask("sample")
    app.add_url_rule("/api/sample", "sample", allow("api")(lambda: ""))
    with pytest.raises(RuntimeError, match="scope"):
        install(app)


def test_what_is_not_public_answers_nobody(application: Flask) -> None:
    wrong = []
    for rule in application.url_map.iter_rules():
        if PUBLIC in RULES[rule.endpoint]:
            continue
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            answer = application.test_client().open(sample_url(application, rule), method=method)
            asks_to_sign_in = answer.status_code in (302, 303) and "sign-in" in answer.headers.get("Location", "")
            if not asks_to_sign_in and answer.status_code not in (400, 401, 403):
                wrong.append(f"{method} {rule.rule}: {answer.status_code}")
    assert wrong == []


def test_a_form_from_elsewhere_changes_nothing(application: Flask) -> None:
    """Whoever is signed in: a POST without the page's token is refused."""
    client, wrong = signed_in(application, "admin"), []
    with writes_of(application) as writes:
        for rule in application.url_map.iter_rules():
            if (
                API not in RULES[rule.endpoint]
                and "POST" in (rule.methods or set())
                and not rule.rule.startswith("/api/")
            ):
                answer = client.post(sample_url(application, rule))
                if answer.status_code not in (400, 403):
                    wrong.append(f"{rule.rule}: {answer.status_code}")
    assert wrong == []
    assert writes == []


def test_no_view_that_only_gets_executes_a_command(application: Flask) -> None:
    readers = {rule.endpoint for rule in application.url_map.iter_rules() if "GET" in (rule.methods or set())}
    writers = {rule.endpoint for rule in application.url_map.iter_rules() if (rule.methods or set()) - SAFE}
    readers -= COMES_BACK
    views = {endpoint: inspect.unwrap(application.view_functions[endpoint]) for endpoint in readers - writers}
    assert len(views) > 10
    assert [endpoint for endpoint, view in views.items() if "runtime.execute(" in inspect.getsource(view)] == []


def links(page: str, here: str) -> Iterator[str]:
    """The addresses of our own that a page links to."""
    for href in re.findall(r'href="([^"#]+)', page):
        parts = urlsplit(unescape(href))
        if not parts.scheme and not parts.netloc and not parts.path.startswith("/static"):
            path = parts.path or urlsplit(here).path
            yield path + (f"?{parts.query}" if parts.query else "")


@pytest.mark.slow
@pytest.mark.parametrize("username", ["requester", "head", "region", "frontdesk", "designer", "auditor", "admin"])
def test_following_every_link_breaks_nothing_and_changes_nothing(username: str, application: Flask) -> None:
    client, seen, waiting = signed_in(application, username), set[str](), ["/"]
    with writes_of(application) as writes:
        while waiting and len(seen) < MOST_PAGES:
            here = waiting.pop(0)
            seen.add(here)
            answer = client.get(here)
            assert answer.status_code < 400, f"{here}: {answer.status_code}"
            assert writes == [], here
            if answer.location:
                waiting += [path for path in links(f'href="{answer.location}"', here) if path not in seen]
            elif answer.mimetype == "text/html":
                found = list(dict.fromkeys(links(answer.get_data(as_text=True), here)))
                waiting += [path for path in found if path not in seen and path not in waiting]
    assert len(seen) >= 5, seen
