"""The embedded model is the one that its card describes."""

import hashlib
import json
import re

import pytest
from conftest import ROOT

from warwire.annotations.labels import BIO_TAGS

FOLDER = ROOT / "model" / "default"
CARD = (FOLDER / "README.md").read_text()


@pytest.mark.parametrize("name", ["model.int8.onnx", "model.safetensors", "tokenizer.json", "warwire.json"])
def test_its_files_have_the_digests_of_the_card(name: str) -> None:
    row = re.search(rf"\| `{re.escape(name)}` \|.*\| ([0-9a-f]{{32}}) \|", CARD)
    assert row is not None
    assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:32] == row[1]


def test_its_labels_are_the_tags_of_the_guide() -> None:
    config = json.loads((FOLDER / "config.json").read_text())
    assert [config["id2label"][str(i)] for i in range(len(BIO_TAGS))] == list(BIO_TAGS)
    assert json.loads((FOLDER / "warwire.json").read_text())["tags"] == list(BIO_TAGS)


def test_it_is_small_enough_to_ship() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 40e6
