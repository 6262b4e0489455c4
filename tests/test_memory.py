"""The estimate of memory and time against parameters that are known and activations that are counted."""

import functools
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, tiny_config

from warwire.annotations.errors import InputError
from warwire.train.config import load_config
from warwire.train.memory import ARCHITECTURES, CARDS, Amount, amount_of, estimate, kept_bytes, main

CONFIGS = sorted(
    path for path in (ROOT / "train" / "configs").glob("*.yaml") if "warwire.train.memory" in path.read_text()
)
PUBLISHED = {
    "FacebookAI/roberta-base": 125,
    "FacebookAI/roberta-large": 355,
    "FacebookAI/xlm-roberta-base": 278,
    "microsoft/deberta-v3-base": 184,
    "microsoft/deberta-v3-large": 434,
    "answerdotai/ModernBERT-base": 149,
    "answerdotai/ModernBERT-large": 395,
}
SOME = Amount(1e6, 400)


@pytest.mark.parametrize("base", ARCHITECTURES)
def test_the_parameters_of_a_base_are_those_that_its_makers_name(base: str, tmp_path: Path) -> None:
    found = estimate(load_config(tiny_config(tmp_path), [f"base={base}"]), SOME)
    assert found.parameters / 1e6 == pytest.approx(PUBLISHED[base], rel=0.01)


def network(kind: str, **sizes: int) -> Any:
    """A network whose attention has no dropout, so that processors too keep nothing of its weights."""
    from transformers import AutoConfig, AutoModelForTokenClassification

    special = {"pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2, "cls_token_id": 1, "sep_token_id": 2}
    classic = {"max_position_embeddings": 600} if kind == "roberta" else {}
    relative = {k: v for k, v in ARCHITECTURES["microsoft/deberta-v3-base"][1].items() if k not in ("vocab_size",)}
    more = {key: value for key, value in relative.items() if kind == "deberta-v2" and key not in sizes}
    dropout = {} if kind == "deberta-v2" else {"attention_probs_dropout_prob": 0.0}
    settings = {**more, **classic, **dropout, **special, **sizes, "vocab_size": 50}
    return AutoModelForTokenClassification.from_config(AutoConfig.for_model(kind, **settings))


def counted(model: Any, batch: int, length: int, sixteen: bool) -> int:
    """Bytes that a forward pass keeps, parameters aside."""
    import torch

    own = {weight.untyped_storage().data_ptr() for weight in (*model.parameters(), *model.buffers())}
    kept: dict[int, Any] = {}

    def pack(tensor: Any) -> Any:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in own:
            kept[storage.data_ptr()] = storage
        return tensor

    ids = torch.full((batch, length), 7)
    mask = torch.ones_like(ids)
    mask[:, -1] = 0
    hooks = torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor)
    with hooks, torch.autocast("cpu", dtype=torch.bfloat16, enabled=sixteen):
        model.train()(ids, attention_mask=mask, labels=ids % 2)
    return sum(storage.nbytes() for storage in kept.values())


SIZES = [
    {"hidden_size": 64, "intermediate_size": 256, "num_attention_heads": 2},
    {"hidden_size": 96, "intermediate_size": 128, "num_attention_heads": 4},
]


@pytest.mark.parametrize("sixteen", [True, False])
@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("kind", ["roberta", "modernbert", "deberta-v2"])
def test_what_a_layer_keeps_is_what_a_forward_pass_keeps(kind: str, sizes: dict[str, int], sixteen: bool) -> None:
    length = 256
    slopes = []
    for layers in (1, 4):
        model = network(kind, **sizes, num_hidden_layers=layers)
        slopes.append(counted(model, 2, length, sixteen) - counted(model, 1, length, sixteen))
    found = (slopes[1] - slopes[0]) / 3 / length
    assert kept_bytes(model.config, length, sixteen=sixteen) == pytest.approx(found, rel=0.2)


@functools.cache
def amount(corpus: str, epochs: float, copies: int) -> Amount:
    """What the configurations that read the corpus so often read; reading it takes a while."""
    keys = [f"data.train=[{corpus}]", f"optimiser.epochs={epochs}", f"augment.copies={copies}"]
    return amount_of(load_config(CONFIGS[0], keys))


CHANGES = [
    ("optimiser.batch=8", "optimiser.batch=4"),
    ("optimiser.precision=fp32", "optimiser.precision=bf16"),
    ("optimiser.activation_checkpointing=false", "optimiser.activation_checkpointing=true"),
    ("windows.size=256", "windows.size=128"),
    ("lora=null", "lora={rank: 8}"),
]


@pytest.mark.parametrize(("more", "less"), CHANGES)
def test_what_saves_memory_lowers_the_estimate(more: str, less: str, tmp_path: Path) -> None:
    plain = ["base=FacebookAI/roberta-base", "optimiser.batch=16", "windows.size=256"]
    sizes = [estimate(load_config(tiny_config(tmp_path), [*plain, key]), SOME).memory for key in (more, less)]
    assert sizes[0] > sizes[1] * 1.03


def test_accumulating_batches_does_not_change_the_memory(tmp_path: Path) -> None:
    keys = ["base=FacebookAI/roberta-base"]
    one, four = (
        estimate(load_config(tiny_config(tmp_path), [*keys, f"optimiser.accumulate={n}"]), SOME) for n in (1, 4)
    )
    assert one == four


def test_windows_are_as_long_as_the_longest_document_at_most(tmp_path: Path) -> None:
    keys = ["base=answerdotai/ModernBERT-base", "windows.size=8192"]
    config = load_config(tiny_config(tmp_path), keys)
    assert estimate(config, Amount(1e6, 300)).memory < estimate(config, Amount(1e6, 9000)).memory / 2
    assert estimate(config, Amount(1e6, 9000)) == estimate(config, Amount(1e6, 90000))


def test_a_base_of_unknown_sizes_is_not_guessed(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="its sizes are not known"):
        estimate(load_config(tiny_config(tmp_path), ["base=somebody/some-base"]), SOME)


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_the_estimate_at_the_head_of_a_configuration_is_the_command_s(path: Path) -> None:
    config = load_config(path)
    found = estimate(
        config, amount(str(Path(config.data.train[0]).resolve()), config.optimiser.epochs, config.augment.copies)
    )
    line = r"# Estimated by .*: about (\d+) GB and (.*) on one 24 GB card, (.*) on one 80 GB"
    stated = re.search(line, path.read_text())
    assert stated is not None
    assert float(stated[1]) == pytest.approx(found.memory / 1e9, rel=0.1, abs=0.6)
    for text, card in zip(stated.groups()[1:], CARDS, strict=True):
        number, unit = text.split()
        assert float(number) * (60 if unit == "h" else 1) == pytest.approx(found.minutes(card), rel=0.5, abs=1)
    assert found.memory < CARDS[0].memory


def test_the_command_says_what_does_not_fit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([str(tiny_config(tmp_path)), "base=microsoft/deberta-v3-large", "optimiser.batch=4096"])
    printed = capsys.readouterr().out
    assert "microsoft/deberta-v3-large: 434.0 M parameters" in printed
    assert [f"too much for a {card.name}" in printed for card in CARDS] == [True, True]
