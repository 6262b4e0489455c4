"""Sentence boundaries of news text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warwire.model.sentences import split_sentences

CASES = {
    "plain": ["Rockets fell.", "Nobody died."],
    "titles": ["Lt. Gen. A. B. Moro met Mr. Ode.", "They spoke."],
    "initialisms": ["The U.S. Army left at 3 p.m. on Sept. 4.", "It was hot."],
    "quotation": ['"It fell on us."', "“Then it burned,” he said."],
    "number opens": ["The toll rose.", "29 are missing."],
    "decimals": ["A 3.5 km front held."],
    "question": ["Who fired?", "Nobody knows!", "So it goes."],
    "lower case goes on": ["He said no. more came."],
    "no-break space": ["Rockets fell.", "Nobody\u00a0died."],
}


@pytest.mark.parametrize("sentences", CASES.values(), ids=CASES)
def test_sentences_are_found(sentences: list[str]) -> None:
    text = " ".join(sentences)
    assert [text[s.start : s.end] for s in split_sentences(text).items] == sentences


def test_a_line_break_ends_sentence_and_paragraph() -> None:
    found = split_sentences("LIRA BURNS\n\nRockets fell. Nobody died.\r\nMore fell.").items
    assert [s.paragraph for s in found] == [0, 1, 1, 2]


@given(st.text(alphabet="Ab.!? \n\"'”1", max_size=80))
def test_every_visible_character_lies_in_exactly_one_sentence(text: str) -> None:
    covered = [i for s in split_sentences(text).items for i in range(s.start, s.end)]
    assert len(covered) == len(set(covered))
    assert {i for i, c in enumerate(text) if not c.isspace()} <= set(covered)


@given(st.text(alphabet="Ab. \n", min_size=1, max_size=60), st.data())
def test_the_sentence_at_an_offset_holds_it(text: str, data: st.DataObject) -> None:
    sentences = split_sentences(text)
    for i, sentence in enumerate(sentences.items):
        offset = data.draw(st.integers(sentence.start, sentence.end - 1))
        assert sentences.index_at(offset) == i


def test_a_sentence_without_end_is_cut_at_white_space() -> None:
    found = split_sentences("word " * 5000).items
    assert max(s.end - s.start for s in found) <= 2000
    assert sum(s.end - s.start + 1 for s in found) == 25_000
