"""Windows: every token of a text of any length is kept once, with exact offsets, whatever the tokenizer."""

import sys
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy import arange, float32
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from warwire.model.windows import Window, cover, cover_evenly, encode, encode_batch, split_text, stitch

SAMPLES = [
    "Ukraine's forces shot down 11 of 15 Shahed-136 drones over Kyiv, officials said.",
    "U.S.-made Javelins, 155mm.",
]


def _trained(model: models.Model, pre: pre_tokenizers.PreTokenizer, trainer: trainers.Trainer) -> Tokenizer:
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = pre
    tokenizer.train_from_iterator(SAMPLES * 3, trainer)
    return tokenizer


def word_piece() -> Tokenizer:
    trainer = trainers.WordPieceTrainer(vocab_size=120, special_tokens=["[UNK]"], show_progress=False)
    tokenizer = _trained(models.WordPiece(unk_token="[UNK]"), pre_tokenizers.BertPreTokenizer(), trainer)
    tokenizer.normalizer = normalizers.Replace(Regex("’"), "'")
    return tokenizer


def byte_level() -> Tokenizer:
    trainer = trainers.BpeTrainer(
        vocab_size=400, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    tokenizer = _trained(models.BPE(), pre_tokenizers.ByteLevel(add_prefix_space=False), trainer)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def sentence_piece() -> Tokenizer:
    trainer = trainers.UnigramTrainer(vocab_size=120, unk_token="<unk>", special_tokens=["<unk>"], show_progress=False)
    return _trained(models.Unigram(), pre_tokenizers.Metaspace(), trainer)


TOKENIZERS = {"word piece": word_piece(), "byte level": byte_level(), "sentence piece": sentence_piece()}


@pytest.mark.parametrize("tokenizer", TOKENIZERS.values(), ids=TOKENIZERS)
@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("Kyiv fell.", ["Kyiv", "fell", "."]),
        ("Britain-based", ["Britain", "-", "based"]),
        ("at  least\n71", ["at", "least", "71"]),
        ("Kh-101", ["Kh", "-", "101"]),
        ("🚀 hit", ["🚀", "hit"]),
    ],
)
def test_units_are_words_and_single_marks(tokenizer: Tokenizer, text: str, units: list[str]) -> None:
    e = encode(text, tokenizer)
    assert [text[a:b] for a, b in zip(e.unit_starts, e.unit_ends, strict=True)] == units


@pytest.mark.parametrize("tokenizer", TOKENIZERS.values(), ids=TOKENIZERS)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_units_follow_one_another_without_white_space_at_their_edges(tokenizer: Tokenizer, text: str) -> None:
    e = encode(text, tokenizer)
    edges = [edge for pair in zip(e.unit_starts.tolist(), e.unit_ends.tolist(), strict=True) for edge in pair]
    assert edges == sorted(edges)
    assert all(text[a:b] == text[a:b].strip() for a, b in zip(e.unit_starts, e.unit_ends, strict=True))


@pytest.mark.parametrize("covering", [cover, cover_evenly])
@given(st.integers(0, 900), st.integers(2, 64), st.data())
def test_every_token_is_kept_by_exactly_one_window(
    covering: Callable[[int, int, int], list[Window]], tokens: int, size: int, data: st.DataObject
) -> None:
    windows = covering(tokens, size, data.draw(st.integers(0, size - 1)))
    assert [i for w in windows for i in range(w.keep_start, w.keep_end)] == list(range(tokens))
    assert all(w.start <= w.keep_start and w.keep_end <= w.end and w.end - w.start <= size for w in windows)


@given(st.integers(1, 900), st.integers(2, 64), st.data())
def test_even_windows_share_the_overlap_and_are_as_few_and_as_short_as_that_allows(
    tokens: int, size: int, data: st.DataObject
) -> None:
    overlap = data.draw(st.integers(0, size - 1))
    windows = cover_evenly(tokens, size, overlap)
    assert len({w.end - w.start for w in windows}) == 1
    assert len(windows) == len(cover(tokens, size, overlap))
    assert all(left.end - right.start >= overlap for left, right in pairwise(windows))
    spare = sum(w.end - w.start for w in windows) - tokens - (len(windows) - 1) * overlap
    assert 0 <= spare < len(windows)


def test_a_token_in_an_overlap_is_kept_where_it_has_more_context() -> None:
    assert [(w.start, w.keep_start, w.keep_end) for w in cover(14, 8, 2)] == [(0, 0, 7), (6, 7, 14)]


@pytest.mark.parametrize("covering", [cover, cover_evenly])
def test_windows_must_advance(covering: Callable[[int, int, int], list[Window]]) -> None:
    with pytest.raises(ValueError, match="overlap 8 must be smaller"):
        covering(20, 8, 8)


@given(st.integers(1, 300))
def test_stitching_gives_each_token_its_own_logits(tokens: int) -> None:
    logits = arange(tokens * 3, dtype=float32).reshape(tokens, 3)
    windows = cover(tokens, 16, 4)
    assert (stitch(windows, [logits[w.start : w.end] for w in windows]) == logits).all()


@given(st.text(alphabet="ab \n", max_size=400))
def test_pieces_of_a_long_text_cover_it(text: str) -> None:
    bounds = split_text(text, 32)
    assert "".join(text[a:b] for a, b in bounds) == text
    assert all(b - a <= 32 for a, b in bounds)


def test_a_text_in_pieces_has_the_offsets_of_the_whole() -> None:
    text = "Kyiv fell. " * 30_000
    e = encode(text, TOKENIZERS["word piece"])
    assert len(e.heads) == 90_000
    assert text[e.unit_starts[-2] : e.unit_ends[-2]] == "fell"


def test_texts_in_a_batch_are_encoded_as_alone() -> None:
    tokenizer = TOKENIZERS["byte level"]
    together = encode_batch(SAMPLES, tokenizer)
    assert [e.ids.tolist() for e in together] == [encode(text, tokenizer).ids.tolist() for text in SAMPLES]


def test_white_space_at_the_edges_of_tokens_is_what_python_takes_for_it() -> None:
    spaces = [chr(c) for c in range(sys.maxunicode + 1) if chr(c).isspace()]
    text = "".join(f"{space}fell" for space in spaces) + "\U0001f680"
    e = encode(text, TOKENIZERS["byte level"])
    assert [text[a:b] for a, b in zip(e.unit_starts, e.unit_ends, strict=True)] == ["fell"] * len(spaces) + [
        "\U0001f680"
    ]
