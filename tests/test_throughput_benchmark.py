"""The speed benchmark: every contender is measured on all its words, and the rates of products are of this model."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from warwire.annotations.document import Document
from warwire.annotations.jsonl import write_documents
from warwire.evaluate.benchmarks import throughput
from warwire.evaluate.benchmarks.gemm import measure as measure_products
from warwire.evaluate.benchmarks.gemm import weight_shapes
from warwire.evaluate.benchmarks.throughput import OURS, Measured, measure
from warwire.evaluate.benchmarks.throughput_peers import Setting
from warwire.model.bundle import DEFAULT_FOLDER, ONNX

DOCUMENTS = [Document(f"d{i}", "Rebels fired nine rockets at Lira. " * 3, date="2024-03-02") for i in range(4)]


def test_a_run_tells_rates_stages_and_products(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_documents(tmp_path / "data.jsonl", DOCUMENTS)
    options = ["--data", str(tmp_path / "data.jsonl"), "--threads", "1", "--repeats", "1", "--peers"]
    throughput.main([*options, "--json", str(tmp_path / "figures.json")])
    figures = json.loads((tmp_path / "figures.json").read_text())
    ratios = {row["contender"]: row["ours to it"] for row in figures["contenders"]}
    assert ratios[f"{OURS}, int8"]["int8"] == ratios[f"{OURS}, openvino"]["openvino"] == 1.0
    assert set(ratios["warwire, tags alone, int8"]) == {"int8", "openvino"}
    for seconds in figures["cpu seconds by stage"].values():
        assert list(seconds) == ["tokenise", "network", "decode", "assemble", "normalise"]
    assert [row["kind"] for row in figures["gemm"]] == ["int8", "fp32"]
    assert "our path on one core, openvino" in capsys.readouterr().out


def test_the_best_setting_of_each_contender_is_measured_on_all_documents() -> None:
    read: dict[str, list[int]] = {"slow": [], "quick": [], "other": []}

    def reader(name: str, work: int) -> Setting:
        def run(documents: Sequence[Document]) -> None:
            read[name].append(len(documents))
            sum(range(work))

        return Setting("other" if name == "other" else "one", name, run, part=2 if name == "other" else 1)

    settings = [reader("slow", 3_000_000), reader("quick", 0), reader("other", 0)]
    found = measure(settings, DOCUMENTS, repeats=2)
    assert [(m.contender, m.setting, m.words) for m in found] == [("one", "quick", 72), ("other", "other", 36)]
    assert (read["quick"][-2:], read["other"][-2:]) == ([4, 4], [2, 2])


def test_a_rate_is_words_by_wall_time() -> None:
    assert Measured("one", "setting", words=300, wall=1.5, cpu=2.5, repeats=(200.0,)).rate == 200.0


def test_products_of_the_model_are_found_with_their_shapes() -> None:
    shapes = weight_shapes(DEFAULT_FOLDER / ONNX["int8"])
    assert shapes[384, 256] == 4  # the last product of each of four layers
    assert measure_products(shapes, rows=8, kind="int8", repeats=1).giga > 0
