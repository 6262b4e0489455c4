"""The mentions of a document in order, by sentence, with the text between them."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Final

from warwire.annotations.document import Document, Span
from warwire.annotations.labels import EVENT_TYPES
from warwire.model.sentences import Sentences, split_sentences

_TRIGGERS: Final = frozenset(EVENT_TYPES)
_COUNTED_GAP: Final = re.compile(r"(?:\s+(?:of\s+(?:the|its|their|his|them|these|those|our|whom)\b|[\w’'\-]+)){0,4}\s+")
_NO_COUNTED_GAP: Final = re.compile(
    r"\b(?:were|was|are|is|been|have|has|had|who|that|which|and|or|in|at|on|by|from|with|to|when|after|others?|"
    r"people|more|near|said|for|as|of them)\b"
)
_COORDINATION: Final = re.compile(
    r"\s*(?:,|;|and|or|&|as well as|along with|together with|in addition to|plus|,\s*and|,\s*or|and also|"
    r",\s*as well as|"
    r",\s*including|including|and at least|—|-|,\s*plus)\s*"
    r"(?:(?:the|a|an|other|its|their|both|some|another|of|in|on|at)\s+)*"
    r"(?:[\w\-]+\s+){0,2}"
)
_TIGHT_COORDINATION: Final = re.compile(
    r"\s*(?:,|,?\s*(?:and|or|&|as well as|/))\s*(?:(?:the|a|an|other|its|their)\s+)*"
)

_QUOTES: Final = ('"', "“", "”")
_QUOTE: Final = re.compile(f"[{''.join(_QUOTES)}]")


@dataclass(frozen=True, slots=True, eq=False)
class Mention:
    """A span in its place: index among all mentions, index of its sentence, its surface, what its span's label says."""

    span: Span
    index: int
    sentence: int
    surface: str
    label: str
    is_trigger: bool


@dataclass(frozen=True, slots=True, eq=False)
class Phrase:
    """A noun phrase: what is named and how many, each possibly absent but not both."""

    head: Mention | None
    count: Mention | None

    @property
    def first(self) -> Mention:
        """The leftmost mention."""
        present = [m for m in (self.count, self.head) if m is not None]
        return min(present, key=lambda m: m.index)

    @property
    def last(self) -> Mention:
        """The rightmost mention."""
        present = [m for m in (self.count, self.head) if m is not None]
        return max(present, key=lambda m: m.index)

    @property
    def label(self) -> str:
        """The head's label; COUNT where only a number stands."""
        return self.head.label if self.head is not None else "COUNT"


@dataclass(frozen=True)
class Layout:
    """A document's text, sentences and mentions."""

    text: str
    sentences: Sentences
    mentions: tuple[Mention, ...]

    @cached_property
    def by_sentence(self) -> dict[int, tuple[Mention, ...]]:
        """Mentions of each sentence, in order."""
        found: dict[int, list[Mention]] = {}
        for mention in self.mentions:
            found.setdefault(mention.sentence, []).append(mention)
        return {sentence: tuple(mentions) for sentence, mentions in found.items()}

    @cached_property
    def triggers_before(self) -> tuple[int, ...]:
        """How many triggers are among the first mentions, for none of them, one, and so on to all."""
        return tuple(accumulate((mention.is_trigger for mention in self.mentions), initial=0))

    @cached_property
    def quoted(self) -> frozenset[int]:
        """Sentences that stand inside a quotation which began before them or opens with them and has no speaker."""
        return _quoted(self)

    @cached_property
    def phrases(self) -> dict[int, Phrase]:
        """The noun phrase of each count, target, actor, weapon and place, keyed by the mention's index."""
        found: dict[int, Phrase] = {}
        for phrase in _phrases(self):
            for mention in (phrase.count, phrase.head):
                if mention is not None:
                    found[mention.index] = phrase
        return found

    def gap(self, left: Mention, right: Mention) -> str:
        """The text between two mentions, lower case."""
        return self.text[left.span.end : right.span.start].lower()

    def before(self, mention: Mention, length: int = 60) -> str:
        """Text of the sentence before a mention, at most `length` code points, lower case."""
        start = self.sentences.items[mention.sentence].start
        return self.text[max(start, mention.span.start - length) : mention.span.start].lower()

    def after(self, mention: Mention, length: int = 60) -> str:
        """Text of the sentence after a mention, at most `length` code points, lower case."""
        end = self.sentences.items[mention.sentence].end
        return self.text[mention.span.end : min(end, mention.span.end + length)].lower()

    def paragraph(self, mention: Mention) -> int:
        """Number of the paragraph a mention stands in."""
        return self.sentences.items[mention.sentence].paragraph

    def coordinated(self, left: Mention, right: Mention) -> bool:
        """Whether only a comma or conjunction (and adjectives) stands between two mentions."""
        return _COORDINATION.fullmatch(self.gap(left, right)) is not None

    def tightly_coordinated(self, left: Mention, right: Mention) -> bool:
        """As `coordinated`, without words other than the conjunction and articles."""
        return _TIGHT_COORDINATION.fullmatch(self.gap(left, right)) is not None


