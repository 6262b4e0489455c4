"""The learned scorer: how probable it is that a candidate fills a role of a trigger, and which status a trigger has.

A small network (`train/linker_network.py` is the same in torch): each mention is the sum of its features' vectors, read
twice together with its neighbours; a pair is scored from its trigger, its candidate and its own features, and then a
second time from the first scores of the pairs around it. Networks trained from different seeds are averaged.
`scorer.npz` holds the weights and, as JSON, vocabularies and thresholds; `python -m warwire.train.linker` writes it.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np

from warwire.annotations.errors import InputError
from warwire.annotations.labels import LABELS, ROLE_FILLERS, ROLES, STATUSES
from warwire.model.linking.batch import NEIGHBOURS, Batch, Floats, batch_of
from warwire.model.linking.features import Ints, Numbers
from warwire.model.linking.pairs import BACK, PAIR_FEATURES, PAIR_SIZES, REACH, RULE_FEATURE, TWO_ROLES
from warwire.model.linking.signals import AROUND_MENTION, AROUND_TRIGGER, TEMPLATES, Signals

SCORER: Final = Path(__file__).parent / "scorer.npz"
ROUNDS: Final = 1
"""How often pairs are scored again, each time knowing the scores before."""

Weights = Mapping[str, Floats]

_ONE_THREAD: Final = 262_144
"""Multiplications up to which OpenBLAS keeps a product on one thread."""

_ROWS: Final = 128
"""Rows multiplied at a time at most."""

_TABLES: Final = frozenset({"words.weight", "cues.weight", "pairs.weight"})
_ALLOWED: Final = np.array([[label in ROLE_FILLERS[role] for role in ROLES] for label in LABELS], dtype=np.float32)
_RULES_SAY: Final = np.full((len(ROLES) + 2, len(ROLES)), -1, dtype=np.float32)
_RULES_SAY[np.arange(1, len(ROLES) + 1), np.arange(len(ROLES))] = 1
_RULES_SAY[TWO_ROLES, [ROLES.index("target"), ROLES.index("place")]] = 1
"""By the code of a pair's rule feature and by role, whether the rules link (1) or don't (-1)."""

PAIR_STARTS: Final = np.concatenate([[0], np.cumsum(PAIR_SIZES)[:-1]])
"""The number of the first value of each of a pair's features."""

_GROUPS: Final = (
    ("offset", "characters"),
    ("sentences", "paragraphs", "quote between", "stop between", "same text nearer"),
    ("triggers between", "of its label between", "of its label in the sentence", "linked to others by the rules"),
    ("linked by the rules", "role filled by the rules", "counts together", "rule event"),
    ("linked to the trigger before", "linked to the trigger after"),
    ("words between",),
    ("trigger and label",),
)
"""Pair features whose vectors are summed beforehand for all their values together: seven look-ups, not nineteen."""


@dataclass(frozen=True)
class Scorer:
    """Networks with what they were trained for.

    Attributes:
        networks: the weights of each network by name, as torch names them.
        words, cues: number of each known feature, from 1.
        thresholds: by role, the probability from which a candidate is linked.
        trust: by role, the log-odds added where the rules link a candidate, and taken away where they don't.
        status_trust: the factor on the probability of the status that the rules give.
    """

    networks: tuple[Weights, ...]
    words: Mapping[str, int]
    cues: Mapping[str, int]
    thresholds: Floats
    trust: Floats
    status_trust: float

    @cached_property
    def _numbers(self) -> Numbers:
        return Numbers({**self.words, **self.cues}, (*AROUND_MENTION, *AROUND_TRIGGER))  # no name is in both

    @cached_property
    def _pair_tables(self) -> tuple[Floats, ...]:
        return tuple(_grouped(weights["pairs.weight"]) for weights in self.networks)

    def score(self, signals: Signals) -> tuple[Floats, Floats]:
        """Probabilities of the roles of each pair, shape (pairs, roles), and of each trigger's status."""
        return self.score_all([signals])[0]

    def score_all(self, documents: Sequence[Signals]) -> list[tuple[Floats, Floats]]:
        """As `score`, of several documents, which is quicker; what comes out is the same to the last bit."""
        if not documents:
            return []
        batch = batch_of(documents, self._numbers)
        codes = _codes(batch)
        results = [
            _run(weights, table, batch, codes) for weights, table in zip(self.networks, self._pair_tables, strict=True)
        ]
        links, statuses = (_mean([result[i] for result in results]) for i in (0, 1))
        links = _with_rules(links, _RULES_SAY[batch.pairs[:, RULE_FEATURE]] * self.trust)
        parts = np.split(links, batch.pair_ends[:-1]), np.split(statuses, batch.trigger_ends[:-1])
        return list(zip(*parts, strict=True))


