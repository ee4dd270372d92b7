"""Binds a form-js schema to a case and to what was submitted, and checks it.

The order: read every field, then settle what depends on answers (conditions, options, computed values), then check what
is visible and open. A hidden field is as if it were not there: its answer is dropped and checked by nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from forms import checks, layout, resolve
from forms import messages_th as say
from forms.conditions import Evaluator, merged
from forms.group_rules import GROUP_RULES
from forms.nodes import Node, collect, everywhere, grow, read, row_values
from forms.options import options_of, with_register
from forms.posted import MultiDict, Posted
from forms.schema import CHOICES, Component, parse
from workflows import feel
from workflows.errors import Text
from workflows.ports import Lookups

ExtraRules = Mapping[str, Callable[[Any, Mapping[str, Any]], Text | None]]
# Conditions that hide each other could go on for ever; a sane form settles in two or three turns.
_MOST_TURNS = 8


def build(
    schema: Mapping[str, Any],
    variables: Mapping[str, Any],
    *,
    env: feel.Environment,
    lookups: Lookups,
    answers: MultiDict | Mapping[str, Any] | None = None,
    language: str = "th",
    extra_rules: ExtraRules | None = None,
) -> BoundForm:
    """A form for a browser. ``answers`` is what it posted; None for a form that is shown for the first time.

    ``extra_rules`` are checks of this one case by field key: they get the answer and all answers.
    """
    posted = None if answers is None else Posted.by_browser(answers)
    return BoundForm(schema, variables, posted, env=env, lookups=lookups, language=language, extra_rules=extra_rules)


def from_json(
    schema: Mapping[str, Any],
    variables: Mapping[str, Any],
    answers: Mapping[str, Any],
    *,
    env: feel.Environment,
    lookups: Lookups,
    language: str = "th",
    extra_rules: ExtraRules | None = None,
) -> BoundForm:
    """The same form for a program that sends JSON answers. What it leaves out keeps the value the form would show;
    keys that the form does not have are ignored and never stored."""
    posted = Posted.by_program(parse(schema), answers)
    return BoundForm(schema, variables, posted, env=env, lookups=lookups, language=language, extra_rules=extra_rules)


class BoundForm:
    """One form, one case, one submission."""

    def __init__(
        self,
        schema: Mapping[str, Any],
        variables: Mapping[str, Any],
        posted: Posted | None,
        *,
        env: feel.Environment,
        lookups: Lookups,
        language: str = "th",
        extra_rules: ExtraRules | None = None,
    ) -> None:
        self.schema, self.variables, self.language = schema, variables, language
        self._lookups, self._posted = lookups, posted
        self._evaluator = Evaluator(with_register(env, lookups))
        self._extra_rules = extra_rules or {}
        self._added: dict[str, Text] = {}
        self.components: tuple[Component, ...] = parse(schema)
        self.nodes: list[Node] = grow(self.components, variables, posted, lookups)
        #: Whether a button asked for another row, one less, or hours copied: the form is shown again, not submitted.
        self.rearranged: bool = posted is not None and any(posted.first(name) for name in ("_add", "_remove", "_copy"))
        self._settle()

    def validate(self) -> bool:
        """Checks every visible, open field; whether the answers can be taken."""
        for node in everywhere(self.nodes):
            if node.field is not None or node.component.custom("check") in GROUP_RULES:
                node.errors = []
        self._visit(self.nodes, self.scope, collect(self.nodes), self._check)
        return not self.errors

    def add_error(self, name: str, text: Text) -> None:
        """Adds what only the caller knows, e.g. why an uploaded file was not stored."""
        self._added[name] = text

    @property
    def errors(self) -> dict[str, Text]:
        """The first thing wrong with each field, by its name (``people.0.pid``); empty before ``validate``."""
        found = {node.name: node.errors[0] for node in everywhere(self.nodes) if node.errors}
        return {**found, **self._added}

    @property
    def labels(self) -> dict[str, str]:
        """What the fields with something wrong are called, by their name; not those whose label is put together."""
        wrong = self.errors
        named = {node.name: node.component.text("label", self.language) for node in everywhere(self.nodes)}
        return {name: label for name, label in named.items() if name in wrong and label and "{{" not in label}

    @property
    def answers(self) -> dict[str, Any]:
        """What to store: JSON values of the visible fields that are not disabled, computed values among them."""
        return collect(self.nodes, submitted=True)

    @property
    def scope(self) -> dict[str, Any]:
        """What an expression of the form sees: the variables with the answers laid over them."""
        return merged(self.variables, collect(self.nodes))

    @property
    def reads_card(self) -> bool:
        """Whether one of its fields is filled by reading a card."""
        return any(component.custom("reads_card") for component in self.components)

    @property
    def rows(self) -> list[list[layout.Shown]]:
        """The visible components, line by line, for a page to draw."""
        return layout.lines(self.nodes, self.scope, self._evaluator, self.language, self.errors)

    def resolved_schema(self) -> dict[str, Any]:
        """The schema for a program: options as static values, texts filled in, variables as default values."""
        return resolve.resolved(self.schema, self.variables, self._evaluator, self.language)

    # -- how it settles ----------------------------------------------------------------------------------------------

    def _settle(self) -> None:
        values = collect(self.nodes)
        for _ in range(_MOST_TURNS):
            before = values
            self._visit(self.nodes, merged(self.variables, values), values, self._apply)
            values = collect(self.nodes)
            if values == before:
                return

    def _visit(
        self,
        nodes: Iterable[Node],
        scope: Mapping[str, Any],
        this: Mapping[str, Any],
        act: Callable[[Node, Mapping[str, Any]], None],
    ) -> None:
        """Acts on each visible node with the scope it stands in: a row sees its own answers first."""
        inner = {**scope, "this": this}
        for node in nodes:
            act(node, inner)
            if node.hidden:
                continue
            if node.component.keys and node.children:
                self._visit(node.children, scope, collect(node.children), act)
            else:
                self._visit(node.children, scope, this, act)
            for number, row in enumerate(node.rows, 1):
                values = row_values(node, number - 1)
                self._visit(row, {**scope, **values, "parent": this, "i": [number]}, values, act)

    def _apply(self, node: Node, scope: Mapping[str, Any]) -> None:
        component, evaluator = node.component, self._evaluator
        hide = component.hide_condition
        node.hidden = bool(hide) and evaluator.is_true(hide, scope)
        if node.hidden:
            return
        readonly = evaluator.is_true(component.raw.get("readonly"), scope)
        if readonly != node.readonly:
            node.readonly = readonly
            if node.field is not None:
                read(node, self._posted)  # what was posted into a field that is not open never counts
        if component.type in CHOICES and node.field is not None:
            node.field.offer(options_of(component, scope, evaluator, self.language))
        elif component.type == "expression":
            node.computed = evaluator.json(component.raw.get("expression"), scope)

    def _check(self, node: Node, scope: Mapping[str, Any]) -> None:
        if node.component.is_list and node.component.limit("required") is True and not node.rows:
            node.errors = [say.REQUIRED_ROW]
        self._check_together(node)
        if not node.is_open or node.errors:
            return
        found = checks.problem(node, scope, self._evaluator, self._lookups)
        extra = self._extra_rules.get(node.component.key)
        if found is None and extra is not None and not node.field.is_empty:
            found = extra(node.field.data, self.answers)
        if found is not None:
            node.errors = [found]

    def _check_together(self, node: Node) -> None:
        """What is wrong with the answers of a group or list taken together, said at the parts it names."""
        rule = GROUP_RULES.get(str(node.component.custom("check") or ""))
        if rule is None or node.errors or not (node.children or node.rows):
            return
        rows = [row_values(node, number) for number in range(len(node.rows))]
        below = {each.name: each for each in everywhere([*node.children, *(each for row in node.rows for each in row)])}
        for path, wrong in rule(rows if node.component.is_list else collect(node.children)).items():
            place = below.get(".".join(part for part in (node.name, path) if part), node)
            place.errors = place.errors or [wrong]
