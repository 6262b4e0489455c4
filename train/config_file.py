"""YAML configuration files: read with line numbers, overridden by `KEY=VALUE`, checked as a whole.

Every fault is one line that names file and line, or the override, the key, and the nearest valid key.
"""

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar

import msgspec

from warwire.annotations.errors import InputError
from warwire.train.config_keys import Section, nearest_key

Whole = TypeVar("Whole", bound=Section)
"""The kind of a whole configuration file."""

_EXPONENT: Final = re.compile(r"[-+]?(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)[eE][-+]?[0-9]+")
_STEP: Final = re.compile(r"\.(\w+)|\[(\d+)\]|\[(\.\.\.)\]")
_ANY: Final = "KEY"
"""Stands for a key of a mapping whose keys are free."""

Steps: TypeAlias = tuple[str | int, ...]
"""Where a value stands in a file: the keys and list positions that lead to it."""


def read_sections(path: Path, overrides: Sequence[str], kind: type[Whole]) -> Whole:
    """A YAML file with overrides applied, as a configuration of the kind.

    Raises:
        InputError: naming file and line or the override, the key, and the nearest valid key.
    """
    raw, root = _read(path)
    changes = parse_overrides(overrides)
    for key, value in changes.items():
        _put(raw, key, value)
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        raise InputError(_explained(str(error), path, root, changes, kind)) from None


def parse_overrides(overrides: Sequence[str]) -> dict[str, Any]:
    """The values by dotted key of overrides such as `optimiser.epochs=3`, read as YAML; a later one of a key counts.

    Raises:
        InputError: an override is no KEY=VALUE, or its value no YAML.
    """
    import yaml

    found: dict[str, Any] = {}
    for override in overrides:
        key, equals, value = override.partition("=")
        if not equals or not all(key.split(".")):
            raise InputError(f"{override!r} is no KEY=VALUE such as optimiser.epochs=3")
        try:
            found[key] = parse_value(value)
        except yaml.YAMLError:
            raise InputError(f"{override!r}: the value is no YAML") from None
    return found


def parse_value(text: str) -> Any:
    """A value as it would be read from a configuration file: `3`, `1e-4`, `true`, `[a, b]`, `{rank: 8}`."""
    import yaml

    return yaml.load(text, Loader=_loader())


def _read(path: Path) -> tuple[dict[str, Any], Any]:
    """The mapping in a file, and its YAML nodes, which know their lines."""
    import yaml

    try:
        loader = _loader()(path.read_text(encoding="utf-8"))
        root = loader.get_single_node()
        raw = loader.construct_document(root) if root is not None else None
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except (OSError, UnicodeDecodeError, ValueError, yaml.YAMLError) as error:
        raise InputError(f"{path}: no readable YAML: {' '.join(str(error).split())}") from None
    if not isinstance(raw, dict):
        raise InputError(f"{path}: a mapping of keys is expected")
    for name, line in _repeated(root):
        raise InputError(f"{path}:{line}: the key `{name}` is given twice; keep one of them")
    return raw, root


@functools.cache
def _loader() -> Any:
    import yaml

    class Loader(yaml.SafeLoader):
        pass

    # YAML 1.1 reads 1e-4, without a point, as text.
    Loader.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(f"^{_EXPONENT.pattern}$"), list("-+.0123456789"))
    return Loader


def _repeated(node: Any) -> Iterator[tuple[str, int]]:
    if isinstance(node.value, str):
        return
    seen: set[str] = set()
    for item in node.value:
        if not isinstance(item, tuple):
            yield from _repeated(item)
            continue
        name = str(item[0].value)
        if name in seen:
            yield name, item[0].start_mark.line + 1
        seen.add(name)
        yield from _repeated(item[1])


def _put(raw: dict[str, Any], key: str, value: Any) -> None:
    *groups, last = key.split(".")
    for group in groups:
        inner = raw.setdefault(group, {})
        if inner is None:
            inner = raw[group] = {}
        if not isinstance(inner, dict):
            raise InputError(f"{key!r}: {group!r} has no keys below it")
        raw = inner
    raw[last] = value


def _explained(message: str, path: Path, root: Any, changes: Mapping[str, Any], kind: type[Section]) -> str:
    """The message of msgspec as one line that says where, with the nearest valid key."""
    what, _, place = message.partition(" - at `$")
    steps: Steps = tuple(name or (_ANY if free else int(number)) for name, number, free in _STEP.findall(place))
    group = ".".join(str(step) for step in steps if isinstance(step, str))
    if "unknown field" in what:
        wrong = what.split("`")[1]
        near = nearest_key(wrong, group, kind)
        below = f" in `{group}`" if group else ""
        suggestion = f"; did you mean `{near}`?" if near else ""
        return f"{_where(path, root, changes, (*steps, wrong))}: unknown field `{wrong}`{below}{suggestion}"
    if "missing required field" in what:
        missing = what.split("`")[1]
        return f"{_where(path, root, changes, steps)}: `{f'{group}.{missing}' if group else missing}` is missing"
    return f"{_where(path, root, changes, steps)}: {f'{group}: ' if group else ''}{what}"


def _where(path: Path, root: Any, changes: Mapping[str, Any], steps: Steps) -> str:
    names = [step for step in steps if isinstance(step, str)]
    for key in changes:
        if all(name in (part, _ANY) for name, part in zip(names, key.split("."), strict=False)):
            return f"{path}, {key}={changes[key]!r}"
    return f"{path}:{_line(root, steps)}"


def _line(node: Any, steps: Steps) -> int:
    """The line of the value that the steps lead to, or of the last one that is in the file."""
    line: int = node.start_mark.line + 1
    for step in steps:
        if isinstance(step, int):
            if isinstance(node.value, str) or step >= len(node.value):
                return line
            node = node.value[step]
            line = node.start_mark.line + 1
            continue
        pairs = [pair for pair in node.value if isinstance(pair, tuple)]
        found = next(((key, value) for key, value in pairs if key.value == step), None)
        if found is None:
            return line
        line, node = found[0].start_mark.line + 1, found[1]
    return line
