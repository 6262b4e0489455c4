"""Other taggers to measure our speed against, each as a function from texts to nothing.

Only speed is asked of them: the transformers pipeline has our weights, spaCy's `ner` our training data or none, and
GLiNER the architecture and size of its published small model with random weights. None makes events.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from warwire.annotations.document import Document
from warwire.annotations.labels import LABELS
from warwire.model.bundle import open_bundle
from warwire.model.windows import split_text

PIPELINE_BATCHES: Final = (4, 8, 16, 32, 64)
SPACY_SETTINGS: Final = ((1, 32), (1, 128), (1, 512), (2, 32), (2, 128))
"""Numbers of processes and texts of a batch; a first pass over a part of the documents finds the best."""
GLINER_BATCHES: Final = (4, 8)
_GLINER_PART: Final = 12
_GLINER_TEXT: Final = 1800
"""Code points given to GLiNER at once: it cuts off what is longer than 384 words."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A contender with one of its settings; `run` reads the documents and throws away what it finds.

    One that is very slow reads every `part`-th document alone, and its words are counted accordingly.
    """

    contender: str
    setting: str
    run: Callable[[Sequence[Document]], None]
    part: int = 1


@contextmanager
def transformers_pipeline(model: Path, threads: int) -> Iterator[list[Setting]]:
    """`pipeline("token-classification")` with our weights and windows: batch 1 first, then the larger ones."""
    import torch
    from transformers import AutoModelForTokenClassification, AutoTokenizer, pipeline
    from transformers.utils import logging

    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    torch.set_num_threads(threads)
    manifest = open_bundle(model).manifest
    tokenizer = AutoTokenizer.from_pretrained(model, local_files_only=True, model_max_length=manifest.window)
    network = AutoModelForTokenClassification.from_pretrained(model, local_files_only=True).eval()

    def setting(name: str, batch: int) -> Setting:
        tag = pipeline(
            "token-classification",
            model=network,
            tokenizer=tokenizer,
            aggregation_strategy="simple",
            stride=manifest.overlap,
            batch_size=batch,
        )
        return Setting(name, f"batch {batch}", lambda documents: _drain(tag([d.text for d in documents])))

    yield [
        setting("transformers pipeline, batch 1", 1),
        *(setting("transformers pipeline, best batch", batch) for batch in PIPELINE_BATCHES),
    ]


@contextmanager
def spacy_ner(folder: Path | None, documents: Sequence[Document]) -> Iterator[list[Setting]]:
    """spaCy's `ner`: the trained one of a folder, else the two of its own recipes with random weights."""
    import spacy

    if folder is not None:
        pipelines = {"spaCy ner": spacy.load(folder)}
    else:
        pipelines = {
            f"spaCy ner, {recipe}, random weights": _random_spacy(recipe, documents)
            for recipe in ("efficiency", "accuracy")
        }

    def setting(name: str, processes: int, batch: int) -> Setting:
        def run(texts: Sequence[Document]) -> None:
            _drain(pipelines[name].pipe((d.text for d in texts), n_process=processes, batch_size=batch))

        return Setting(name, f"{processes} processes, batch {batch}", run)

    yield [setting(name, *settings) for name in pipelines for settings in SPACY_SETTINGS]


@contextmanager
def gliner_small(model: Path, threads: int) -> Iterator[list[Setting]]:
    """GLiNER's architecture in its small size with random weights, our tokenizer and our labels."""
    import torch
    from gliner.config import UniEncoderSpanConfig
    from gliner.model import UniEncoderSpanGLiNER
    from transformers import AutoTokenizer, DebertaV2Config

    torch.set_num_threads(threads)
    tokenizer = AutoTokenizer.from_pretrained(model, local_files_only=True)
    tokenizer.add_tokens(["<<ENT>>", "<<SEP>>"], special_tokens=True)
    encoder = DebertaV2Config(  # type: ignore[call-arg]
        vocab_size=128_100,
        hidden_size=768,
        num_hidden_layers=6,
        num_attention_heads=12,
        intermediate_size=3072,
        relative_attention=True,
        position_buckets=256,
        norm_rel_ebd="layer_norm",
        share_att_key=True,
        pos_att_type="p2c|c2p",
        position_biased_input=False,
    )
    config = UniEncoderSpanConfig(model_name="random", encoder_config=encoder.to_dict(), hidden_size=512, max_len=384)
    config.class_token_index = tokenizer.convert_tokens_to_ids("<<ENT>>")
    network: Any = UniEncoderSpanGLiNER(config, tokenizer=tokenizer).eval()
    labels = [label.lower() for label in LABELS]

    def setting(batch: int) -> Setting:
        def run(documents: Sequence[Document]) -> None:
            pieces = [d.text[a:b] for d in documents for a, b in split_text(d.text, _GLINER_TEXT)]
            network.inference([p for p in pieces if p.strip()], labels, batch_size=batch)

        return Setting("GLiNER small, random weights", f"batch {batch}", run, part=_GLINER_PART)

    yield [setting(batch) for batch in GLINER_BATCHES]


def _random_spacy(recipe: str, documents: Sequence[Document]) -> Any:
    """spaCy's own configuration for a recipe, without word vectors, initialised on our labels."""
    from spacy.cli.init_config import init_config
    from spacy.training import Example
    from spacy.util import load_model_from_config

    config = init_config(lang="en", pipeline=["ner"], optimize=recipe)
    config["components"]["tok2vec"]["model"]["embed"]["include_static_vectors"] = False
    config["initialize"]["vectors"] = None
    pipeline = load_model_from_config(config, auto_fill=True)
    ner: Any = pipeline.get_pipe("ner")
    for label in LABELS:
        ner.add_label(label)
    examples = [Example.from_dict(pipeline.make_doc(d.text[:500]), {"entities": []}) for d in documents[:20]]
    pipeline.initialize(lambda: examples)
    return pipeline


def _drain(items: Any) -> None:
    for _ in items:
        pass
