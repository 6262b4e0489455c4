"""The keys of a configuration: dotted names, types, ranges and defaults, as train/configs/README.md lists them."""

import difflib
import math
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, TypeAlias

import msgspec


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A group of keys; unknown keys and wrong types are refused."""


Number: TypeAlias = Annotated[int, msgspec.Meta(ge=1)]
"""A whole number from 1."""

TwoOrMore: TypeAlias = Annotated[int, msgspec.Meta(ge=2)]
"""A whole number from 2."""

NumberOrZero: TypeAlias = Annotated[int, msgspec.Meta(ge=0)]
"""A whole number from 0."""

Positive: TypeAlias = Annotated[float, msgspec.Meta(gt=0)]
"""A number above 0."""

NotNegative: TypeAlias = Annotated[float, msgspec.Meta(ge=0)]
"""A number from 0."""

Share: TypeAlias = Annotated[float, msgspec.Meta(ge=0, le=1)]
"""A number from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key with its dotted name, type in words, and default as YAML has it (`required` where there is none)."""

    name: str
    type: str
    default: str


def list_keys(kind: type[Section], group: str = "") -> Iterator[Key]:
    """Every key of a configuration, those of sections after a dot.

    Sections in lists have `[]` in the name, sections in mappings `KEY`. A section that may be left out (`lora`) is a
    key of its own, before its keys.
    """
    for field in msgspec.structs.fields(kind):
        name = f"{group}{field.name}"
        section, whole = _section(field.type)
        if section is None or not whole:
            yield Key(name, _words(field.type), _default(field))
        if section is not None:
            between = _BETWEEN.get(typing.get_origin(field.type), "")
            yield from list_keys(section, f"{name}{between}.")


def nearest_key(wrong: str, group: str, kind: type[Section]) -> str | None:
    """The valid key most like a wrong one: of its own section by bare name, else of any by dotted name."""
    prefix = f"{group}." if group else ""
    every = [key.name.replace("[]", "") for key in list_keys(kind)]
    every += sorted({name.rpartition(".")[0] for name in every if "." in name})
    beside = {name.removeprefix(prefix): name for name in every if name.startswith(prefix)}
    beside = {short: name for short, name in beside.items() if "." not in short}
    found = difflib.get_close_matches(wrong, sorted(beside), n=1, cutoff=0.6)
    if found:
        return found[0]
    by_last = {name.rpartition(".")[2]: name for name in reversed(every)}
    found = difflib.get_close_matches(wrong, sorted(by_last), n=1, cutoff=0.6)
    return by_last[found[0]] if found else None


def _section(annotation: Any) -> tuple[type[Section] | None, bool]:
    """The section that a field holds, if it does, and whether it holds exactly one that is always there."""
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return annotation, True
    for part in typing.get_args(annotation):
        if isinstance(part, type) and issubclass(part, Section):
            return part, False
    return None, False


def _default(field: msgspec.structs.FieldInfo) -> str:
    if field.required:
        return "required"
    value = field.default_factory() if field.default is msgspec.NODEFAULT else field.default
    if isinstance(value, list | tuple):
        return f"[{', '.join(str(item) for item in value)}]"
    if isinstance(value, dict):
        return "{}" if not value else str(value)
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return f"{value:g}" if isinstance(value, float) else str(value)


_BETWEEN: Final[dict[Any, str]] = {list: "[]", tuple: "[]", dict: ".KEY"}
_PLAIN: Final[dict[Any, str]] = {int: "whole number", float: "number", str: "text", bool: "true or false", Any: "value"}


def _words(annotation: Any) -> str:
    """A type in the words of the page."""
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Annotated:
        return _words(parts[0]) + "".join(_range(meta) for meta in parts[1:])
    if origin is Literal:
        return " or ".join(f"`{part}`" for part in parts)
    if origin in (list, tuple):
        return f"list of {_words(parts[0])}"
    if origin is dict:
        return f"mapping to {_words(parts[1])}"
    if origin in (typing.Union, types.UnionType):
        return " or ".join(_words(part) for part in parts if part is not type(None))
    return "section" if issubclass(annotation, Section) else str(annotation)


def _range(meta: msgspec.Meta) -> str:
    if meta.ge is not None and meta.le is not None:
        return f" {meta.ge:g} to {meta.le:g}"
    for sign, bound in ((">", meta.gt), ("≥", meta.ge), ("≤", meta.le), ("<", meta.lt)):
        if bound is not None and not math.isinf(bound):
            return f" {sign} {bound:g}"
    return ""
