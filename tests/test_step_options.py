"""Keys that change how a step is computed, not what it comes to."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import tiny_config
from tiny_bases import roberta

from warwire.train.config import load_config
from warwire.train.finetune import finetune

pytestmark = pytest.mark.filterwarnings("ignore")


def trained(folder: Path, *overrides: str) -> dict[str, np.ndarray[Any, Any]]:
    """The weights that two updates without dropout come to."""
    from safetensors.numpy import load_file

    folder.mkdir()
    config = load_config(tiny_config(folder, epochs=2), ["optimiser.learning_rate=1e-3", *overrides])
    return load_file(finetune(config, quiet=True).bundle / "model.safetensors")


OPTIONS = [
    ("optimiser.activation_checkpointing=true",),
    ("optimiser.batch=1", "optimiser.accumulate=3"),
    ("optimiser.group_by_length=true",),
    ("optimiser.precision=bf16",),
]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, np.ndarray[Any, Any]]:
    return trained(tmp_path_factory.mktemp("plain") / "run")


@pytest.mark.parametrize("options", OPTIONS, ids=lambda options: options[-1])
def test_the_weights_are_those_of_a_plain_run(
    options: tuple[str, ...], plain: dict[str, np.ndarray[Any, Any]], tmp_path: Path
) -> None:
    found = trained(tmp_path / "run", *options)
    # AdamW moves each weight by about the learning rate, in whichever direction a rounding error gives near zero.
    tolerance = 5e-4 if "bf16" in options[0] else 1e-4
    assert found.keys() == plain.keys()
    assert max(float(np.abs(found[name] - plain[name]).mean()) for name in plain) < tolerance


def test_adapters_are_trained_with_activations_computed_again(tmp_path: Path) -> None:
    base = f"base={roberta(tmp_path / 'base')}"
    found = trained(tmp_path / "run", base, "lora={rank: 2}", "optimiser.activation_checkpointing=true")
    fresh = trained(tmp_path / "other", base, "lora={rank: 2}", "optimiser.learning_rate=1e-12")
    name = "roberta.encoder.layer.0.attention.self.query.weight"
    assert float(np.abs(found[name] - fresh[name]).max()) > 1e-6
