"""The figures of a report: every key that schema.md describes, the answer, and the ways data and models come in."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from conftest import ROOT, Ran, made

from warwire.annotations.document import Document
from warwire.annotations.errors import InputError
from warwire.annotations.jsonl import write_documents
from warwire.evaluate.data_sets import data_names, read_data_sets
from warwire.evaluate.intervals import Resampling
from warwire.evaluate.model_runs import count_parameters, read_card, run_model
from warwire.evaluate.report.build import build_report
from warwire.evaluate.report.curves import read_curves
from warwire.evaluate.report.error_documents import LONGEST_TEXT, error_block
from warwire.evaluate.report.figures import ReportSettings
from warwire.evaluate.slices import slice_documents
from warwire.evaluate.tuple_alignments import alignments

SCHEMA = (ROOT / "evaluate/report/schema.md").read_text(encoding="utf-8")
QUICK = ReportSettings(resampling=Resampling(200), rounds=200)
SOURCE = (
    "[Police|SPEAKER:s1] said [rebels|ACTOR:a1] [killed|KILL:e1] [{count}|COUNT:c1] [soldiers|TARGET:g1] "
    "in [Rivo|PLACE:p1] on [Monday|TIME:t1].{more}\n---\ne1: agent=a1 count=c1 target=g1 place=p1 time=t1 speaker=s1"
)


def gold(number: int = 12) -> list[Document]:
    return [
        made(
            SOURCE.format(count=i + 2, more=" No more is known." * i),
            id=f"d{i}",
            date="2024-03-06",
            conflict="Rivo war" if i % 2 else "Lira war",
            genre="breaking story",
        )
        for i in range(number)
    ]


def without(document: Document, label: str, every: bool) -> Document:
    """A prediction that lacks the spans of a label (in every document, or one of two), with scores on the others."""
    lacking = every or int(document.id[1:]) % 2
    spans = tuple(replace(one, score=0.9) for one in document.spans if not (lacking and one.label == label))
    held = {one.id for one in spans}
    events = tuple(
        replace(event, arguments=tuple(a for a in event.arguments if a.span in held), score=0.8)
        for event in document.events
    )
    return replace(document, spans=spans, events=events)


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """Gold data, and the predictions of a perfect, a good and a bad model."""
    documents = gold()
    found = {
        "gold": documents,
        "perfect": documents,
        "good": [without(one, "COUNT", every=False) for one in documents],
        "bad": [without(without(one, "COUNT", every=True), "PLACE", every=True) for one in documents],
    }
    for name, held in found.items():
        write_documents(tmp_path / f"{name}.jsonl", held)
    return {name: tmp_path / f"{name}.jsonl" for name in found}


def built(files: dict[str, Path], *models: str, **settings: Any) -> dict[str, Any]:
    return build_report([str(files[one]) for one in models], [files["gold"]], replace(QUICK, **settings))


def keys(value: Any, names: frozenset[str]) -> Iterator[str]:
    """Every key of nested JSON that is not itself a name of a model, document, score, ..."""
    if isinstance(value, dict):
        for key, held in value.items():
            if key not in names:
                yield key
            yield from keys(held, names)
    elif isinstance(value, list):
        for held in value:
            yield from keys(held, names)


def test_every_key_is_described_and_every_key_described_is_there(files: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "sweep.jsonl").write_text('{"name": "rate", "x": {"lr": 1}, "scores": {"f1": 0.5}}\n')
    models = ["default", str(files["good"])]
    figures = build_report(models, [files["gold"]], replace(QUICK, limit_bytes=4000), [tmp_path / "sweep.jsonl"])
    meta = {"conflict", "genre", "lr", "f1"}
    found = set(keys(figures, frozenset({*models, *meta, *(f"d{i}" for i in range(12))})))
    described = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]*)`", SCHEMA))))
    assert found <= described | set(figures["results"][0]["errors"]["totals"][models[0]])
    assert set(re.findall(r"^\| `(\w+)`", SCHEMA, re.MULTILINE)) <= found
    for line in re.findall(r"^\| ((?:`\w+`, )+`\w+`) \|", SCHEMA, re.MULTILINE):
        assert set(re.findall(r"\w+", line)) <= found


def test_figures_are_plain_json_without_nan(files: dict[str, Path]) -> None:
    figures = built(files, "perfect", "bad")
    assert json.loads(msgspec.json.encode(figures)) == json.loads(json.dumps(figures, allow_nan=False))


def test_every_block_has_the_signature_of_its_data(files: dict[str, Path]) -> None:
    figures = built(files, "good")
    (result,), (data,) = figures["results"], figures["data"]
    blocks = {name: block for name, block in result.items() if name != "data"}
    assert all(f"|docs:12|data:{data['digest']}" in block["signature"] for block in blocks.values())
    assert blocks["leaderboard"]["signature"] == f"{data['signature']}|resamples:200|seed:13"
    assert "scheme:nervaluate" in blocks["schemes"]["signature"]


def test_the_better_model_is_recommended_when_its_lead_is_beyond_chance(files: dict[str, Path]) -> None:
    answer = built(files, "bad", "perfect")["answer"]
    assert (answer["recommended"], answer["sure"]) == (str(files["perfect"]), "beyond chance")
    assert answer["tied"] == [str(files["perfect"])]
    assert answer["words"][0].startswith(f"Choose {files['perfect']}: its core tag F1 on gold, 1.000")
    assert answer["lead"]["value"] > 0


def test_a_lead_that_may_be_chance_is_called_undecided(files: dict[str, Path], tmp_path: Path) -> None:
    documents = gold()
    files["near"] = tmp_path / "near.jsonl"
    write_documents(files["near"], [without(documents[0], "PLACE", every=True), *documents[1:]])
    answer = built(files, "near", "perfect")["answer"]
    assert (answer["recommended"], answer["sure"]) == (str(files["perfect"]), "undecided")
    assert answer["tied"] == [str(files["perfect"]), str(files["near"])]
    assert "may be chance" in answer["words"][0]


def test_equal_models_and_single_models_are_told_as_such(files: dict[str, Path], tmp_path: Path) -> None:
    files["twin"] = tmp_path / "twin.jsonl"
    files["twin"].write_bytes(files["good"].read_bytes())
    twins, alone = built(files, "good", "twin")["answer"], built(files, "good")["answer"]
    assert (twins["sure"], alone["sure"]) == ("identical", "alone")
    assert (alone["next"], alone["lead"]) == (None, None)


def test_the_first_data_set_decides_and_others_may_disagree(files: dict[str, Path], tmp_path: Path) -> None:
    other = [replace(one, id=f"d1{one.id[1:].zfill(2)}") for one in gold()]
    write_documents(tmp_path / "other.jsonl", other)
    write_documents(files["bad"], [*[without(one, "COUNT", every=True) for one in gold()], *other])
    write_documents(files["good"], [*gold(), *[without(one, "COUNT", every=True) for one in other]])
    models = [str(files["good"]), str(files["bad"])]
    answer = build_report(models, [files["gold"], tmp_path / "other.jsonl"], QUICK)["answer"]
    assert (answer["recommended"], answer["agrees"]) == (models[0], False)
    assert [one["leader"] for one in answer["by_data"]] == models
    assert any("instead" in words for words in answer["words"])


def test_breakdowns_part_the_documents_by_meta_and_length(files: dict[str, Path]) -> None:
    (result,) = built(files, "good")["results"]
    parts = {one["name"]: [row["documents"] for row in one["rows"]] for one in result["breakdowns"]["by"]}
    assert parts["conflict"] == [6, 6]
    assert parts["genre"] == [12]
    assert sum(parts["length"]) == 12
    assert len(parts["length"]) == 4


def test_documents_without_meta_are_counted_as_unknown() -> None:
    conflict, genre, _ = slice_documents([*gold(4), made(SOURCE.format(count=1, more=""), id="bare")])
    assert (sum(map(len, conflict.parts.values())), conflict.unknown, genre.unknown) == (4, 1, 1)


def test_predictions_without_scores_have_no_thresholds_and_a_note_says_so(files: dict[str, Path]) -> None:
    figures = built(files, "perfect", "good")
    (result,) = figures["results"]
    unscored, scored = str(files["perfect"]), str(files["good"])
    assert result["thresholds"]["models"][unscored] == {"spans": None, "events": None}
    assert result["calibration"]["models"][unscored] == {"spans": None, "events": None}
    assert result["calibration"]["models"][scored]["spans"]["items"] == 12 * 7 - 6
    assert any(unscored in note for note in figures["notes"])


def test_documents_with_the_most_errors_come_first(files: dict[str, Path]) -> None:
    (result,) = built(files, "good")["results"]
    counts = [sum(one["error_count"].values()) for one in result["errors"]["documents"]]
    assert counts == [1] * 6 + [0] * 6


def test_what_does_not_fit_is_left_out_and_told() -> None:
    documents = gold()
    runs = {"m": [*map(pair_of, documents)]}
    aligned = {"m": alignments(runs["m"])}
    whole, cut = error_block(runs, aligned, "s"), error_block(runs, aligned, "s", limit_bytes=2500)
    assert whole["truncated"] is None
    assert (cut["truncated"]["documents"], cut["truncated"]["shown"]) == (12, len(cut["documents"]))
    assert 0 < len(cut["documents"]) < 12
    assert cut["documents"] == whole["documents"][: len(cut["documents"])]


def pair_of(document: Document) -> Any:
    from warwire.evaluate.pairs import Pair

    return Pair(document, without(document, "PLACE", every=True))


def test_a_long_text_is_cut_with_its_spans_and_told() -> None:
    document = made(SOURCE.format(count=3, more=" x" * LONGEST_TEXT))
    late = replace(document, text="x" * LONGEST_TEXT + " " + document.text, spans=moved(document))
    runs = {"m": [pair_of(replace(late, id="d1"))]}
    found = error_block(runs, {"m": alignments(runs["m"])}, "s")
    (shown,) = found["documents"]
    assert (shown["cut"], len(shown["text"]), shown["gold"]["spans"]) == (True, LONGEST_TEXT, [])
    assert shown["errors"]["m"][0]["start"] is None
    assert found["truncated"]["texts_cut"] == 1


def moved(document: Document) -> Any:
    by = LONGEST_TEXT + 1
    return tuple(replace(one, start=one.start + by, end=one.end + by) for one in document.spans)


def test_a_model_is_described_and_timed(files: dict[str, Path]) -> None:
    data = read_data_sets([files["gold"]])
    run = run_model("default", data)
    model = run.model
    assert (model.kind, model.back_end, model.title) == ("model", "int8", "warwire-default")
    assert model.parameters == count_parameters(ROOT / "model/default/model.safetensors")
    assert model.size_bytes is not None
    assert model.size_bytes > 1_000_000
    assert run.speed is not None
    assert (run.speed.documents, run.speed.words) == (12, data[0].words)
    assert run_model("default", data, timed=False).speed is None


def test_parameters_are_those_of_the_weights(tmp_path: Path) -> None:
    np, save_file = pytest.importorskip("numpy"), pytest.importorskip("safetensors.numpy").save_file
    save_file({"a": np.zeros((3, 5), "float32"), "b": np.zeros(7, "float32")}, tmp_path / "w.safetensors")
    assert count_parameters(tmp_path / "w.safetensors") == 22
    (tmp_path / "broken.safetensors").write_bytes(b"\x05\0\0\0\0\0\0\0{{{{{")
    assert count_parameters(tmp_path / "broken.safetensors") is None
    assert count_parameters(tmp_path / "none.safetensors") is None


def test_the_scores_of_a_model_card_are_read(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(
        "# A\n\n| file | x |\n|---|---|\n| a | b |\n\n| score | real |\n|---|---:|\n| F1 | 0.8 |\n\nend\n"
    )
    card = read_card(tmp_path / "README.md")
    assert card is not None
    assert (card.columns, card.rows) == (("score", "real"), (("F1", "0.8"),))
    assert read_card(tmp_path / "none.md") is None


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["a/mine.jsonl"], ["mine"]),
        (["real/dev.jsonl", "corpus/test.jsonl"], ["real/dev", "corpus/test"]),
        (["a/x/test.jsonl", "b/x/test.jsonl"], ["a/x/test", "b/x/test"]),
        (["a/mine.jsonl", "b/mine.jsonl", "other.jsonl"], ["a/mine", "b/mine", "other"]),
    ],
)
def test_data_sets_are_named_as_shortly_as_they_can_be_told_apart(paths: list[str], names: list[str]) -> None:
    assert data_names(map(Path, paths)) == names


def test_runs_of_one_setting_are_averaged_and_settings_make_curves(tmp_path: Path) -> None:
    lines = [
        '{"name": "articles", "x": 500, "x_title": "training articles", "core_tag": 0.8}',
        '{"name": "articles", "x": 50, "core_tag": 0.6}',
        '{"name": "rates", "x": {"lr": 0.1, "kind": "a"}, "seed": 1, "scores": {"f1": 0.5}, "run": "r"}',
        '{"name": "rates", "x": {"lr": 0.1, "kind": "a"}, "seed": 2, "scores": {"f1": 0.7}, "run": "r"}',
        '{"name": "rates", "x": {"lr": 0.2, "kind": "a"}, "seed": 1, "scores": {"f1": 0.8}, "run": "r"}',
    ]
    (tmp_path / "c.jsonl").write_text("\n".join(lines) + "\n")
    found = read_curves([tmp_path / "c.jsonl"])
    assert found.curves == (
        {
            "name": "articles",
            "x_title": "training articles",
            "points": [{"x": 50, "scores": {"core_tag": 0.6}}, {"x": 500, "scores": {"core_tag": 0.8}}],
        },
        {
            "name": "rates (kind=a)",
            "x_title": "lr",
            "points": [{"x": 0.1, "scores": {"f1": pytest.approx(0.6)}}, {"x": 0.2, "scores": {"f1": 0.8}}],
        },
    )
    best, second = found.sweeps[0]["settings"]
    assert (best["x"]["lr"], second["runs"], second["deviations"]["f1"]) == (0.2, 2, pytest.approx(0.1414, abs=1e-4))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "broken JSON"),
        ('{"x": 1, "f1": 0.5}', 'holds "name", "x" and scores'),
        ('{"name": "a", "x": "one", "f1": 0.5}', "x is 'one'; a curve holds numbers"),
        ('{"name": "a", "x": 1, "f1": true}', "f1 is True; a curve holds numbers"),
        ('{"name": "a", "x": 1}', "no score"),
        ('{"name": "a", "x": {"lr": 1}}', "no scores"),
    ],
)
def test_a_line_that_is_no_point_is_named(tmp_path: Path, line: str, message: str) -> None:
    (tmp_path / "c.jsonl").write_text('{"name": "a", "x": 1, "f1": 0.5}\n' + line + "\n")
    with pytest.raises(InputError, match=re.escape(message)) as caught:
        read_curves([tmp_path / "c.jsonl"])
    assert "c.jsonl:2: " in str(caught.value)


BAD_CALLS = {
    "a model twice": (["good", "good"], ["gold"], [], "is given twice"),
    "a data file twice": (["good"], ["gold", "gold"], [], "is given twice as --data"),
    "a document of no gold file": (["good"], ["part"], [], "is in no gold file"),
    "a missing document": (["part"], ["gold"], [], "is missing from the predictions"),
    "no such folder": (["good"], ["gold"], ["--json", "nowhere/out.json"], "its folder does not exist"),
}


@pytest.mark.parametrize("name", BAD_CALLS)
def test_bad_calls_end_with_a_clear_line(
    run: Callable[..., Ran], files: dict[str, Path], tmp_path: Path, name: str
) -> None:
    models, data, more, message = BAD_CALLS[name]
    files["part"] = tmp_path / "part.jsonl"
    write_documents(files["part"], gold(5))
    given_data = [part for one in data for part in ("--data", files[one])]
    ran = run("evaluate", *(files[one] for one in models), *given_data, "--report", tmp_path / "out.html", *more)
    assert ran.code == 2
    assert message in ran.err
    assert not (tmp_path / "out.html").exists()


def test_the_command_writes_page_and_json_and_prints_the_answer(
    run: Callable[..., Ran], files: dict[str, Path], tmp_path: Path
) -> None:
    page, out = tmp_path / "report.html", tmp_path / "report.json"
    more = ("--report", page, "--json", out, "--resamples", 100, "--seed", 3, "--primary", "tuple")
    ran = run("evaluate", files["perfect"], files["bad"], "--data", files["gold"], *more)
    figures = json.loads(out.read_text(encoding="utf-8"))
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Choose {files['perfect']}: its tuple F1 on gold")
    assert (figures["schema"], figures["made"]["resamples"], figures["made"]["seed"]) == ("warwire-report/1", 100, 3)
    assert page.read_text(encoding="utf-8").lower().startswith("<!doctype html>")


def test_intervals_are_printed(run: Callable[..., Ran], files: dict[str, Path]) -> None:
    ran = run("evaluate", files["good"], "--data", files["gold"], "--intervals", "--resamples", 100)
    (row,) = [line for line in ran.out.splitlines() if line.strip().startswith("core tag F1")]
    assert re.fullmatch(r"\s*core tag F1\s+36\s+0\.909\s+0\.8\d\d to 0\.9\d\d\s*", row)
    assert "|resamples:100|seed:13" in ran.out
