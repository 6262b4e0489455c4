"""What a section of the page is made of: tables and charts, with every text plain and every number formatted.

The template reads these types and nothing else; it escapes every text, so that only charts are markup.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

UNKNOWN: Final = "–"
"""Stands where a figure is not known or does not apply."""

_CONTROLS: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A table's cell: `name` is its style class, `small` a second line, `chart` stands before the text."""

    text: str
    name: str = "number"
    small: str = ""
    chart: Markup | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column's head: `over` is the heading that it shares with its neighbours, empty for none."""

    text: str
    name: str = "number"
    over: str = ""
    chart: Markup | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first cell of each row is its heading. A folded one opens on request and, unless it is too long for
    it, on paper."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    folded: bool = False
    on_paper: bool = True
    name: str = ""
    kind: str = "table"

    @property
    def headings(self) -> tuple[tuple[str, int], ...]:
        """The headings over the columns with the number of columns that each spans; empty without any."""
        runs: list[tuple[str, int]] = []
        for column in self.columns:
            if runs and column.over and runs[-1][0] == column.over:
                runs[-1] = (column.over, runs[-1][1] + 1)
            else:
                runs.append((column.over, 1))
        return tuple(runs) if any(text for text, _ in runs) else ()


@dataclass(frozen=True, slots=True)
class Legend:
    """What a line of a chart stands for."""

    swatch: Markup
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with the words under it."""

    caption: str
    picture: Markup
    legend: tuple[Legend, ...] = ()
    note: str = ""
    kind: str = "chart"


Block = Table | Chart


@dataclass(frozen=True, slots=True)
class Group:
    """The blocks of one data set, with the signature of their figures; `data` is empty where there is none."""

    data: str
    blocks: tuple[Block, ...]
    signature: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: its anchor, its heading, a sentence on how to read it, and a group for each data set."""

    anchor: str
    title: str
    lead: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Models:
    """The models in the order of the figures, each with the number that gives it its colour and marker."""

    names: tuple[str, ...]

    def number(self, name: str) -> int:
        """The number of a model, from 0; one that is not known counts as the last."""
        return self.names.index(name) if name in self.names else len(self.names)


def shown(text: object) -> str:
    """A text as the page shows it: control and direction characters become replacement characters, one for one."""
    return _CONTROLS.sub("\ufffd", str(text))


def score(value: float | None) -> str:
    """A share in 0..1 with three decimals."""
    return UNKNOWN if value is None else f"{value:.3f}"


def interval(block: Mapping[str, Any]) -> str:
    """The 95% interval of an INTERVAL, empty where it is not known."""
    low, high = block.get("low"), block.get("high")
    return "" if low is None or high is None else f"{low:.3f}–{high:.3f}"


def points(value: float | None) -> str:
    """A difference of shares in points of a hundred, signed."""
    return UNKNOWN if value is None else f"{_minus(value * 100, '+.1f')}"


def signed(value: float | None, decimals: int = 2) -> str:
    """A signed number."""
    return UNKNOWN if value is None else _minus(value, f"+.{decimals}f")


def whole(value: float | None) -> str:
    """A count with thousands separated; a sum of similarities has one decimal."""
    if value is None:
        return UNKNOWN
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def chance(value: float | None) -> str:
    """A p value."""
    if value is None:
        return UNKNOWN
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def size(value: float | None) -> str:
    """A number of bytes in MB."""
    return UNKNOWN if value is None else f"{value / 1e6:,.1f} MB"


def name(text: object) -> Cell:
    """A row's heading."""
    return Cell(shown(text), "name")


def best(values: Sequence[float | None]) -> float | None:
    """The greatest of the values that are known, where there are two to compare."""
    known = [value for value in values if value is not None]
    return max(known) if len(known) > 1 else None


def _minus(value: float, form: str) -> str:
    text = f"{value:{form}}"
    return "0" + text[2:] if not text.strip("+-0.") else text.replace("-", "−")
