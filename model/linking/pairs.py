"""The pairs of a trigger and a candidate that are scored, and what is told of each pair in numbers."""

from collections.abc import Mapping, Sequence
from itertools import repeat
from typing import Final

import numpy as np

from warwire.annotations.labels import ARGUMENT_LABELS, EVENT_TYPES, LABELS, ROLES
from warwire.model.linking.draft import Draft
from warwire.model.linking.features import Ints
from warwire.model.linking.layout import Layout
from warwire.model.linking.tokens import Tokens

BACK: Final = {"COUNT": 1, "TARGET": 2, "ACTOR": 3, "TIME": 2, "WEAPON": 3, "PLACE": 5, "SPEAKER": 5}
"""Sentences back in which a trigger's candidates of a label lie; one sentence ahead is looked at too."""

REACH: Final = (45, 25)
"""Mentions before and after a trigger among which its candidates lie."""

PAIR_FEATURES: Final = (
    "offset", "characters", "sentences", "paragraphs", "triggers between", "of its label between",
    "of its label in the sentence", "linked by the rules", "role filled by the rules", "linked to others by the rules",
    "linked to the trigger before", "linked to the trigger after", "words between", "quote between", "stop between",
    "same text nearer", "counts together", "trigger and label", "rule event",
)  # fmt: skip
"""Names of a pair's features, in order; each is a number below its size in `PAIR_SIZES`."""

RULE_FEATURE: Final = PAIR_FEATURES.index("linked by the rules")

_OFFSETS: Final = 16
_EDGES: Final = np.array([2, 4, 8, 14, 22, 32, 45, 60, 80, 110, 150, 250])
_BETWEEN: Final = (
    frozenset({"and", "or", "as"}),
    frozenset({","}),
    frozenset({"by"}),
    frozenset({"from", "of", "against"}),
    frozenset({"with", "using"}),
    frozenset({"who", "which", "that", "whose"}),
    frozenset({"while", "but", "after", "before", "when", "although", "as"}),
    frozenset({"said", "says", "told", "according", "reported", "added", "claimed", "saying"}),
)
_STOPS: Final = frozenset({";", ":", "—", "–", "(", ")"})
_QUOTES: Final = frozenset({'"', "“", "”"})

PAIR_SIZES: Final = (
    2 * _OFFSETS + 1, 2 * (len(_EDGES) + 1), 8, 4, 5, 5,
    4, len(ROLES) + 2, 2, 3,
    len(ROLES) + 2, len(ROLES) + 2, 2 ** len(_BETWEEN), 2, 2,
    2, 3, len(EVENT_TYPES) * len(ARGUMENT_LABELS), 4,
)  # fmt: skip

_ROLE_INDEX: Final = {role: i for i, role in enumerate(ROLES)}
TRIGGERS_FROM: Final = len(ARGUMENT_LABELS)
"""The index of the first trigger label among all labels."""

TWO_ROLES: Final = len(ROLES) + 1
"""What the rule features say of a candidate that fills two roles: a named facility that is target and place."""

_USUAL_ROLE: Final = np.array(
    [
        _ROLE_INDEX[{"ACTOR": "agent"}.get(label, label.lower())] if i < TRIGGERS_FROM else 0
        for i, label in enumerate(LABELS)
    ]
)
_GROUPS: Final = (*_BETWEEN, _QUOTES, _STOPS)
_BITS: Final = 1 << np.arange(len(_GROUPS))
_KINDS_OF_WORD: Final = {
    word: sum(1 << i for i, group in enumerate(_GROUPS) if word in group) for word in frozenset().union(*_GROUPS)
}
"""The groups that a word is in, a bit for each."""