def signature() -> str:
    """A digest of what a scorer file depends on in the code: names and sizes of the features, labels, roles."""
    parts = (PAIR_FEATURES, PAIR_SIZES, TEMPLATES, sorted(BACK.items()), REACH, LABELS, ROLES, STATUSES, NEIGHBOURS)
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


@lru_cache(maxsize=1)
def shipped_scorer() -> Scorer:
    """The scorer that comes with the package."""
    return read_scorer(SCORER)


def read_scorer(path: Path) -> Scorer:
    """A scorer from its file.

    Raises:
        InputError: the file is missing or damaged, or was made for other features than the code's.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        manifest: dict[str, Any] = json.loads(arrays.pop("manifest").tobytes())
    except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
        raise InputError(f"{path}: no readable scorer file: {error}") from None
    if manifest["signature"] != signature():
        raise InputError(f"{path}: made for other features; run 'python -m warwire.train.linker'")
    networks = tuple(
        {
            name.partition("/")[2]: np.ascontiguousarray(array.astype(np.float32) * arrays.get(f"scale/{name}", 1))
            for name, array in arrays.items()
            if name.startswith(f"{n}/")
        }
        for n in range(manifest["networks"])
    )
    words, cues = ({name: i for i, name in enumerate(manifest[kind], 1)} for kind in ("words", "cues"))
    thresholds, trust = (
        np.array([manifest[kind][role] for role in ROLES], dtype=np.float32) for kind in ("thresholds", "trust")
    )
    return Scorer(networks, words, cues, thresholds, trust, manifest["status trust"])


def write_scorer(path: Path, scorer: Scorer) -> None:
    """Write a scorer's file: tables of features as 8-bit numbers with a scale a column, the rest as float16."""
    manifest = {
        "signature": signature(),
        "networks": len(scorer.networks),
        "words": list(scorer.words),
        "cues": list(scorer.cues),
        "thresholds": _by_role(scorer.thresholds),
        "trust": _by_role(scorer.trust),
        "status trust": scorer.status_trust,
    }
    arrays: dict[str, Any] = {}
    for n, weights in enumerate(scorer.networks):
        for name, array in weights.items():
            if name in _TABLES:
                scale = np.maximum(np.abs(array).max(axis=0), 1e-6) / 127
                arrays[f"{n}/{name}"] = np.round(array / scale).astype(np.int8)
                arrays[f"scale/{n}/{name}"] = scale.astype(np.float32)
            else:
                arrays[f"{n}/{name}"] = array.astype(np.float16)
    arrays["manifest"] = np.frombuffer(json.dumps(manifest, ensure_ascii=False).encode(), dtype=np.uint8)
    np.savez_compressed(path, **arrays)


def _by_role(values: Floats) -> dict[str, float]:
    return {role: round(float(value), 3) for role, value in zip(ROLES, values, strict=True)}


def _mean(arrays: Sequence[Floats]) -> Floats:
    result: Floats = np.stack(arrays).mean(axis=0, dtype=np.float32)
    return result


def _with_rules(probable: Floats, log_odds: Floats) -> Floats:
    """Probabilities with log-odds added; 0 stays 0."""
    factor = np.exp(log_odds)
    result: Floats = probable * factor / (1 - probable + probable * factor)
    return result


def _run(weights: Weights, table: Floats, batch: Batch, codes: Ints) -> tuple[Floats, Floats]:
    own = _relu(batch.words.summed(weights["words.weight"]))
    for layer in ("first", "second"):
        padded = np.concatenate([own, np.zeros((1, own.shape[1]), dtype=np.float32)])
        own = own + _relu(_linear(weights, layer, padded.take(batch.neighbours, axis=0).reshape(len(own), -1)))
    of_triggers = own[batch.triggers]
    known = np.concatenate([of_triggers, batch.cues.summed(weights["cues.weight"])], axis=1)
    statuses = _softmax(_linear(weights, "status_out", _relu(_linear(weights, "status", _relu(known)))))
    return _links(weights, table, batch, own, of_triggers, codes), statuses


def _links(weights: Weights, table: Floats, batch: Batch, own: Floats, of_triggers: Floats, codes: Ints) -> Floats:
    allowed = _ALLOWED[batch.labels[batch.columns]]
    hidden = _linear(weights, "trigger", of_triggers).take(batch.rows, axis=0)
    hidden += _product(own, weights["candidate.weight"]).take(batch.columns, axis=0)
    for code in codes:
        hidden += table.take(code, axis=0)
    hidden = _relu(hidden)
    hidden = _relu(_linear(weights, "deep", hidden)) + hidden
    logits = _linear(weights, "link", hidden)
    again = logits
    for _ in range(ROUNDS):
        told = _with_context(hidden, _sigmoid(again) * allowed, batch)
        again = logits + _linear(weights, "link_again", _relu(_linear(weights, "again", told)))
    result: Floats = _sigmoid(again) * allowed
    return result


