"""What the learned scorer sees of a document: features of each mention, and of each trigger with each candidate.

A mention is described by words (its own, those around it, named by where they stand), a pair by numbers: how far apart,
what stands between, what the rules say. Words are looked up in the scorer's vocabulary; all the rest is arithmetic on
arrays, linear in the length of the text because a trigger's candidates lie within a few sentences.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from warwire.annotations.labels import LABELS
from warwire.model.linking.circumstances import credits_pronoun
from warwire.model.linking.draft import Draft
from warwire.model.linking.features import Features, Ints
from warwire.model.linking.layout import Layout, Mention
from warwire.model.linking.pairs import TRIGGERS_FROM, candidates_of, pair_features, same_candidate
from warwire.model.linking.tokens import Tokens, tokenise
from warwire.model.linking.voice import Voice

TEMPLATES: Final = "L H F S B1-3 A1-3 G N P D Q C V VT R E; = h b1 b2 b4 b8 b16 a1 a2 a4 a8 n"
"""Kinds of named features of mentions and of cues; to be changed with them, so that an old scorer is refused."""

_CUES_BEFORE: Final = ("b1=", "b2=", "b4=", "b4=", *["b8="] * 4, *["b16="] * 7)
_CUES_AFTER: Final = ("a1=", "a2=", *["a4="] * 3, *["a8="] * 7)
"""The kinds of the words before (after) a trigger, nearest first: the further away, the less their place matters."""

_CUES_NEXT: Final = ("n=",) * 10
"""The kind of the first words of the sentence after a trigger's."""

_BEFORE: Final = ("B1=", "B2=", "B3=")
_AFTER: Final = ("A1=", "A2=", "A3=")
_SINCE: Final = ("G=",) * 10
"""The kinds of the tokens before and after a mention by position, and of all since the mention before it."""

AROUND_MENTION: Final = (*_BEFORE, *_AFTER, *_SINCE)
AROUND_TRIGGER: Final = (*_CUES_BEFORE, *_CUES_AFTER, *_CUES_NEXT)

_SKIPPED: Final = tuple(f"N={sentences}" for sentences in range(5))
_DEPTHS: Final = tuple(f"D={sentence}" for sentence in range(5))
_VOICES: Final = {voice: voice.name for voice in Voice}

_COUNTS: Final = {label: "C=counts" + label for label in LABELS}
_LABEL_INDEX: Final = {label: i for i, label in enumerate(LABELS)}


@dataclass(frozen=True, slots=True)
class Signals:
    """A document as the scorer sees it.

    Attributes:
        words: the named features of each mention, in the order of the mentions.
        cues: the same of each trigger, on which its status may depend, in the order of the triggers.
        labels: label index of each mention, shape (mentions,).
        triggers: mention index of each trigger, shape (triggers,).
        rows, columns: of each pair, the position of its trigger in `triggers` and its candidate's mention index;
            shape (pairs,), ordered by trigger, then candidate.
        before, after: of each pair, the pair of the trigger before (after) with the same candidate, or -1.
        pairs: features of each pair, shape (pairs, features).
    """

    words: Features
    cues: Features
    labels: Ints
    triggers: Ints
    rows: Ints
    columns: Ints
    before: Ints
    after: Ints
    pairs: Ints


def signals_of(layout: Layout, drafts: Sequence[Draft]) -> Signals:
    """The signals of a layout whose triggers the rules have made drafts of (several for a trigger are allowed)."""
    tokens = tokenise(layout)
    mentions = layout.mentions
    labels = np.array([_LABEL_INDEX[m.label] for m in mentions], dtype=np.int64)
    triggers = np.flatnonzero(labels >= TRIGGERS_FROM)
    by_trigger: dict[int, list[Draft]] = {}
    for draft in drafts:
        by_trigger.setdefault(draft.trigger.index, []).append(draft)
    sentences = np.array([m.sentence for m in mentions], dtype=np.int64)
    words = Features(
        [_own_words(m.label, m.surface) for m in mentions],
        AROUND_MENTION,
        _around_mentions(tokens, sentences),
        _told_of_mentions(layout, by_trigger),
        tokens.values,
    )
    cues = Features(
        [_own_cues(by_trigger[t][0]) for t in triggers.tolist()],
        AROUND_TRIGGER,
        _around_triggers(tokens, triggers, sentences[triggers]),
        [()] * len(triggers),
        tokens.values,
    )
    rows, columns = candidates_of(labels, triggers, sentences)
    before = same_candidate(rows, columns, len(mentions), -1)
    after = same_candidate(rows, columns, len(mentions), 1)
    pairs = pair_features(layout, tokens, by_trigger, labels, triggers, sentences, rows, columns, before, after)
    return Signals(words, cues, labels, triggers, rows, columns, before, after, pairs)