def candidates_of(labels: Ints, triggers: Ints, sentences: Ints) -> tuple[Ints, Ints]:
    """The rows and columns of all pairs, from label and sentence of each mention and the triggers' mention indices."""
    before, after = REACH
    columns = triggers[:, None] + np.arange(-before, after + 1)[None, :]
    inside = (columns >= 0) & (columns < len(labels))
    clipped = np.where(inside, columns, 0)
    back = np.array([BACK.get(label, -1) for label in LABELS], dtype=np.int64)
    ahead = sentences[clipped] - sentences[triggers][:, None]
    label = labels[clipped]
    kept = inside & (label < TRIGGERS_FROM) & (ahead <= 1) & (ahead >= -back[label])
    rows, positions = np.nonzero(kept)
    return rows, columns[rows, positions]


def same_candidate(rows: Ints, columns: Ints, mentions: int, step: int) -> Ints:
    """Of each pair, the pair of the trigger `step` further with the same candidate, or -1."""
    keys = rows * mentions + columns
    wanted = keys + step * mentions
    at = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
    return np.where(keys[at] == wanted, at, -1) if len(keys) else keys


def pair_features(
    layout: Layout,
    tokens: Tokens,
    by_trigger: Mapping[int, Sequence[Draft]],
    labels: Ints,
    triggers: Ints,
    sentences: Ints,
    rows: Ints,
    columns: Ints,
    before: Ints,
    after: Ints,
) -> Ints:
    """The features of all pairs, shape (pairs, features)."""
    if not len(rows):
        return np.zeros((0, len(PAIR_SIZES)), dtype=np.int64)
    at = triggers[rows]
    ahead = columns > at
    low, high = np.minimum(at, columns), np.maximum(at, columns)
    starts, ends = tokens.spans
    paragraphs = np.array([sentence.paragraph for sentence in layout.sentences.items], dtype=np.int64)[sentences]
    label, own = labels[columns], labels[at]
    distance = np.searchsorted(_EDGES, starts[high] - ends[low])
    triggers_between, alike, in_sentence = _others_around(labels, sentences, at, columns)
    linked, event = _rule_links(by_trigger, triggers, rows, columns, len(labels))
    links = np.bincount(columns, weights=linked > 0, minlength=len(labels)).astype(np.int64)
    others = links[columns] - (linked > 0)
    words_between, quote, stop = _between(tokens, low, high)
    features = (
        np.clip(columns - at, -_OFFSETS, _OFFSETS) + _OFFSETS,
        distance + ahead * (len(_EDGES) + 1),
        np.clip(sentences[columns] - sentences[at], -5, 1) + 5,
        np.clip(np.abs(paragraphs[at] - paragraphs[columns]), 0, 3),
        np.minimum(triggers_between, 4),
        np.minimum(alike, 4),
        np.minimum(in_sentence, 3),
        linked,
        _filled_by_rules(by_trigger, triggers)[rows, _USUAL_ROLE[label]],
        np.minimum(others, 2),
        np.where(before >= 0, linked[before], 0),
        np.where(after >= 0, linked[after], 0),
        words_between,
        quote,
        stop,
        _nearer_same_text(layout, low, high, columns, at),
        _counts_together(layout, linked, rows, columns),
        (own - TRIGGERS_FROM) * len(ARGUMENT_LABELS) + label,
        event,
    )
    return np.stack(features, axis=1)


def _others_around(labels: Ints, sentences: Ints, at: Ints, columns: Ints) -> tuple[Ints, Ints, Ints]:
    """Of each pair: triggers between; mentions of the candidate's label between, others in the trigger's sentence."""
    low, high, label = np.minimum(at, columns), np.maximum(at, columns), labels[columns]
    passed = np.concatenate([[0], np.cumsum(labels >= TRIGGERS_FROM)])
    one_hot = np.zeros((len(labels) + 1, len(LABELS)), dtype=np.int64)
    one_hot[np.arange(1, len(labels) + 1), labels] = 1
    so_far = np.cumsum(one_hot, axis=0)
    first = np.searchsorted(sentences, sentences[at], side="left")
    last = np.searchsorted(sentences, sentences[at], side="right")
    return (
        passed[high] - passed[low + 1],
        so_far[high, label] - so_far[low + 1, label],
        so_far[last, label] - so_far[first, label] - (sentences[at] == sentences[columns]),
    )


