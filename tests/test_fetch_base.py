"""A base in a folder of its own, for machines without a network."""

from pathlib import Path
from typing import Any

import pytest
from tiny_bases import roberta

from warwire.annotations.errors import InputError
from warwire.train.fetch_base import fetch_base, main

pytestmark = pytest.mark.filterwarnings("ignore")


def test_weights_of_the_older_kind_become_safetensors(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file

    base = roberta(tmp_path / "base")
    weights = load_file(base / "model.safetensors")
    torch.save(weights, base / "pytorch_model.bin")
    (base / "model.safetensors").unlink()
    fetched = load_file(fetch_base(str(base), tmp_path / "bases" / "fetched") / "model.safetensors")
    assert {name: tensor.tolist() for name, tensor in fetched.items()} == {
        name: tensor.tolist() for name, tensor in weights.items()
    }
    assert (tmp_path / "bases" / "fetched" / "tokenizer.json").is_file()


def test_weights_that_would_run_code_are_refused(tmp_path: Path) -> None:
    import pickle

    canary = tmp_path / "canary"

    class Payload:
        def __reduce__(self) -> tuple[Any, tuple[Path]]:
            return Path.touch, (canary,)

    base = roberta(tmp_path / "base")
    (base / "model.safetensors").unlink()
    (base / "pytorch_model.bin").write_bytes(pickle.dumps(Payload()))
    with pytest.raises(InputError, match="cannot be loaded"):
        fetch_base(str(base), tmp_path / "fetched")
    assert not canary.exists()
    assert not (tmp_path / "fetched").exists()


def test_a_folder_that_is_there_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is there already"):
        fetch_base("somebody/some-base", tmp_path)


def test_what_is_no_base_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="cannot be loaded") as caught:
        main([str(tmp_path / "empty"), str(tmp_path / "fetched")])
    assert "\n" not in str(caught.value)
