"""What the learned scorer sees of a document: features of each mention, and of each trigger with each candidate.

A mention is described by words (its own, those around it, named by where they stand), a pair by numbers: how far apart,
what stands between, what the rules say. Words are looked up in the scorer's vocabulary; all the rest is arithmetic on
arrays, linear in the length of the text because a trigger's candidates lie within a few sentences.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import add
from typing import Final

import numpy as np

from warwire.annotations.labels import LABELS
from warwire.model.linking.circumstances import credits_pronoun
from warwire.model.linking.draft import Draft
from warwire.model.linking.layout import Layout, Mention
from warwire.model.linking.pairs import TRIGGERS_FROM, Ints, candidates_of, pair_features, same_candidate
from warwire.model.linking.tokens import Tokens, tokenise
from warwire.model.linking.voice import Voice

TEMPLATES: Final = "L H F S B1-3 A1-3 G N P D Q C V VT R E; = h b1 b2 b4 b8 b16 a1 a2 a4 a8 n"
"""Kinds of named features of mentions and of cues; to be changed with them, so that an old scorer is refused."""

_CUES_BEFORE: Final = ("b1=", "b2=", "b4=", "b4=", *["b8="] * 4, *["b16="] * 7)
_CUES_AFTER: Final = ("a1=", "a2=", *["a4="] * 3, *["a8="] * 7)
"""The kinds of the words before (after) a trigger, nearest first: the further away, the less their place matters."""

_BEFORE: Final = ("B1=", "B2=", "B3=")
_AFTER: Final = ("A1=", "A2=", "A3=")

_SKIPPED: Final = tuple(f"N={sentences}" for sentences in range(5))
_DEPTHS: Final = tuple(f"D={sentence}" for sentence in range(5))
_VOICES: Final = {voice: voice.name for voice in Voice}

_LABEL_INDEX: Final = {label: i for i, label in enumerate(LABELS)}


@dataclass(frozen=True, slots=True)
class Signals:
    """A document as the scorer sees it.

    Attributes:
        words: the features of each mention by name, in the order of the mentions.
        cues: the words around each trigger that its status may depend on, in the order of the triggers.
        labels: label index of each mention, shape (mentions,).
        triggers: mention index of each trigger, shape (triggers,).
        rows, columns: of each pair, the position of its trigger in `triggers` and its candidate's mention index;
            shape (pairs,), ordered by trigger, then candidate.
        before, after: of each pair, the pair of the trigger before (after) with the same candidate, or -1.
        pairs: features of each pair, shape (pairs, features).
    """

    words: list[list[str]]
    cues: list[list[str]]
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
    quoted = layout.quoted
    words = [_words(layout, tokens, m, by_trigger.get(m.index, ()), quoted) for m in mentions]
    cues = [_cues(tokens, mentions[t], by_trigger[t][0]) for t in triggers.tolist()]
    sentences = np.array([m.sentence for m in mentions], dtype=np.int64)
    rows, columns = candidates_of(labels, triggers, sentences)
    before = same_candidate(rows, columns, len(mentions), -1)
    after = same_candidate(rows, columns, len(mentions), 1)
    pairs = pair_features(layout, tokens, by_trigger, labels, triggers, sentences, rows, columns, before, after)
    return Signals(words, cues, labels, triggers, rows, columns, before, after, pairs)


def back_off(name: str) -> str:
    """What stands for a feature that the vocabulary lacks: its kind with its word's ending, or *<0>* for a number."""
    kind = name[: name.index("=") + (4 if name[0] in "HF" else 1)]
    return kind + ("<0>" if name[-1].isdigit() else f"<{name[-2:]}>")


def number_of(names: Sequence[str], vocabulary: Mapping[str, int]) -> list[int]:
    """The numbers of named features, those of what stands for unknown ones, and nothing where neither is known."""
    found = [vocabulary.get(name) or vocabulary.get(back_off(name)) for name in names]
    return [number for number in found if number]


