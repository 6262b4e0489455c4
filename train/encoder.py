"""The network to fine-tune: a transformers base by folder or hub name, or a small ModernBERT from scratch."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from warwire.annotations.errors import InputError
from warwire.annotations.labels import BIO_TAGS
from warwire.train.config import Encoder, TrainConfig

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerFast

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
        return Network(_scratch_model(config.encoder, tokenizer, config.windows.size), tokenizer)
    from transformers import AutoModelForTokenClassification, AutoTokenizer

    try:
        loaded: Any = AutoTokenizer.from_pretrained(config.base, trust_remote_code=False)
        model = AutoModelForTokenClassification.from_pretrained(
            config.base, trust_remote_code=False, use_safetensors=True, ignore_mismatched_sizes=True, **_label_maps()
        )
    except (OSError, ValueError) as error:
        raise InputError(f"base {config.base!r} cannot be loaded: {str(error).splitlines()[0]}") from None
    if not loaded.is_fast:
        raise InputError(f"base {config.base!r} has no fast tokenizer (tokenizer.json), which offsets need")
    return Network(model, loaded)


def train_tokenizer(texts: Iterable[str], vocabulary: int) -> "PreTrainedTokenizerFast":
    """A cased WordPiece tokenizer: single punctuation marks, single digits, typographic quotes made straight."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Replace(Regex(a), b) for a, b in _STRAIGHT.items()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.BertPreTokenizer(), pre_tokenizers.Digits(individual_digits=True)]
    )
    trainer = trainers.WordPieceTrainer(
        vocab_size=vocabulary, min_frequency=2, special_tokens=list(_SPECIAL), show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    ends = [(token, tokenizer.token_to_id(token)) for token in ("[SEP]", "[CLS]")]
    tokenizer.post_processor = processors.BertProcessing(*ends)
    names = ("pad_token", "unk_token", "cls_token", "sep_token", "mask_token")
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, **dict(zip(names, _SPECIAL, strict=True)))


def _scratch_model(encoder: Encoder, tokenizer: "PreTrainedTokenizerFast", window: int) -> "PreTrainedModel":
    from transformers import ModernBertConfig, ModernBertForTokenClassification

    layers = ["full_attention" if i % encoder.global_every == 0 else "sliding_attention" for i in range(encoder.layers)]
    config = ModernBertConfig(
        vocab_size=len(tokenizer),
        hidden_size=encoder.width,
        num_hidden_layers=encoder.layers,
        num_attention_heads=encoder.heads,
        intermediate_size=encoder.feed_forward,
        layer_types=layers,
        local_attention=encoder.local_attention,
        max_position_embeddings=max(window, 512),
        embedding_dropout=encoder.dropout,
        mlp_dropout=encoder.dropout,
        attention_dropout=encoder.dropout,
        classifier_dropout=encoder.dropout,
        pad_token_id=tokenizer.pad_token_id,
        cls_token_id=tokenizer.cls_token_id,
        sep_token_id=tokenizer.sep_token_id,
        bos_token_id=tokenizer.cls_token_id,
        eos_token_id=tokenizer.sep_token_id,
        **_label_maps(),
    )
    return ModernBertForTokenClassification(config)


def _label_maps() -> dict[str, Any]:
    return {"id2label": dict(enumerate(BIO_TAGS)), "label2id": {tag: i for i, tag in enumerate(BIO_TAGS)}}
