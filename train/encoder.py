"""The network to fine-tune: a transformers base by folder or hub name, or a small ModernBERT from scratch."""

import socket
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from warwire.annotations.errors import InputError
from warwire.annotations.labels import BIO_TAGS
from warwire.train.config import Encoder, TrainConfig

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from transformers import ModernBertConfig, PreTrainedModel, PreTrainedTokenizerFast

_SECONDS_TO_CONNECT: Final = 5
_SPECIAL: Final = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
_STRAIGHT: Final = {"’": "'", "‘": "'", "´": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " "}


@dataclass(frozen=True, slots=True)
class Network:
    """A model with a token-classification head over `BIO_TAGS`, and its tokenizer."""

    model: "PreTrainedModel"
    tokenizer: "PreTrainedTokenizerFast"


def load_network(config: TrainConfig, texts: Iterable[str]) -> Network:
    """The network of a configuration; `texts` teach a from-scratch tokenizer its vocabulary.

    Raises:
        InputError: the base cannot be loaded, or has no fast tokenizer.
    """
    if config.base is None:
        tokenizer = train_tokenizer(texts, config.encoder.vocabulary)
        from transformers import ModernBertForTokenClassification

        architecture = encoder_config(config.encoder, tokenizer, config.windows.size, config.encoder.dropout)
        return Network(ModernBertForTokenClassification(architecture), tokenizer)
    from transformers import AutoModelForTokenClassification, AutoTokenizer
    from transformers.utils import logging

    _require_reachable(config.base)
    # That the head of a base is new is the rule here, not a reason for a report.
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    try:
        loaded: Any = AutoTokenizer.from_pretrained(config.base, trust_remote_code=False)
        model = AutoModelForTokenClassification.from_pretrained(
            config.base,
            trust_remote_code=False,
            use_safetensors=True,
            ignore_mismatched_sizes=True,
            # Weights may be stored in half precision; an optimiser needs all of it.
            dtype="float32",
            **_label_maps(),
        )
    except (OSError, ValueError) as error:
        raise InputError(f"base {config.base!r} cannot be loaded: {str(error).splitlines()[0]}") from None
    if not loaded.is_fast:
        raise InputError(f"base {config.base!r} has no fast tokenizer (tokenizer.json), which offsets need")
    return Network(model, loaded)


def _require_reachable(base: str) -> None:
    """Refuse a hub name at once where the hub cannot be reached and the base is not in its cache.

    The hub's own client tries again for the better part of a minute.
    """
    if Path(base).is_dir():
        return
    from huggingface_hub import constants, try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        if isinstance(try_to_load_from_cache(base, "config.json"), str):
            return
    except HFValidationError:
        raise InputError(f"base {base!r}: no such folder, and no name that the hub could have") from None
    host = urlsplit(constants.ENDPOINT).hostname or ""
    try:
        socket.create_connection((host, 443), timeout=_SECONDS_TO_CONNECT).close()
    except OSError:
        message = (
            f"base {base!r} is no folder, and the hub ({host}) cannot be reached; give a folder that holds the base"
        )
        raise InputError(message) from None


def train_tokenizer(texts: Iterable[str], vocabulary: int, letter_minimum: int = 1) -> "PreTrainedTokenizerFast":
    """A cased WordPiece tokenizer: single punctuation marks, single digits, typographic quotes made straight.

    The same texts always give the same vocabulary. Letters that occur less than `letter_minimum` times are unknown.
    """
    from tokenizers import processors
    from transformers import PreTrainedTokenizerFast

    tokenizer = _plain_tokenizer(_learn_pieces(list(texts), vocabulary, letter_minimum))
    vocabulary_ids = tokenizer.get_vocab()
    tokenizer.post_processor = processors.BertProcessing(
        ("[SEP]", vocabulary_ids["[SEP]"]), ("[CLS]", vocabulary_ids["[CLS]"])
    )
    tokenizer.add_special_tokens(list(_SPECIAL))
    names = ("pad_token", "unk_token", "cls_token", "sep_token", "mask_token")
    make: Any = PreTrainedTokenizerFast
    wrapped: PreTrainedTokenizerFast = make(tokenizer_object=tokenizer, **dict(zip(names, _SPECIAL, strict=True)))
    return wrapped


def _plain_tokenizer(vocabulary: dict[str, int]) -> "Tokenizer":
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Replace(Regex(a), b) for a, b in _STRAIGHT.items()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.BertPreTokenizer(), pre_tokenizers.Digits(individual_digits=True)]
    )
    return tokenizer


def _learn_pieces(texts: list[str], size: int, letter_minimum: int) -> dict[str, int]:
    from tokenizers import trainers

    learner = _plain_tokenizer({"[UNK]": 0})
    # The trainer numbers pieces in the random order of a hash map and breaks ties by number. Naming every single
    # character beforehand, as a special token, fixes the numbers and so the outcome.
    found = Counter(c for text in texts for c in learner.normalizer.normalize_str(text) if not c.isspace())
    letters = sorted(letter for letter, number in found.items() if number >= letter_minimum)
    fixed = [*_SPECIAL, *letters, *(f"##{letter}" for letter in letters)]
    trainer = trainers.WordPieceTrainer(vocab_size=size, min_frequency=2, special_tokens=fixed, show_progress=False)
    learner.train_from_iterator(texts, trainer)
    return dict(learner.get_vocab())


def encoder_config(
    encoder: Encoder, tokenizer: "PreTrainedTokenizerFast", window: int, dropout: float
) -> "ModernBertConfig":
    """The transformers configuration of a small ModernBERT with our tags as labels."""
    from transformers import ModernBertConfig

    layers = ["full_attention" if i % encoder.global_every == 0 else "sliding_attention" for i in range(encoder.layers)]
    return ModernBertConfig(
        vocab_size=len(tokenizer),
        hidden_size=encoder.width,
        num_hidden_layers=encoder.layers,
        num_attention_heads=encoder.heads,
        intermediate_size=encoder.feed_forward,
        layer_types=layers,
        local_attention=encoder.local_attention,
        max_position_embeddings=max(window, 512),
        embedding_dropout=dropout,
        mlp_dropout=dropout,
        attention_dropout=dropout,
        classifier_dropout=dropout,
        pad_token_id=tokenizer.pad_token_id,
        cls_token_id=tokenizer.cls_token_id,
        sep_token_id=tokenizer.sep_token_id,
        bos_token_id=tokenizer.cls_token_id,
        eos_token_id=tokenizer.sep_token_id,
        **_label_maps(),
    )


def _label_maps() -> dict[str, Any]:
    return {"id2label": dict(enumerate(BIO_TAGS)), "label2id": {tag: i for i, tag in enumerate(BIO_TAGS)}}