class Numbers(dict[str, int]):
    """A vocabulary that gives each name its number as `number_of` does, 0 where there is none, and remembers it."""

    _ROOM: Final = 30_000
    """Unknown names that are remembered: as most of them come once, memory stays bounded."""

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        super().__init__(vocabulary)
        self._vocabulary = vocabulary
        self._full = len(vocabulary) + self._ROOM

    def __missing__(self, name: str) -> int:
        number = self._vocabulary.get(name) or self._vocabulary.get(back_off(name), 0)
        if len(self) >= self._full:
            self.clear()
            self.update(self._vocabulary)
        self[name] = number
        return number


def _words(
    layout: Layout, tokens: Tokens, mention: Mention, drafts: Sequence[Draft], quoted: frozenset[int]
) -> list[str]:
    i, label = mention.index, mention.label
    sentence = layout.sentences.items[mention.sentence]
    found = [*_own_words(label, mention.surface)]
    found += _words_around(tokens, i, mention.sentence)
    previous = layout.mentions[i - 1] if i else None
    if previous is None or previous.sentence != mention.sentence:
        skipped = min(mention.sentence - previous.sentence, 3) if previous is not None else 4
        found.append(_SKIPPED[skipped])
        if previous is not None and layout.paragraph(previous) != sentence.paragraph:
            found.append("P=new")
    found.append(_DEPTHS[min(mention.sentence, 4)])
    if mention.sentence in quoted:
        found.append("Q=quoted")
    phrase = layout.phrases.get(i)
    if phrase is not None and phrase.count is not None and phrase.head is not None:
        found.append("C=counted" if phrase.head is mention else "C=counts" + phrase.head.label)
    if drafts:
        voice = _VOICES[drafts[0].voice]
        found.append("V=" + voice)
        found.append("VT=" + label + voice)
        found += ["R=" + role for draft in drafts for role in draft.roles]
        found.append(f"E={min(len(drafts), 3)}")
        if credits_pronoun(layout, mention.sentence):
            found.append("Q=pronoun")
    return found


@lru_cache(maxsize=4096)
def _own_words(label: str, surface: str) -> tuple[str, ...]:
    kind, words = label[:3], surface.lower().split()
    return "L=" + label, "H=" + kind + words[-1], "F=" + kind + words[0], "S=" + kind + words[-1][-3:]


def _words_around(tokens: Tokens, i: int, sentence: int) -> list[str]:
    """The three tokens before and after a mention by position, and all since the mention before it, at most ten."""
    first, last = tokens.first[i], tokens.last[i]
    start, end = tokens.bounds[sentence]
    before, after = tokens.names[max(first - 3, start) : first], tokens.names[last : min(last + 3, end)]
    before.reverse()
    found = list(map(add, _BEFORE, before))
    if len(before) < len(_BEFORE):
        found.append(_BEFORE[len(before)] + "<s>")
    found += map(add, _AFTER, after)
    if len(after) < len(_AFTER):
        found.append(_AFTER[len(after)] + "<s>")
    since = tokens.words[max(first - 10, start, tokens.free[i]) : first]
    since.reverse()
    found += ["G=" + word for word in since]
    return found


def _cues(tokens: Tokens, trigger: Mention, draft: Draft) -> list[str]:
    first, last = tokens.first[trigger.index], tokens.last[trigger.index]
    start, end = tokens.bounds[trigger.sentence]
    before = tokens.names[max(first - len(_CUES_BEFORE), start) : first]
    before.reverse()
    found = ["=" + draft.status, "=" + draft.status + trigger.label, "h=" + trigger.surface.lower()]
    found += map(add, _CUES_BEFORE, before)
    found += map(add, _CUES_AFTER, tokens.names[last : min(last + len(_CUES_AFTER), end)])
    if trigger.sentence + 1 < len(tokens.bounds):
        start, end = tokens.bounds[trigger.sentence + 1]
        found += ["n=" + word for word in tokens.words[start : min(start + 10, end)]]
    return found