def _quoted(layout: Layout) -> frozenset[int]:
    if not any(map(layout.text.__contains__, _QUOTES)):
        return frozenset()
    quoted: set[int] = set()
    open_quote = False
    paragraph = -1
    for i, sentence in enumerate(layout.sentences.items):
        body = layout.text[sentence.start : sentence.end]
        if sentence.paragraph != paragraph:
            open_quote = False
            paragraph = sentence.paragraph
        if open_quote or body.startswith(("“", '"')):
            quoted.add(i)
        for character in _QUOTE.findall(body):
            open_quote = not open_quote if character == '"' else character == "“"
    return frozenset(quoted)


def lay_out(document: Document) -> Layout:
    """The layout of a document's spans."""
    sentences = split_sentences(document.text)
    spans = sorted(document.spans, key=lambda span: span.start)
    text, starts = document.text, [sentence.start for sentence in sentences.items]
    mentions = tuple(
        Mention(
            span,
            i,
            max(bisect_right(starts, span.start) - 1, 0),
            text[span.start : span.end],
            span.label,
            span.label in _TRIGGERS,
        )
        for i, span in enumerate(spans)
    )
    return Layout(document.text, sentences, mentions)


def following(mentions: Sequence[Mention], mention: Mention) -> Sequence[Mention]:
    """Mentions of a sentence, all of them given, after one of the text."""
    return mentions[max(mention.index - mentions[0].index + 1, 0) :] if mentions else ()


def preceding(mentions: Sequence[Mention], mention: Mention) -> Sequence[Mention]:
    """Mentions of a sentence, all of them given, before one of the text, nearest first."""
    return mentions[: max(mention.index - mentions[0].index, 0)][::-1] if mentions else ()


def _phrases(layout: Layout) -> Iterable[Phrase]:
    counted: set[int] = set()
    for left, right in zip(layout.mentions, layout.mentions[1:], strict=False):
        if left.label == "COUNT" and _counts(layout, left, right):
            counted |= {left.index, right.index}
            yield Phrase(right, left)
    for mention in layout.mentions:
        if mention.index in counted or mention.is_trigger:
            continue
        if mention.label == "COUNT":
            yield Phrase(None, mention)
        elif mention.label in {"TARGET", "ACTOR", "WEAPON", "PLACE"}:
            yield Phrase(mention, None)


def _counts(layout: Layout, count: Mention, head: Mention) -> bool:
    if head.sentence != count.sentence or head.label not in {"TARGET", "ACTOR", "WEAPON", "PLACE", "SPEAKER"}:
        return False
    gap = layout.gap(count, head)
    if _COUNTED_GAP.fullmatch(gap) is None:
        return False
    return (
        _NO_COUNTED_GAP.search(gap) is None
        or re.fullmatch(r"\s+(?:other|more)\s+|\s+of\s+(?:the|its|their)\s+", gap) is not None
    )
