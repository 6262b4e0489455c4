"""Any transformers base fine-tunes, exports and extracts: word pieces, byte-level BPE, unigrams."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import TINY_CORPUS, Ran, made, tiny_config
from tokenizers import Tokenizer, models, pre_tokenizers, processors, trainers

from warwire.annotations.jsonl import read_documents
from warwire.model.extractor import load_extractor

pytestmark = pytest.mark.filterwarnings("ignore")

TEXTS = [made(source).text for source in TINY_CORPUS]
SMALL = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}


def wrapped(tokenizer: Tokenizer, trainer: Any, special: list[str]) -> Any:
    """The trained tokenizer as transformers has it; special: begin, end, padding, unknown, mask."""
    from transformers import PreTrainedTokenizerFast

    tokenizer.train_from_iterator(TEXTS, trainer)
    begin, end, pad, unknown, mask = special
    ends = [(token, tokenizer.token_to_id(token)) for token in (end, begin)]
    tokenizer.post_processor = processors.BertProcessing(*ends)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, cls_token=begin, sep_token=end, pad_token=pad, unk_token=unknown, mask_token=mask
    )


def bert(folder: Path) -> None:
    from transformers import BertConfig, BertModel

    special = ["[CLS]", "[SEP]", "[PAD]", "[UNK]", "[MASK]"]
    raw = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    raw.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(vocab_size=200, special_tokens=special, show_progress=False)
    tokenizer = wrapped(raw, trainer, special)
    BertModel(BertConfig(vocab_size=len(tokenizer), **SMALL)).save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def roberta(folder: Path) -> None:
    from transformers import RobertaConfig, RobertaModel

    special = ["<s>", "</s>", "<pad>", "<unk>", "<mask>"]
    raw = Tokenizer(models.BPE())
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=400, special_tokens=special, initial_alphabet=alphabet, show_progress=False
    )
    tokenizer = wrapped(raw, trainer, special)
    config = RobertaConfig(vocab_size=len(tokenizer), pad_token_id=2, **SMALL)
    RobertaModel(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def deberta(folder: Path) -> None:
    from transformers import DebertaV2Config, DebertaV2Model

    special = ["[CLS]", "[SEP]", "[PAD]", "[UNK]", "[MASK]"]
    raw = Tokenizer(models.Unigram())
    raw.pre_tokenizer = pre_tokenizers.Metaspace()
    trainer = trainers.UnigramTrainer(vocab_size=150, special_tokens=special, unk_token="[UNK]", show_progress=False)
    tokenizer = wrapped(raw, trainer, special)
    DebertaV2Model(DebertaV2Config(vocab_size=len(tokenizer), pad_token_id=2, **SMALL)).save_pretrained(folder)
    tokenizer.save_pretrained(folder)


@pytest.mark.parametrize("make", [bert, roberta, deberta])
def test_a_base_of_each_family_learns_and_is_loaded_again(
    make: Callable[[Path], None], tmp_path: Path, run: Callable[..., Ran]
) -> None:
    make(tmp_path / "base")
    config = tiny_config(tmp_path, epochs=40)
    assert run("train", config, f"base={tmp_path / 'base'}", "--no-progress").code == 0
    gold = read_documents(tmp_path / "train.jsonl")
    found = list(load_extractor(tmp_path / "run" / "model", "torch").extract_documents(gold))
    right = sum(
        len({(s.start, s.end, s.label) for s in g.spans} & {(s.start, s.end, s.label) for s in f.spans})
        for g, f in zip(gold, found, strict=True)
    )
    assert right >= 0.8 * sum(len(g.spans) for g in gold)
