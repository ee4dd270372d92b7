"""The saved state of a case: about a kilobyte, compressed, sealed, and of no use without the key.

``version byte · length of key id · key id · nonce · AES-256-GCM(zstd(msgpack rows))``. The header and the caller's
``aad`` (the case) are authenticated with it, so a snapshot cannot be changed, shortened or moved to another case. Specs
are named, never stored: a snapshot is read against the definition the case runs on.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import cached_property
from os import urandom
from typing import Any

import msgspec
import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from workflows.engine.contraction import event_waits
from workflows.engine.definition import Definition
from workflows.engine.tasks import EngineTask
from workflows.engine.workflow import CaseWorkflow, ScopeWorkflow
from workflows.errors import SnapshotRejected

VERSION = 1
MAX_BYTES = 64 * 1024 * 1024
_NONCE = 12


class SnapshotKeys:
    """The keys that seal snapshots (32 bytes each), by id; new snapshots use ``current``.

    Rotate by adding a key and making it current: old snapshots stay readable and are re-sealed when their case moves.
    """

    def __init__(self, current: str, keys: Mapping[str, bytes]) -> None:
        self.current = current
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._header = bytes((VERSION, len(current.encode()))) + current.encode()
        self._cipher = self._ciphers[current]

    def seal(self, plain: bytes, aad: bytes) -> bytes:
        nonce = urandom(_NONCE)
        return self._header + nonce + self._cipher.encrypt(nonce, plain, self._header + aad)

    def unseal(self, sealed: bytes, aad: bytes) -> bytes:
        """The plain bytes; SnapshotRejected if the version or key is unknown or one bit or the ``aad`` differs."""
        if len(sealed) < 2 or sealed[0] != VERSION:
            raise SnapshotRejected(reason="version")
        end = 2 + sealed[1]
        header, nonce = sealed[:end], sealed[end : end + _NONCE]
        try:
            cipher = self._ciphers[header[2:].decode()]
            return cipher.decrypt(nonce, sealed[end + _NONCE :], header + aad)
        except (KeyError, UnicodeDecodeError) as error:
            raise SnapshotRejected(reason="key") from error
        except (InvalidTag, ValueError) as error:
            raise SnapshotRejected(reason="not authentic") from error


class _Codec(threading.local):
    """Compressor and decompressor keep state while they work: one pair for each thread."""

    @cached_property
    def compress(self) -> Any:
        return zstandard.ZstdCompressor(level=1).compress

    @cached_property
    def decompress(self) -> Any:
        return zstandard.ZstdDecompressor().decompress


_codec = _Codec()
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder().decode


def pack(case: CaseWorkflow) -> bytes:
    """The state as rows, parents first; values that are not JSON raise TypeError."""
    inner = [[scope.owner.id, scope.spec.name, _rows(scope)] for scope in case.subprocesses.values()]
    return _encode([_rows(case), inner])


def unpack(packed: bytes, definition: Definition, script_engine: Any) -> CaseWorkflow:
    """The case as it was when packed, on a loaded definition."""
    tree, inner = _decode(packed)
    case = CaseWorkflow(definition.spec, definition.subprocess_specs, script_engine)
    _restore(case, tree)
    for owner_id, spec_name, rows in inner:
        owner = case.find(owner_id)
        if owner is None:
            raise SnapshotRejected(reason="a scope without an owner")
        scope = ScopeWorkflow(definition.subprocess_specs[spec_name], owner)
        case.subprocesses[owner_id] = scope
        _restore(scope, rows)
    case.event_manager.tasks = event_waits(case)
    return case


def dump(case: CaseWorkflow, keys: SnapshotKeys, aad: bytes) -> bytes:
    return keys.seal(_codec.compress(pack(case)), aad)


def load(sealed: bytes, definition: Definition, keys: SnapshotKeys, aad: bytes, script_engine: Any) -> CaseWorkflow:
    """SnapshotRejected if the snapshot is not authentic, or names what the definition does not have."""
    packed = keys.unseal(sealed, aad)
    try:
        return unpack(_codec.decompress(packed, max_output_size=MAX_BYTES), definition, script_engine)
    except (KeyError, ValueError, TypeError, zstandard.ZstdError, msgspec.DecodeError) as error:
        raise SnapshotRejected(reason="not readable with this definition") from error


def _rows(scope: Any) -> list[Any]:
    index = {task_id: number for number, task_id in enumerate(scope.tasks)}
    rows = [
        (task.id, index.get(task._parent, -1), task._state, task.task_spec.name, task.internal_data)
        for task in scope.tasks.values()
    ]
    return [rows, scope.success, scope.completed, scope.data["vars"]]


def _restore(scope: Any, stored: list[Any]) -> None:
    rows, scope.success, scope.completed, variables = stored
    specs = scope.spec.task_specs
    order: list[EngineTask] = []
    for task_id, parent, state, name, internal in rows:
        task = EngineTask(scope, specs[name], order[parent] if parent >= 0 else None, state, task_id)
        task.internal_data = internal
        order.append(task)
    scope.task_tree = order[0]
    scope.data = {"vars": variables}
    scope.restored()
