"""The columns of an archive's tables: their names, types and order are fixed here, never found from the data.

documents   one row a document, spans and events nested
rows        one row an event (`warwire.model.rows`), numbers as numbers
attacks     one row an attack, speaker and weapon (`warwire.model.attacks`), numbers as numbers
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from warwire.model import attacks, rows
from warwire.model.attack_figures import FIGURES

if TYPE_CHECKING:
    import pyarrow

Kind = Literal["string", "int64", "double"]

TABLES: Final = ("documents", "rows", "attacks")
"""Names of the tables, which are the names of their folders."""

_PLACE: Final[dict[str, Kind]] = {
    "text": "string",
    "name": "string",
    "country": "string",
    "lat": "double",
    "lon": "double",
    "geonames_id": "int64",
    "precision": "string",
}
_PARTY: Final[dict[str, Kind]] = {"text": "string", "side": "string"}

VALUE_FIELDS: Final[dict[str, dict[str, Kind]]] = {
    "agent": _PARTY,
    "target": _PARTY,
    "weapon": {"text": "string", "class": "string", "model": "string"},
    "count": {
        "text": "string",
        "min": "int64",
        "max": "int64",
        "bound": "string",
        "of": "string",
        "part_of": "string",
        "earlier_min": "int64",
        "earlier_max": "int64",
    },
    "place": _PLACE,
    "origin": _PLACE,
    "time": {"text": "string", "start": "string", "end": "string", "precision": "string"},
    "speaker": {"text": "string", "kind": "string", "side": "string"},
}
"""The fields of a normalised value, by role."""

DOCUMENT_FIELDS: Final[dict[str, Kind]] = {"source": "string", "schema_version": "int64", "model": "string"}
"""Keys of `Document.extra` that have a column of their own."""

ORIGIN_FIELDS: Final[dict[str, Kind]] = {"file": "string", "number": "int64"}
"""Keys of `Document.extra["origin"]`, which are the columns `origin_file` and `origin_number`."""

_INTEGERS: Final = range(-(2**63), 2**63)
_EXACT: Final = 2**53
"""Up to here every integer is a double."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a flat table.

    Attributes:
        name: as in the CSV.
        kind: its type.
        several: the CSV may hold several numbers, joined. The column then holds the first one, and `all_name`
            all of them, which is null where there is one or none.
    """

    name: str
    kind: Kind
    several: bool = False

    @property
    def all_name(self) -> str:
        """The column of all numbers."""
        return f"{self.name}_all"


def fits(value: object, kind: Kind) -> bool:
    """Whether a column of the kind holds the value exactly; null fits all."""
    if value is None:
        return True
    if kind == "string":
        return isinstance(value, str)
    if isinstance(value, bool):
        return False
    if kind == "int64":
        return isinstance(value, int) and value in _INTEGERS
    return isinstance(value, float) or (isinstance(value, int) and abs(value) <= _EXACT)


def _row_columns() -> tuple[Column, ...]:
    numbers: dict[str, Kind] = {
        f"{role}_{field}": kind for role, fields in VALUE_FIELDS.items() for field, kind in fields.items()
    }
    columns = [Column(name, kind := numbers.get(name, "string"), kind != "string") for name in rows.COLUMNS]
    return tuple(Column("score", "double") if column.name == "score" else column for column in columns)


def _attack_columns() -> tuple[Column, ...]:
    numbers: dict[str, Kind] = {"lat": "double", "lon": "double"}
    numbers |= {f"{name}_{end}": "int64" for name in FIGURES for end in ("min", "max")}
    return tuple(Column(name, numbers.get(name, "string")) for name in attacks.COLUMNS)


FLAT_COLUMNS: Final[Mapping[str, tuple[Column, ...]]] = {"rows": _row_columns(), "attacks": _attack_columns()}
"""The columns of the flat tables, in order."""


def arrow_schema(table: str) -> "pyarrow.Schema":
    """The Arrow schema of a table, one of `TABLES`."""
    return _document_schema() if table == "documents" else _flat_schema(FLAT_COLUMNS[table])


def _flat_schema(columns: tuple[Column, ...]) -> "pyarrow.Schema":
    import pyarrow as pa

    types = _types()
    fields = []
    for column in columns:
        fields.append(pa.field(column.name, types[column.kind]))
        if column.several:
            fields.append(pa.field(column.all_name, pa.list_(types[column.kind])))
    return pa.schema(fields)


def _document_schema() -> "pyarrow.Schema":
    import pyarrow as pa

    text, whole, number = pa.string(), pa.int64(), pa.float64()
    span = _struct({"id": text, "start": whole, "end": whole, "label": text, "score": number, "extra": text})
    argument = _struct({"role": text, "span": text, "extra": text})
    types = _types()
    values = {
        role: pa.list_(_struct({**{name: types[kind] for name, kind in fields.items()}, "extra": text}))
        for role, fields in VALUE_FIELDS.items()
    }
    event = _struct(
        {
            "id": text,
            "type": text,
            "trigger": text,
            "status": text,
            "score": number,
            "sentence": text,
            "channel": text,
            "flags": pa.list_(text),
            "arguments": pa.list_(argument),
            "normalised": _struct({**values, "extra": text}),
            "extra": text,
        }
    )
    return pa.schema(
        {
            "id": text,
            "date": text,
            "title": text,
            "source": text,
            "text": text,
            **{f"origin_{name}": types[kind] for name, kind in ORIGIN_FIELDS.items()},
            "spans": pa.list_(span),
            "events": pa.list_(event),
            "schema_version": whole,
            "model": text,
            "extra": text,
        }
    )


def _struct(fields: "dict[str, pyarrow.DataType]") -> "pyarrow.DataType":
    import pyarrow as pa

    return pa.struct(list(fields.items()))


def _types() -> dict[str, Any]:
    import pyarrow as pa

    return {"string": pa.string(), "int64": pa.int64(), "double": pa.float64()}
