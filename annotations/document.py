"""Document, Span, Event, Argument: the one type that gold data, model output and archives share.

Offsets are half-open intervals of Unicode code points into `Document.text`, which is never altered.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from warwire.annotations.labels import EVENT_TYPES, LABELS, ROLE_FILLERS, STATUSES


@dataclass(frozen=True, slots=True)
class Span:
    """Text positions `start` (inclusive) to `end` (exclusive) with a label, and a model's confidence in 0..1.

    Raises:
        ValueError: the interval is empty or negative, or the label is unknown.
    """

    id: str
    start: int
    end: int
    label: str
    score: float | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"span {self.id}: start {self.start} and end {self.end} are no interval")
        if self.label not in LABELS:
            raise ValueError(f"span {self.id}: unknown label {self.label!r}")

    @property
    def is_trigger(self) -> bool:
        """Whether the label is an event type."""
        return self.label in EVENT_TYPES

    def overlaps(self, other: "Span") -> bool:
        """Whether the two intervals share a code point."""
        return self.start < other.end and other.start < self.end

    def surface(self, text: str) -> str:
        """The covered text."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Argument:
    """A role of an event and the id of the span that fills it."""

    role: str
    span: str
    extra: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.role not in ROLE_FILLERS:
            raise ValueError(f"unknown role {self.role!r}")


@dataclass(frozen=True, slots=True)
class Event:
    """One trigger with its arguments.

    `score`, `sentence`, `channel`, `flags` and `normalised` are filled in model output only; `normalised` maps
    each role to a list in the order of the arguments.
    """

    id: str
    type: str
    trigger: str
    arguments: tuple[Argument, ...] = ()
    status: str = "asserted"
    score: float | None = None
    sentence: str | None = None
    channel: str | None = None
    flags: tuple[str, ...] = ()
    normalised: Mapping[str, tuple[Mapping[str, Any], ...]] | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.type not in EVENT_TYPES:
            raise ValueError(f"event {self.id}: unknown type {self.type!r}")
        if self.status not in STATUSES:
            raise ValueError(f"event {self.id}: unknown status {self.status!r}")

    def fillers(self, role: str) -> tuple[str, ...]:
        """Ids of the spans in a role."""
        return tuple(argument.span for argument in self.arguments if argument.role == role)


@dataclass(frozen=True, slots=True)
class Document:
    """A text with its spans and events; `date` is the day of publication, ISO 8601."""

    id: str
    text: str
    date: str | None = None
    title: str | None = None
    spans: tuple[Span, ...] = ()
    events: tuple[Event, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    def span_by_id(self) -> dict[str, Span]:
        """Spans keyed by id."""
        return {span.id: span for span in self.spans}