def _filled_by_rules(by_trigger: Mapping[int, Sequence[Draft]], triggers: Ints) -> Ints:
    """Whether the rules fill each role of each trigger, shape (triggers, roles)."""
    filled = np.zeros((len(triggers), len(ROLES)), dtype=np.int64)
    for row, trigger in enumerate(triggers.tolist()):
        for draft in by_trigger[trigger]:
            for role in draft.roles:
                filled[row, _ROLE_INDEX[role]] = 1
    return filled


def _rule_links(
    by_trigger: Mapping[int, Sequence[Draft]], triggers: Ints, rows: Ints, columns: Ints, mentions: int
) -> tuple[Ints, Ints]:
    keys = rows * mentions + columns
    links: dict[int, tuple[int, int]] = {}
    for row, trigger in enumerate(triggers):
        for n, draft in enumerate(by_trigger[int(trigger)]):
            for role, fillers in draft.roles.items():
                for filler in fillers:
                    key = row * mentions + filler.index
                    code = _ROLE_INDEX[role] + 1
                    earlier = links.get(key, (code, min(n + 1, 3)))
                    links[key] = earlier if earlier[0] == code else (TWO_ROLES, earlier[1])
    linked, event = np.zeros_like(rows), np.zeros_like(rows)
    if links:
        wanted = np.array(list(links), dtype=np.int64)
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        there = keys[at] == wanted
        values = np.array(list(links.values()), dtype=np.int64)
        linked[at[there]] = values[there, 0]
        event[at[there]] = values[there, 1]
    return linked, event


def _between(tokens: Tokens, low: Ints, high: Ints) -> tuple[Ints, Ints, Ints]:
    kinds = np.fromiter(map(_KINDS_OF_WORD.get, tokens.words, repeat(0)), dtype=np.int64, count=len(tokens.words))
    kinds[tokens.owned] = 0
    so_far = np.zeros((len(kinds) + 1, len(_GROUPS)), dtype=np.int32)
    np.cumsum((kinds[:, None] & _BITS) > 0, axis=0, out=so_far[1:])
    first, last = tokens.first, tokens.last
    found = (so_far[first[high]] - so_far[np.minimum(last[low], first[high])]) > 0
    code = found[:, : len(_BETWEEN)] @ _BITS[: len(_BETWEEN)]
    return code, found[:, -2].astype(np.int64), found[:, -1].astype(np.int64)


def _nearer_same_text(layout: Layout, low: Ints, high: Ints, columns: Ints, at: Ints) -> Ints:
    """Whether a mention of the same label and text lies between trigger and candidate."""
    names: dict[tuple[str, str], int] = {}
    number = np.array([names.setdefault((m.label, m.surface.lower()), len(names)) for m in layout.mentions])
    latest: dict[int, int] = {}
    back, forth = np.full(len(number), -1), np.full(len(number), len(number))
    for i, name in enumerate(number.tolist()):
        if name in latest:
            back[i] = latest[name]
            forth[latest[name]] = i
        latest[name] = i
    return np.where(columns > at, back[columns] > at, forth[columns] < at).astype(np.int64)


def _counts_together(layout: Layout, linked: Ints, rows: Ints, columns: Ints) -> Ints:
    """Whether the other half of a counted phrase is linked to the trigger by the rules: 0 no phrase, 1 no, 2 yes."""
    partner = np.full(len(layout.mentions), -1)
    for phrase in layout.phrases.values():
        if phrase.count is not None and phrase.head is not None:
            partner[phrase.count.index], partner[phrase.head.index] = phrase.head.index, phrase.count.index
    mentions = len(layout.mentions)
    keys = rows * mentions + columns
    other = partner[columns]
    wanted = rows * mentions + other
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    both = (other >= 0) & (keys[at] == wanted) & (linked[at] > 0)
    return np.where(other < 0, 0, np.where(both, 2, 1))
