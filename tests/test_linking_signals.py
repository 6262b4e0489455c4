"""What the scorer sees: each trigger with the candidates in reach, and features within their sizes."""

import numpy as np
import pytest
from conftest import made
from hard_documents import HARD
from reports import REPORTS

from warwire.annotations.document import Document, Span
from warwire.model.linking.features import Numbers, Remembered, number_of
from warwire.model.linking.layout import lay_out
from warwire.model.linking.pairs import PAIR_FEATURES, PAIR_SIZES, REACH
from warwire.model.linking.rules import link_by_rules
from warwire.model.linking.signals import AROUND_MENTION, AROUND_TRIGGER, Signals, signals_of
from warwire.train.linker_examples import vocabulary_of

DOCUMENTS = [*HARD, *map(made, REPORTS.values())]
FIRED = "[Rebels|ACTOR:a1] [fired|LAUNCH:e1] [nine|COUNT:c1] [rockets|WEAPON:w1] at [Lira|PLACE:p1]."


def signals(document: Document) -> Signals:
    layout = lay_out(document)
    return signals_of(layout, link_by_rules(layout))


def pairs(document: Document) -> list[tuple[str, str]]:
    layout = lay_out(document)
    found = signals_of(layout, link_by_rules(layout))
    surfaces = [mention.surface for mention in layout.mentions]
    return [(surfaces[found.triggers[r]], surfaces[c]) for r, c in zip(found.rows, found.columns, strict=True)]


def test_a_trigger_has_the_mentions_of_its_sentence_as_candidates() -> None:
    assert pairs(made(FIRED)) == [("fired", name) for name in ("Rebels", "nine", "rockets", "Lira")]


def test_places_are_in_reach_for_longer_than_counts() -> None:
    found = pairs(made(FIRED + " It rained. The [town|PLACE:p2] was [shelled|STRIKE:e2]."))
    assert [name for trigger, name in found if trigger == "shelled"] == ["Rebels", "rockets", "Lira", "town"]


def test_what_the_rules_link_is_a_feature() -> None:
    found = signals(made(FIRED))
    assert (found.pairs[:, PAIR_FEATURES.index("linked by the rules")] > 0).all()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.text[:20])
def test_every_feature_stays_below_its_size(document: Document) -> None:
    found = signals(document)
    assert len(PAIR_SIZES) == len(PAIR_FEATURES) == found.pairs.shape[1]
    assert ((found.pairs >= 0) & (found.pairs < np.array(PAIR_SIZES))).all()


def test_the_same_candidate_is_found_at_the_triggers_around() -> None:
    found = signals(made("[Rebels|ACTOR:a1] [fired|LAUNCH:e1] and [killed|KILL:e2] [two|COUNT:c1]."))
    assert found.before.tolist() == [-1, -1, 0, 1]
    assert found.after.tolist() == [2, 3, -1, -1]


def test_a_trigger_has_a_bounded_number_of_candidates() -> None:
    spans = [
        Span(f"{i}{name}", 30 * i + at, 30 * i + at + len(name), label)
        for i in range(300)
        for at, name, label in ((0, "Rebels", "ACTOR"), (7, "hit", "STRIKE"), (11, "Lira", "PLACE"))
    ]
    found = signals(Document("d", "Rebels hit Lira, and troops   " * 300, spans=tuple(spans)))
    assert 0 < np.bincount(found.rows).max() <= sum(REACH)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.text[:20])
def test_the_table_of_numbers_says_what_each_name_says(document: Document) -> None:
    found, names = signals(document), signals(made(FIRED)).words.names()
    vocabulary = vocabulary_of([*names, *found.words.names()[::2], *found.cues.names()[::2]], 1)
    numbers = Numbers(vocabulary, (*AROUND_MENTION, *AROUND_TRIGGER))
    rows = numbers.rows(found.words.tokens)
    for features in (found.words, found.cues):
        table = [[number for number in row if number] for row in numbers.of(features, rows).tolist()]
        assert table == [number_of(of_one, vocabulary) for of_one in features.names()]


def test_the_words_around_a_mention_are_named_by_where_they_stand() -> None:
    words = signals(made(FIRED)).words.names()
    around = [name for name in words[4] if name[0] in "BAG"]
    assert around == ["B1=at", "B2=#WEAPON", "B3=#COUNT", "A1=.", "A2=<s>", "G=at"]


def test_memory_for_unknown_tokens_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warwire.model.linking.features._ROOM", 3)
    lengths = Remembered({"by": 1}, len)
    assert [lengths[word] for word in ("aa", "bbb", "cccc", "ddddd", "aa", "by")] == [2, 3, 4, 5, 2, 1]
    assert len(lengths) <= 4


def test_an_unknown_word_is_told_by_its_ending() -> None:
    vocabulary = {"B1=by": 1, "B1=<ed>": 2, "H=TARmen": 3, "H=TAR<en>": 4, "A1=<0>": 5}
    assert number_of(["B1=by", "B1=shelled", "H=TARwomen", "A1=1,200", "G=who"], vocabulary) == [1, 2, 4, 5]