@lru_cache(maxsize=4096)
def _own_words(label: str, surface: str) -> tuple[str, ...]:
    kind, words = label[:3], surface.lower().split()
    return "L=" + label, "H=" + kind + words[-1], "F=" + kind + words[0], "S=" + kind + words[-1][-3:]


def _own_cues(draft: Draft) -> tuple[str, ...]:
    status, trigger = "=" + draft.status, draft.trigger
    return status, status + trigger.label, "h=" + trigger.surface.lower()


def _told_of_mentions(layout: Layout, by_trigger: Mapping[int, Sequence[Draft]]) -> list[tuple[str, ...]]:
    """What is told of each mention besides words: where it stands, what it counts, what the rules say of a trigger."""
    quoted, phrases = layout.quoted, layout.phrases
    found = []
    previous: Mention | None = None
    for mention in layout.mentions:
        sentence = mention.sentence
        told = []
        if previous is None:
            told.append(_SKIPPED[4])
        elif previous.sentence != sentence:
            told.append(_SKIPPED[min(sentence - previous.sentence, 3)])
            if layout.paragraph(previous) != layout.paragraph(mention):
                told.append("P=new")
        told.append(_DEPTHS[min(sentence, 4)])
        if sentence in quoted:
            told.append("Q=quoted")
        phrase = phrases.get(mention.index)
        if phrase is not None and phrase.count is not None and phrase.head is not None:
            told.append("C=counted" if phrase.head is mention else _COUNTS[phrase.head.label])
        if mention.is_trigger:
            told += _told_of_trigger(layout, mention, by_trigger[mention.index])
        found.append(tuple(told))
        previous = mention
    return found


def _told_of_trigger(layout: Layout, trigger: Mention, drafts: Sequence[Draft]) -> list[str]:
    voice = _VOICES[drafts[0].voice]
    told = ["V=" + voice, "VT=" + trigger.label + voice]
    told += ["R=" + role for draft in drafts for role in draft.roles]
    told.append(f"E={min(len(drafts), 3)}")
    if credits_pronoun(layout, trigger.sentence):
        told.append("Q=pronoun")
    return told


def _around_mentions(tokens: Tokens, sentences: Ints) -> Ints:
    """The three tokens before and after each mention, and all since the mention before it, at most ten."""
    start, end = tokens.opens[sentences], tokens.closes[sentences]
    edge = len(tokens.words)
    before = tokens.names[_before(tokens.first, start, len(_BEFORE), edge)]
    after = tokens.names[_after(tokens.last, end, len(_AFTER), edge)]
    since = _before(tokens.first, np.maximum(start, tokens.free), len(_SINCE))
    return np.concatenate([before, after, since], axis=1)


def _around_triggers(tokens: Tokens, triggers: Ints, sentences: Ints) -> Ints:
    """The tokens before and after each trigger in its sentence, and the first of the next sentence."""
    before = tokens.names[_before(tokens.first[triggers], tokens.opens[sentences], len(_CUES_BEFORE))]
    after = tokens.names[_after(tokens.last[triggers], tokens.closes[sentences], len(_CUES_AFTER))]
    opens, closes = np.append(tokens.opens, 0), np.append(tokens.closes, 0)
    following = _after(opens[sentences + 1], closes[sentences + 1], len(_CUES_NEXT))
    return np.concatenate([before, after, following], axis=1)


def _before(first: Ints, floor: Ints, width: int, edge: int = -1) -> Ints:
    """The `width` tokens before each one down to a floor, nearest first, then an edge, then -1."""
    at, floor = first[:, None] - np.arange(1, width + 1), floor[:, None]
    return np.where(at >= floor, at, np.where(at == floor - 1, edge, -1))


def _after(last: Ints, ceiling: Ints, width: int, edge: int = -1) -> Ints:
    """The `width` tokens from each one on up to a ceiling, nearest first, then an edge, then -1."""
    at, ceiling = last[:, None] + np.arange(width), np.maximum(last, ceiling)[:, None]
    return np.where(at < ceiling, at, np.where(at == ceiling, edge, -1))
