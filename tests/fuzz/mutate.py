"""Changes to JSON that stay JSON: plain changes of bytes rarely come past the parser."""

import copy
import json
import random
from collections.abc import Callable

ODD = (
    None, True, False, 0, -1, 1, 0.5, -0.0, 1e308, -1e308, 2**31, 2**63, 2**64, -(2**63), 10**400, "", "a",
    "1", "nan", "\ud800", "\0", [], {}, [[]], [0, 0, 0, 0], [1, 2, 3], float("nan"), float("inf"),
    {"counts": "", "size": [1, 1]}, {"counts": [0, 9], "size": [3, 3]}, {"counts": "PPYo1", "size": [64, 64]},
    "x" * 5000, list(range(300)),
)  # fmt: skip


def _places(value: object, path: tuple = ()) -> list[tuple]:
    found = [path]
    if isinstance(value, dict | list):
        parts = value.items() if isinstance(value, dict) else enumerate(value)
        for key, part in parts:
            if len(found) < 400:
                found += _places(part, (*path, key))
    return found


def _at(value: object, path: tuple) -> object:
    for key in path:
        value = value[key]
    return value


def mutate_value(value: object, drawn: random.Random) -> object:
    """`value` with one to four of its parts replaced, removed, repeated, renamed or swapped."""
    value = copy.deepcopy(value)
    for _ in range(drawn.randint(1, 4)):
        path = drawn.choice(_places(value))
        if not path:
            continue
        holder, key = _at(value, path[:-1]), path[-1]
        way = drawn.randrange(6)
        if way <= 2:
            holder[key] = copy.deepcopy(drawn.choice(ODD))
        elif way == 3:
            del holder[key]
        elif isinstance(holder, list):
            other = copy.deepcopy(_at(value, drawn.choice(_places(value))))
            holder.insert(drawn.randint(0, len(holder)), other)
        elif way == 4:
            holder[drawn.choice(list(holder))] = copy.deepcopy(holder[key])
        else:
            holder[drawn.choice((*holder, "x", "masks", "boxes", "results"))] = holder.pop(key)
    return value


def mutate_json(content: bytes, drawn: random.Random, plain: Callable[[bytes], bytes]) -> bytes:
    """Changed JSON; changed bytes now and then, and where `content` is no JSON."""
    if drawn.random() < 0.2:
        return plain(content)
    if drawn.random() < 0.002:
        return b"[" * 9000 + content
    try:
        return json.dumps(mutate_value(json.loads(content), drawn)).encode()
    except (ValueError, RecursionError, TypeError, IndexError, KeyError):
        return plain(content)


def mutate_checkpoint(content: bytes, drawn: random.Random, plain: Callable[[bytes], bytes]) -> bytes:
    """A safetensors file with another header, whose length is right; or changed bytes."""
    length = int.from_bytes(content[:8], "little")
    try:
        header = json.loads(content[8 : 8 + length])
        facts = header.get("__metadata__", {})
        if drawn.random() < 0.5 and isinstance(facts, dict) and "pedviz" in facts:
            changed = mutate_value(json.loads(facts["pedviz"]), drawn)
            header["__metadata__"] = facts | {"pedviz": json.dumps(changed)}
        elif drawn.random() < 0.7:
            header = mutate_value(header, drawn)
        else:
            return plain(content)
    except (ValueError, RecursionError, TypeError, IndexError, KeyError, AttributeError):
        return plain(content)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + content[8 + length :]