def _grouped(table: Floats) -> Floats:
    """The sums of a table's rows for all values of each group of pair features, group after group."""
    groups = []
    for group in _GROUPS:
        sums = np.zeros((1, table.shape[1]), dtype=np.float32)
        for feature in map(PAIR_FEATURES.index, group):
            start = PAIR_STARTS[feature]
            sums = (sums[:, None] + table[None, start : start + PAIR_SIZES[feature]]).reshape(-1, table.shape[1])
        groups.append(sums)
    return np.concatenate(groups)


def _factors() -> tuple[Floats, Floats]:
    """What each pair feature counts in the row of each group, shape (groups, features), and each group's first row."""
    factors = np.zeros((len(_GROUPS), len(PAIR_FEATURES)), dtype=np.float32)
    starts = [0]
    for row, group in zip(factors, _GROUPS, strict=True):
        values = 1
        for feature in map(PAIR_FEATURES.index, reversed(group)):
            row[feature] = values
            values *= PAIR_SIZES[feature]
        starts.append(starts[-1] + values)
    return factors, np.array(starts[:-1], dtype=np.float32)


_FACTORS, _FIRST_ROWS = _factors()


def _codes(batch: Batch) -> Ints:
    """The rows of a grouped table that each pair is the sum of, shape (groups, pairs); exact, as all stay small."""
    codes = _product(batch.pairs.astype(np.float32), _FACTORS) + _FIRST_ROWS
    return codes.T.astype(np.int64, order="C")


def _with_context(hidden: Floats, probable: Floats, batch: Batch) -> Floats:
    """Beside what is known of a pair, first scores: its own, those of its trigger, its candidate, the pairs around."""
    rows, columns = batch.rows, batch.columns
    none = np.zeros((1, len(ROLES)), dtype=np.float32)
    padded = np.concatenate([probable, none])
    beside = (rows[1:] == rows[:-1])[:, None]
    return np.concatenate(
        [
            hidden,
            probable,
            _sum_by(rows, probable, len(batch.triggers)).take(rows, axis=0) - probable,
            _sum_by(columns, probable, len(batch.labels)).take(columns, axis=0) - probable,
            padded.take(batch.before, axis=0),
            padded.take(batch.after, axis=0),
            np.concatenate([none, probable[:-1] * beside])[: len(rows)],
            np.concatenate([probable[1:] * beside, none])[: len(rows)],
        ],
        axis=1,
    )


def _sum_by(keys: Ints, values: Floats, size: int) -> Floats:
    """The sum of the values of each key below `size`, shape (size, width)."""
    width = values.shape[1]
    cells = (keys[:, None] * width + np.arange(width)).ravel()
    sums = np.bincount(cells, weights=values.ravel(), minlength=size * width)
    return sums.astype(np.float32).reshape(size, width)


def _linear(weights: Weights, name: str, values: Floats) -> Floats:
    result = _product(values, weights[f"{name}.weight"])
    result += weights[f"{name}.bias"]
    return result


def _product(values: Floats, matrix: Floats) -> Floats:
    """`values @ matrix.T`, in blocks too small for OpenBLAS to spread over threads: waking them costs more.

    All blocks of a matrix have the same size, the last one filled up with zeros, so that a row's result does not hang
    on the rows around it: OpenBLAS takes other ways, which round otherwise, for other sizes.
    """
    size, (outputs, inputs) = len(values), matrix.shape
    rows = min(_ROWS, 1 << (_ONE_THREAD // matrix.size).bit_length() - 1)
    blocks = -(-size // rows)
    filled = values
    if size % rows:
        filled = np.zeros((blocks * rows, inputs), dtype=np.float32)
        filled[:size] = values
    result: Floats = (filled.reshape(blocks, rows, inputs) @ matrix.T).reshape(-1, outputs)[:size]
    return result


def _relu(values: Floats) -> Floats:
    """The values, those below zero set to zero in place."""
    return np.maximum(values, 0, out=values)


def _sigmoid(values: Floats) -> Floats:
    result: Floats = (1 / (1 + np.exp(-np.clip(values, -30, 30)))).astype(np.float32, copy=False)
    return result


def _softmax(values: Floats) -> Floats:
    powers = np.exp(values - values.max(axis=1, keepdims=True))
    result: Floats = powers / powers.sum(axis=1, keepdims=True)
    return result
