"""Folders with very small random bases of the architectures that train/configs/ names, tokenizer included."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from conftest import TINY_CORPUS, made
from tokenizers import Tokenizer, models, pre_tokenizers, processors, trainers

TEXTS = [made(source).text for source in TINY_CORPUS]
SIZES = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
CLASSIC = ("<s>", "</s>", "<pad>", "<unk>", "<mask>")
BRACKETS = ("[CLS]", "[SEP]", "[PAD]", "[UNK]", "[MASK]")


def byte_level(special: Sequence[str]) -> Any:
    """A byte-level BPE tokenizer; special: begin, end, padding, unknown, mask."""
    raw = Tokenizer(models.BPE())
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=400, special_tokens=list(special), initial_alphabet=alphabet, show_progress=False
    )
    return _wrapped(raw, trainer, special)


def unigram(special: Sequence[str]) -> Any:
    """A SentencePiece-like unigram tokenizer."""
    raw = Tokenizer(models.Unigram())
    raw.pre_tokenizer = pre_tokenizers.Metaspace()
    trainer = trainers.UnigramTrainer(
        vocab_size=150, special_tokens=list(special), unk_token=special[3], show_progress=False
    )
    return _wrapped(raw, trainer, special)


def _wrapped(raw: Tokenizer, trainer: Any, special: Sequence[str]) -> Any:
    from transformers import PreTrainedTokenizerFast

    raw.train_from_iterator(TEXTS, trainer)
    begin, end, pad, unknown, mask = special
    raw.post_processor = processors.BertProcessing(*((token, raw.token_to_id(token)) for token in (end, begin)))
    make: Any = PreTrainedTokenizerFast
    return make(tokenizer_object=raw, cls_token=begin, sep_token=end, pad_token=pad, unk_token=unknown, mask_token=mask)


def _saved(folder: Path, tokenizer: Any, config: Any, model: Any) -> Path:
    import torch

    torch.manual_seed(0)
    sizes = {**SIZES, "vocab_size": len(tokenizer), "pad_token_id": tokenizer.pad_token_id}
    ends = {"bos_token_id": tokenizer.cls_token_id, "eos_token_id": tokenizer.sep_token_id}
    model(config(**sizes, **ends)).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def roberta(folder: Path) -> Path:
    from transformers import RobertaConfig, RobertaModel

    return _saved(folder, byte_level(CLASSIC), RobertaConfig, RobertaModel)


def xlm_roberta(folder: Path) -> Path:
    from transformers import XLMRobertaConfig, XLMRobertaModel

    return _saved(folder, unigram(CLASSIC), XLMRobertaConfig, XLMRobertaModel)


def deberta_v3(folder: Path) -> Path:
    from transformers import DebertaV2Config, DebertaV2Model

    def config(**sizes: Any) -> Any:
        return DebertaV2Config(
            **sizes,
            relative_attention=True,
            pos_att_type=["p2c", "c2p"],
            share_att_key=True,
            position_buckets=16,
            norm_rel_ebd="layer_norm",
            position_biased_input=False,
            type_vocab_size=0,
        )

    return _saved(folder, unigram(BRACKETS), config, DebertaV2Model)


def modernbert(folder: Path) -> Path:
    from transformers import ModernBertConfig, ModernBertModel

    def config(**sizes: Any) -> Any:
        return ModernBertConfig(
            **{**sizes, "num_hidden_layers": 2},
            cls_token_id=sizes["bos_token_id"],
            sep_token_id=sizes["eos_token_id"],
            global_attn_every_n_layers=2,
            local_attention=16,
        )

    return _saved(folder, byte_level(BRACKETS), config, ModernBertModel)


BASES: dict[str, Callable[[Path], Path]] = {
    "roberta": roberta,
    "deberta-v3": deberta_v3,
    "modernbert": modernbert,
    "xlm-roberta": xlm_roberta,
}
