"""DMN 1.1 to 1.5 files to decision models. Everything that is wrong is reported at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from workflows.decisions import boxed, table
from workflows.decisions.boxed import function_logic
from workflows.decisions.elements import (
    Element,
    child,
    children,
    expression_of,
    local,
    name_of,
    nearest_id,
    text_of,
    type_text,
)
from workflows.decisions.errors import DecisionError, Problem
from workflows.decisions.graph import DecisionNode, InputData, KnowledgeModel, Node, Requirement, Service
from workflows.decisions.item_types import ItemType, result_of
from workflows.decisions.model import Decision, DecisionModel
from workflows.decisions.workshop import Names, Workshop
from workflows.errors import Text
from workflows.feel.feel_types import ANY, FunctionType

_REGISTERED: Final = (boxed, table)
_NODES: Final = {
    "decision": DecisionNode,
    "inputData": InputData,
    "businessKnowledgeModel": KnowledgeModel,
    "decisionService": Service,
}
_REFERENCES: Final = ("requiredDecision", "requiredInput", "requiredKnowledge")


def parse_dmn(root: Element, imported: Iterable[Element] = (), *, tolerant: bool = False) -> DecisionModel:
    """The model in a DMN document; ``imported`` are the roots of documents that it may import, found by namespace.

    DecisionError with every problem. ``tolerant`` is DMN's own reading, for conformance tests: a part that does not
    compile, and a table whose policy is violated, is null; logic sees only what it requires.
    """
    library = _Library(imported, tolerant)
    try:
        file = library.file(root)
    except RecursionError:
        text = Text("ไฟล์ซ้อนกันลึกเกินไป", "The file is nested too deeply")
        raise DecisionError([Problem(nearest_id(root), 0, text)]) from None
    if library.problems and not tolerant:
        raise DecisionError(library.problems)
    return file.model()


class _Library:
    """The documents at hand, each parsed once however many import it, and the problems found in them."""

    def __init__(self, imported: Iterable[Element], tolerant: bool) -> None:
        self.roots = {root.get("namespace", ""): root for root in imported}
        self.tolerant = tolerant
        self.problems: list[Problem] = []
        self._files: dict[str, _File | None] = {}

    def file(self, root: Element) -> _File:
        """The document, parsed and compiled with everything it imports."""
        namespace = root.get("namespace", "")
        self._files[namespace] = None
        found = self._files[namespace] = _File(root, self)
        return found

    def imported(self, namespace: str) -> _File | None:
        """The document of a namespace; None if it is not here, or is itself still waiting for this one."""
        if namespace not in self._files and namespace in self.roots:
            return self.file(self.roots[namespace])
        return self._files.get(namespace)


class _File:
    """One document while it is parsed, with the documents it imports."""

    def __init__(self, root: Element, library: _Library) -> None:
        self.root = root
        self.library = library
        self.namespace = root.get("namespace", "")
        prefixes = frozenset(prefix for prefix in root.nsmap if prefix)
        self.workshop = Workshop(prefixes, library.problems, tolerant=library.tolerant)
        self.imports: list[tuple[str, _File]] = []
        """The name of each import, which may be empty, and its document."""
        self.nodes: dict[str, Node] = {}
        self.elements: dict[str, Element] = {}
        if local(root) != "definitions":
            self.workshop.problem(root, Text("ไม่ใช่ไฟล์ DMN", "This is not a DMN file"))
        for element in children(root, "import"):
            self._import(element)
        for element in root:
            if local(element) in _NODES:
                node = _NODES[local(element)](element.get("id") or name_of(element), name_of(element))
                if node.id in self.nodes:
                    self.workshop.problem(element, Text(f"id {node.id} ซ้ำ", f"The id {node.id} is used twice"))
                    continue
                self.nodes[node.id] = node
                self.elements[node.id] = element
        self._types()
        self._compile()

    def _import(self, element: Element) -> None:
        """Other documents by namespace; imports of other kinds (XSD, PMML) are nothing to us."""
        namespace = element.get("namespace", "")
        if "DMN" not in element.get("importType", ""):
            return
        file = self.library.imported(namespace)
        if file is None:
            self.workshop.problem(
                element, Text(f"ไม่พบไฟล์ที่นำเข้า {namespace}", f"The imported model {namespace} is not here")
            )
            return
        self.imports.append((name_of(element), file))
        self.workshop.members |= file.workshop.members | {node.name for node in file.nodes.values()}
        for name, found in file.workshop.types.items():
            self.workshop.types[f"{name_of(element)}.{name}" if name_of(element) else name] = found

    def _types(self) -> None:
        definitions = children(self.root, "itemDefinition")
        own = [ItemType(name_of(element), self.workshop.types) for element in definitions]
        self.workshop.types.update({item.name: item for item in own})
        for item, element in zip(own, definitions, strict=True):
            self._fill(item, element)

    def _fill(self, item: ItemType, element: Element) -> None:
        workshop = self.workshop
        item.collection = element.get("isCollection") == "true"
        item.reference = workshop.without_prefix(type_text(element))
        for part in children(element, "itemComponent"):
            component = ItemType(name_of(part), workshop.types)
            self._fill(component, part)
            item.components[component.name] = component
            workshop.members.add(component.name)
        function = child(element, "functionItem")
        if function is not None:
            parameters = tuple(workshop.type_of(part) or ANY for part in children(function, "parameters"))
            result = workshop.named_type(function.get("outputTypeRef", ""))
            item.function = FunctionType(parameters, result or ANY)
        allowed, constraint = text_of(child(element, "allowedValues")), text_of(child(element, "typeConstraint"))
        if allowed:
            item.allowed = workshop.tests(element, allowed, frozenset())
        if constraint:
            item.constraint = workshop.tests(element, constraint, frozenset())

    def _compile(self) -> None:
        """Connect the nodes and compile their logic."""
        for node_id, node in self.nodes.items():
            element = self.elements[node_id]
            node.type = self.workshop.type_of(child(element, "variable"))
            node.requirements = self._requirements(element)
        for node_id, node in self.nodes.items():
            self.workshop.given, self.workshop.reads = self._names(node), set()
            if isinstance(node, DecisionNode):
                self._decision(node, self.elements[node_id])
            elif isinstance(node, KnowledgeModel):
                self._knowledge(node, self.elements[node_id])
            elif isinstance(node, Service):
                self._service(node, self.elements[node_id])
            node.reads = frozenset(self.workshop.reads)
        self._refuse_circles()

    def _requirements(self, element: Element) -> list[Requirement]:
        found = []
        for group in element:
            if local(group) in ("informationRequirement", "knowledgeRequirement"):
                references = [part for name in _REFERENCES for part in children(group, name)]
                found += [requirement for part in references if (requirement := self._referred(part))]
        return found

    def _referred(self, element: Element) -> Requirement | None:
        """The node behind a reference ``#id`` or ``namespace#id``."""
        namespace, _, node_id = element.get("href", "").rpartition("#")
        for prefix, file in (("", self), *self.imports):
            if namespace in ("", file.namespace) and node_id in file.nodes:
                return Requirement(file.nodes[node_id], prefix)
        self.workshop.problem(
            element, Text(f"ไม่พบ {element.get('href')} ที่อ้างถึง", f"The reference {element.get('href')} leads nowhere")
        )
        return None

    def _names(self, node: Node) -> Names:
        """The names that the node's logic may use: what it requires, and every input of the file."""
        names = {other.name for other in self.nodes.values() if isinstance(other, InputData)}
        return frozenset(names | _supplied(node)) - {""}

    def _decision(self, node: DecisionNode, element: Element) -> None:
        variable = child(element, "variable")
        node.variable = name_of(variable) or node.name
        logic = expression_of(element)
        if logic is None:
            self.workshop.problem(
                element, Text(f"การตัดสินใจ {node.name} ยังไม่มีตรรกะ", f"The decision {node.name} has no logic")
            )
            return
        node.kind = local(logic)
        node.logic = self.workshop.logic(logic, self._names(node))

    def _knowledge(self, node: KnowledgeModel, element: Element) -> None:
        definition = child(element, "encapsulatedLogic")
        if definition is None:
            self.workshop.problem(
                element, Text(f"โมเดลความรู้ {node.name} ยังไม่มีตรรกะ", f"The knowledge model {node.name} has no logic")
            )
            return
        node.logic = function_logic(
            self.workshop, definition, self._names(node), name=node.name, declared=result_of(node.type)
        )

    def _service(self, node: Service, element: Element) -> None:
        node.inputs, node.input_decisions, node.outputs = (
            [requirement for part in children(element, name) if (requirement := self._referred(part))]
            for name in ("inputData", "inputDecision", "outputDecision")
        )

    def _refuse_circles(self) -> None:
        """Decisions that require each other would never end; a knowledge model may call itself."""
        done: set[str] = set()

        def visit(node: Node, above: tuple[str, ...]) -> None:
            if node.id in above:
                path = " → ".join((*above, node.id))
                self.workshop.problem(
                    self.elements[node.id], Text(f"การตัดสินใจอ้างถึงกันเป็นวง: {path}", f"Decisions in a circle: {path}")
                )
                return
            if node.id in done or self.nodes.get(node.id) is not node:
                return
            for requirement in node.requirements:
                if not isinstance(requirement.node, KnowledgeModel):
                    visit(requirement.node, (*above, node.id))
            done.add(node.id)

        for node in self.nodes.values():
            visit(node, ())

    def model(self) -> DecisionModel:
        decisions = {node.id: self._shown(node) for node in self.nodes.values() if isinstance(node, DecisionNode)}
        return DecisionModel(name_of(self.root), self.namespace, decisions, self.nodes, strict=self.workshop.tolerant)

    def _shown(self, node: DecisionNode) -> Decision:
        """The decision for who wants to ask it, with what it needs directly and through others, nearest first."""
        inputs: dict[str, None] = {}
        variables: dict[str, None] = {}
        pending: list[Node] = [node]
        seen: list[Node] = [node]
        while pending:
            found = pending.pop(0)
            supplied = _supplied(found)
            variables.update(dict.fromkeys(sorted(found.reads - supplied)))
            for requirement in found.requirements:
                if isinstance(requirement.node, InputData):
                    inputs[requirement.node.name] = variables[requirement.node.name] = None
                elif requirement.node not in seen:
                    seen.append(requirement.node)
                    pending.append(requirement.node)
        required = tuple(other.id for other in seen[1:] if isinstance(other, DecisionNode))
        return Decision(node.id, node.name, node.kind, tuple(inputs), tuple(variables), required)


def _supplied(node: Node) -> set[str]:
    """The names under which a node sees what it requires."""
    found = {node.name} if isinstance(node, KnowledgeModel) else set()
    for requirement in node.requirements:
        found |= {requirement.prefix or requirement.node.name}
        if isinstance(requirement.node, DecisionNode) and not requirement.prefix:
            found |= {requirement.node.variable, requirement.node.id}
    return found
