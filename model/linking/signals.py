"""What the learned scorer sees of a document: features of each mention, and of each trigger with each candidate.

A mention is described by words (its own, those around it, named by where they stand), a pair by numbers: how far apart,
what stands between, what the rules say. Words are looked up in the scorer's vocabulary; all the rest is arithmetic on
arrays, linear in the length of the text because a trigger's candidates lie within a few sentences.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from warwire.annotations.labels import LABELS
from warwire.model.linking.carry import quoted_sentences
from warwire.model.linking.circumstances import credits_pronoun
from warwire.model.linking.draft import Draft
from warwire.model.linking.layout import Layout, Mention
from warwire.model.linking.pairs import TRIGGERS_FROM, Ints, candidates_of, pair_features, same_candidate
from warwire.model.linking.tokens import Tokens, tokenise
from warwire.model.sentences import Sentence

TEMPLATES: Final = "L H F S B1-3 A1-3 G N P D Q C V VT R E; = h b1 b2 b4 b8 b16 a1 a2 a4 a8 n"
"""Kinds of named features of mentions and of cues; to be changed with them, so that an old scorer is refused."""

_CUES_BEFORE: Final = ("b1=", "b2=", "b4=", "b4=", *["b8="] * 4, *["b16="] * 7)
_CUES_AFTER: Final = ("a1=", "a2=", *["a4="] * 3, *["a8="] * 7)
"""The kinds of the words before (after) a trigger, nearest first: the further away, the less their place matters."""

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
    quoted = quoted_sentences(layout)
    words = [_words(layout, tokens, m, by_trigger.get(m.index, ()), quoted) for m in mentions]
    cues = [_cues(layout, tokens, mentions[t], by_trigger[int(t)][0]) for t in triggers]
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


def _words(layout: Layout, tokens: Tokens, mention: Mention, drafts: Sequence[Draft], quoted: set[int]) -> list[str]:
    i, label = mention.index, mention.label
    first, last = tokens.first[i], tokens.last[i]
    sentence = layout.sentences.items[mention.sentence]
    surface = mention.surface.lower()
    head = surface.rsplit(None, 1)[-1]
    found = [
        "L=" + label,
        "H=" + label[:3] + head,
        "F=" + label[:3] + surface.split(None, 1)[0],
        "S=" + label[:3] + head[-3:],
    ]
    found += _words_around(tokens, first, last, sentence)
    previous = layout.mentions[i - 1] if i else None
    if previous is None or previous.sentence != mention.sentence:
        skipped = min(mention.sentence - previous.sentence, 3) if previous is not None else 4
        found.append(f"N={skipped}")
        if previous is not None and layout.paragraph(previous) != sentence.paragraph:
            found.append("P=new")
    found.append(f"D={min(mention.sentence, 4)}")
    if mention.sentence in quoted:
        found.append("Q=quoted")
    phrase = layout.phrases.get(i)
    if phrase is not None and phrase.count is not None and phrase.head is not None:
        found.append("C=counted" if phrase.head is mention else "C=counts" + phrase.head.label)
    if drafts:
        found.append("V=" + drafts[0].voice.name)
        found.append("VT=" + label + drafts[0].voice.name)
        found += ["R=" + role for draft in drafts for role in draft.roles]
        found.append(f"E={min(len(drafts), 3)}")
        if credits_pronoun(layout, mention.sentence):
            found.append("Q=pronoun")
    return found


def _words_around(tokens: Tokens, first: int, last: int, sentence: Sentence) -> list[str]:
    """The three tokens before and after a mention by position, and all since the mention before it, at most ten."""
    found = []
    for k in (1, 2, 3):
        j = first - k
        if j < 0 or tokens.starts[j] < sentence.start:
            found.append(f"B{k}=<s>")
            break
        found.append(f"B{k}=" + tokens.names[j])
    for k in (1, 2, 3):
        j = last + k - 1
        if j >= len(tokens.words) or tokens.starts[j] >= sentence.end:
            found.append(f"A{k}=<s>")
            break
        found.append(f"A{k}=" + tokens.names[j])
    for j in range(first - 1, max(first - 11, -1), -1):
        if tokens.owner[j] >= 0 or tokens.starts[j] < sentence.start:
            break
        found.append("G=" + tokens.words[j])
    return found


def _cues(layout: Layout, tokens: Tokens, trigger: Mention, draft: Draft) -> list[str]:
    sentence = layout.sentences.items[trigger.sentence]
    first, last = tokens.first[trigger.index], tokens.last[trigger.index]
    found = ["=" + draft.status, "=" + draft.status + trigger.label, "h=" + trigger.surface.lower()]
    for k in range(1, len(_CUES_BEFORE) + 1):
        j = first - k
        if j < 0 or tokens.starts[j] < sentence.start:
            break
        found.append(_CUES_BEFORE[k - 1] + tokens.names[j])
    for k in range(len(_CUES_AFTER)):
        j = last + k
        if j >= len(tokens.words) or tokens.starts[j] >= sentence.end:
            break
        found.append(_CUES_AFTER[k] + tokens.names[j])
    following = trigger.sentence + 1
    if following < len(layout.sentences.items):
        item = layout.sentences.items[following]
        at = bisect_left(tokens.starts, item.start)
        found += [
            "n=" + word
            for word, start in zip(tokens.words[at : at + 10], tokens.starts[at : at + 10], strict=True)
            if start < item.end
        ]
    return found
