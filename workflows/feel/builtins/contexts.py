"""Context functions; ``put`` and ``put all`` are Camunda's older names."""

from __future__ import annotations

from typing import Any

from workflows.feel.builtins.registry import builtin
from workflows.feel.errors import Mismatch
from workflows.feel.limits import Run
from workflows.feel.values import read


@builtin("get value", "m: context, key: text", "context: context, key: text")
def get_value(_run: Run, context: dict[str, Any], key: str) -> Any:
    """The value under a key; null if there is none. / ค่าของชื่อใน context ถ้าไม่มีได้ null

    get value({a: 1}, "a") → 1
    """
    return read(context.get(key))


@builtin("get value", "context: context, keys: list")
def get_nested_value(_run: Run, context: dict[str, Any], keys: list[Any]) -> Any:
    """The value at the end of a path of keys. / ค่าที่ปลายทางของชื่อหลายชั้น

    get value({a: {b: 2}}, ["a", "b"]) → 2
    """
    if not keys:
        raise Mismatch
    found: Any = context
    for key in keys:
        if not isinstance(found, dict) or not isinstance(key, str):
            raise Mismatch
        found = read(found.get(key))
    return found


@builtin("get entries", "m: context", "context: context")
def get_entries(run: Run, context: dict[str, Any]) -> list[dict[str, Any]]:
    """The entries as a list of ``{key, value}``. / รายการคู่ชื่อและค่า

    get entries({a: 1}) → [{key: "a", value: 1}]
    """
    run.charge(len(context) << 1)
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("context", "entries: list")
def context_of(run: Run, entries: list[Any]) -> dict[str, Any]:
    """A context from a list of ``{key, value}``; null if a key comes twice. / สร้าง context จากรายการคู่ชื่อและค่า

    context([{key: "a", value: 1}]) → {a: 1}
    """
    run.charge(len(entries) << 2)
    result: dict[str, Any] = {}
    for raw in entries:
        entry = read(raw)
        if not isinstance(entry, dict) or not {"key", "value"} <= entry.keys():
            raise Mismatch
        key = entry["key"]
        if not isinstance(key, str) or key in result:
            raise Mismatch
        result[key] = entry["value"]
    return result


@builtin("put", "context: context, key: text, value: any")
@builtin("context put", "context: context, key: text, value: any")
def context_put(_run: Run, context: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    """The context with one entry added or replaced. / context ที่เพิ่มหรือแทนค่าหนึ่งค่า

    context put({a: 1}, "b", 2) → {a: 1, b: 2}
    put({a: 1}, "a", 3) → {a: 3}
    """
    return {**context, key: value}


@builtin("context put", "context: context, keys: list, value: any")
def context_put_nested(run: Run, context: dict[str, Any], keys: list[Any], value: Any) -> dict[str, Any]:
    """The context with the entry at the end of a path replaced. / context ที่แทนค่าที่ปลายทางของชื่อหลายชั้น

    context put({a: {b: 1}}, ["a", "b"], 2) → {a: {b: 2}}
    """
    if not keys or not isinstance(keys[0], str):
        raise Mismatch
    first, *rest = keys
    if rest:
        inner = read(context.get(first))
        if not isinstance(inner, dict):
            raise Mismatch
        value = context_put_nested(run, inner, rest, value)
    return {**context, first: value}


@builtin("put all", "contexts: any*")
@builtin("context merge", "contexts: any*")
def context_merge(run: Run, *contexts: Any) -> dict[str, Any]:
    """All entries of the contexts; where a key comes twice the last one counts.
    / รวม context หลายตัว ชื่อซ้ำใช้ค่าหลังสุด

    context merge([{a: 1}, {b: 2}]) → {a: 1, b: 2}
    put all({a: 1}, {a: 2}) → {a: 2}
    """
    items = contexts[0] if len(contexts) == 1 and isinstance(contexts[0], list) else contexts
    result: dict[str, Any] = {}
    if not items:
        raise Mismatch
    for raw in items:
        item = read(raw)
        if not isinstance(item, dict):
            raise Mismatch
        run.charge(len(item))
        result.update(item)
    return result
