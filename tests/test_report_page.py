"""The page of an evaluation report: every figure is there, nothing of a document runs, filters choose what is read."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from parsed_page import digest
from report_figures import SCORES, TEXT, document, figures
from report_pages import HOSTILE, Figures, Parsed, hostile, parsed

from warwire.annotations.errors import InputError
from warwire.evaluate.report import charts
from warwire.evaluate.report.answer import BEYOND_CHANCE, UNDECIDED, interval_alone
from warwire.evaluate.report.blocks import chance, points, score, shown, signed
from warwire.evaluate.report.error_data import error_data
from warwire.evaluate.report.page import render_page, write_page
from warwire.evaluate.report.view import report_of

# --- the figures --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("models", "sets"), [(1, 1), (3, 2)])
def test_every_figure_of_the_leaderboard_is_on_the_page(models: int, sets: int) -> None:
    given = figures(models, sets)
    texts = set(parsed(given).texts["leaderboard"])
    for result in given["results"]:
        for scores in result["leaderboard"]["models"].values():
            for block in scores.values():
                assert {f"{block[part]:.3f}" for part in ("value", "precision", "recall")} <= texts
                assert f"{block['low']:.3f}–{block['high']:.3f}" in texts
                assert {f"{block[part]}" for part in ("right", "predicted", "gold")} <= texts


def test_the_answer_comes_first_with_what_it_rests_on() -> None:
    source = render_page(figures())
    found = Parsed(source)
    assert found.texts["headline"] == ["Choose model-0: a headline."]
    assert source.index('id="answer"') < source.index('id="leaderboard"')
    assert {"0.300", "+2.1", "p 0.044", "21,000", "5.7 MB"} <= set(found.texts["answer"])


def test_sections_come_in_the_order_of_a_decision() -> None:
    assert [section.anchor for section in report_of(figures()).sections] == [
        *("leaderboard", "tests", "speed", "decomposition", "breakdowns", "schemes", "thresholds", "calibration"),
        *("confusion", "event-counts", "values", "curves"),
    ]


def test_every_block_of_scores_carries_its_signature() -> None:
    report = report_of(figures(2, 2))
    for group in (group for section in report.sections for group in section.groups):
        assert "warwire:0.1.0|guide:1" in group.signature
        assert not group.data or group.signature.endswith(f"data:{group.data}")


def test_the_tuple_score_stands_beside_its_ceiling() -> None:
    texts = set(parsed(figures()).texts["decomposition"])
    assert {"tuple F1", "exact tuple F1", "ceiling", "0.305", "0.310", "0.200", "0.100", "tagging"} <= texts


def test_two_models_are_called_different_only_beyond_chance() -> None:
    given = figures()
    given["comparisons"][0]["beyond_chance"] = False
    assert {"could be chance", "model-0 is better"} <= set(parsed(given).texts["tests"])


INTERVALS = [
    (0.004, 0.038, False, True),
    (-0.038, -0.004, False, True),
    (-0.004, 0.038, False, False),
    (0.004, 0.038, True, False),
    (None, None, False, False),
]


@pytest.mark.parametrize(("low", "high", "beyond", "explained"), INTERVALS)
def test_an_interval_without_zero_beside_chance_is_explained(
    low: float | None, high: float | None, beyond: bool, explained: bool
) -> None:
    given = figures()
    for test in given["comparisons"]:
        test |= {"low": low, "high": high, "beyond_chance": beyond}
    told = " ".join(parsed(given).texts["tests"])
    assert ("looks at one comparison alone" in told) is explained


@pytest.mark.parametrize(("low", "high", "beyond", "explained"), INTERVALS)
def test_the_answer_explains_an_interval_without_zero_beside_chance(
    low: float | None, high: float | None, beyond: bool, explained: bool
) -> None:
    sure = BEYOND_CHANCE if beyond else UNDECIDED
    told = interval_alone({"sure": sure, "lead": {"low": low, "high": high}})
    assert bool(told) is explained


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        *[(score(None), "–"), (score(0.8306), "0.831"), (points(-0.0214), "−2.1"), (points(-0.0001), "0.0")],
        *[(signed(-0.25), "−0.25"), (signed(0.25), "+0.25"), (signed(-0.001), "0.00")],
        *[(chance(0.0004), "< 0.001"), (chance(0.04), "0.040"), (chance(None), "–")],
        (shown("a\x1b[1m\u202eb\u2028\ud800🚀"), "a\ufffd[1m\ufffdb\ufffd\ufffd🚀"),
    ],
)
def test_figures_are_told_in_one_form(told: str, expected: str) -> None:
    assert told == expected


# --- parts that may be missing ------------------------------------------------------------------------------------


def without(block: str) -> Callable[[Figures], None]:
    return lambda given: given["results"][0].pop(block)


def with_empty(block: str) -> Callable[[Figures], None]:
    def change(given: Figures) -> None:
        models = given["results"][0][block]["models"]
        models.update({model: {"spans": None, "events": None} for model in models})

    return change


def no_curves(given: Figures) -> None:
    given.update(curves=None, sweeps=None)


def no_errors(given: Figures) -> None:
    given["results"][0]["errors"]["documents"] = []


def no_slices(given: Figures) -> None:
    for by in given["results"][0]["breakdowns"]["by"]:
        by.update(rows=[], unknown=2)


def no_intervals(given: Figures) -> None:
    for scores in given["results"][0]["leaderboard"]["models"].values():
        for block in scores.values():
            block.update(low=None, high=None)


def nothing_counted(given: Figures) -> None:
    for scores in given["results"][0]["leaderboard"]["models"].values():
        for block in scores.values():
            block.update(dict.fromkeys(("value", "low", "high", "precision", "recall")), right=0, predicted=0, gold=0)


def only_predictions(given: Figures) -> None:
    absent = ("title", "speed", "load_seconds", "size_bytes", "parameters", "back_end", "device", "card", "digest")
    for model in given["models"]:
        model.update(dict.fromkeys(absent))
    given["answer"].update(speed=None, size_bytes=None)


def untested(given: Figures) -> None:
    for one in given["comparisons"]:
        one.update(dict.fromkeys(("low", "high", "p", "p_holm")), beyond_chance=False)


MISSING: dict[str, tuple[Callable[[Figures], Any], str]] = {
    "no curves": (no_curves, "curves"),
    "no errors": (no_errors, "errors"),
    "no scores of spans and events": (with_empty("thresholds"), "thresholds"),
    "nothing to calibrate": (with_empty("calibration"), "calibration"),
    "no comparisons": (lambda given: given["comparisons"].clear(), "tests"),
    **{
        block: (without(block), anchor)
        for block, anchor in {
            "breakdowns": "breakdowns",
            "schemes": "schemes",
            "confusion": "confusion",
            "tuples": "decomposition",
            "event_count": "event-counts",
            "normalised": "values",
            "errors": "errors",
            "ceiling": "-",
        }.items()
    },
    **{
        change.__name__: (change, "-")
        for change in (no_slices, no_intervals, nothing_counted, only_predictions, untested)
    },
}


@pytest.mark.parametrize("name", MISSING)
def test_a_part_that_is_missing_is_left_out(name: str) -> None:
    change, anchor = MISSING[name]
    given = figures(2, 1)
    change(given)
    found = parsed(given)
    assert anchor not in found.attributes("id")
    assert f"#{anchor}" not in found.attributes("href")
    assert found.texts["headline"] == ["Choose model-0: a headline."]


@pytest.mark.parametrize("documents", [[], [document("d1", ["model-0"])], [document("d1", ["model-0"], clean=True)]])
def test_one_model_and_few_documents_make_a_page(documents: list[dict[str, Any]]) -> None:
    found = parsed(figures(1, 1, documents))
    assert found.texts["h1"] == ["Evaluation of model-0"]
    assert "tests" not in found.attributes("id")
    assert ("errors" in found.attributes("id")) == bool(documents)


# --- what a document says stays text ------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_becomes_markup(text: str) -> None:
    clean, dirty = parsed(figures(2, 1)), parsed(hostile(text))
    assert [tag for tag, _ in dirty.tags] == [tag for tag, _ in clean.tags]
    assert [sorted(attrs) for _, attrs in dirty.tags] == [sorted(attrs) for _, attrs in clean.tags]
    assert shown(text) in "".join(dirty.texts["headline"])
    assert dirty.data()["documents"][0]["text"] == shown(TEXT.replace("quiet", f"quiet{text}"))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_address_leads_out_of_the_page(text: str) -> None:
    found = parsed(hostile(text))
    assert all(re.fullmatch(r"#[a-z-]+|data:,", address) for address in found.attributes("href"))
    assert [name for name in ("src", "action", "srcset", "style", "onclick") if found.attributes(name)] == []
    assert "://" not in render_page(figures())
    assert "url(" not in render_page(figures())


@pytest.mark.parametrize("text", ["\x1b]0;x\x07", "a\x00b", "\u202eabc", "\u2028", "\ud800"])
def test_control_and_direction_characters_are_not_in_the_page(text: str) -> None:
    source = render_page(hostile(text))
    assert not set(text) - set("abc]0;x") & set(source)
    source.encode()


def test_the_policy_lets_the_page_s_own_script_and_style_run_and_nothing_else() -> None:
    found = parsed(hostile(HOSTILE[1]))
    policy = next(attrs["content"] or "" for _, attrs in found.tags if "http-equiv" in attrs)
    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src '{digest(''.join(found.texts['style']))}'",
        f"script-src '{digest(''.join(found.texts['script']))}'",
        *("img-src data:", "base-uri 'none'", "form-action 'none'"),
    ]


# --- documents in the page ----------------------------------------------------------------------------------------


def test_offsets_count_as_a_browser_counts() -> None:
    one = document("d1", ["model-0"], "🚀" + TEXT)
    one["gold"]["spans"] = [[0, 1, "WEAPON", None], [1, 7, "ACTOR", None]]
    given = figures(1, 1, [one])
    data = error_data(given, report_of_models(given))
    assert data is not None
    assert json.loads(data.json)["documents"][0]["gold"] == [0, 2, 0, 2, 8, 4]


def report_of_models(given: Figures) -> Any:
    from warwire.evaluate.report.blocks import Models

    return Models(tuple(model["name"] for model in given["models"]))


def test_each_error_knows_its_patterns() -> None:
    data = parsed(figures(2, 1)).data()
    item = data["documents"][0]["errors"][1][3]
    assert [data["patterns"][number][5] for number in item[5]] == ["TIME missed"]
    assert [data["patterns"][number][0] for number in item[5]] == [1]


def test_errors_that_name_no_pattern_are_found_by_the_examples() -> None:
    given = figures(1, 1)
    for one in given["results"][0]["errors"]["documents"]:
        for item in (item for items in one["errors"].values() for item in items):
            item.pop("patterns", None)
    assert [item[5] for item in parsed(given).data()["documents"][0]["errors"][0]] == [[0, 1, 2, 3, 4], [], [], [], []]


def long_documents(number: int, models: list[str], length: int, spans: int) -> list[dict[str, Any]]:
    text = (TEXT + "\n") * (length // len(TEXT))
    found = []
    for i in range(number):
        one = document(f"d{i}", models, text)
        said = [[9 * k, 9 * k + 6, "PLACE", 0.77] for k in range(spans)]
        items = [item for item in next(iter(one["errors"].values())) for _ in range(4)]
        one["gold"]["spans"] = said
        one["models"] = {model: {"spans": said, "events": []} for model in models}
        one["errors"] = dict.fromkeys(models, items)
        one["error_count"] = dict.fromkeys(models, i)
        found.append(one)
    return found


def test_five_hundred_documents_fit_into_ten_megabytes() -> None:
    models = [f"model-{i}" for i in range(3)]
    source = render_page(figures(3, 1, long_documents(500, models, 5000, 70)))
    assert len(source.encode()) < 10_000_000
    assert len(Parsed(source).data()["documents"]) == 500


def test_what_does_not_fit_is_left_out_from_the_best_documents_on_and_told() -> None:
    given = figures(1, 1, long_documents(40, ["model-0"], 2000, 5))
    data = error_data(given, report_of_models(given), most_bytes=30_000)
    assert data is not None
    kept = [one["id"] for one in json.loads(data.json)["documents"]]
    assert kept == [f"d{i}" for i in range(40)][-len(kept) :]
    assert 0 < len(kept) < 20
    assert data.notes == (f"{40 - len(kept)} documents with the fewest errors are left out to keep this page small.",)


def test_a_page_that_cannot_be_written_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        write_page(figures(1, 1), tmp_path / "missing" / "report.html")


# --- for every reader ---------------------------------------------------------------------------------------------


def test_every_link_of_the_page_has_its_target_and_ids_are_unique() -> None:
    found = parsed(figures(3, 2))
    ids = found.attributes("id")
    assert len(ids) == len(set(ids))
    assert {address[1:] for address in found.attributes("href") if address.startswith("#")} <= set(ids)


def test_pictures_and_fields_have_names_for_those_who_do_not_see_them() -> None:
    found = parsed(figures(2, 2))
    pictures = [attrs for tag, attrs in found.tags if tag == "svg"]
    assert all(attrs.get("aria-label") or attrs.get("aria-hidden") for attrs in pictures)
    assert all(attrs.get("scope") for tag, attrs in found.tags if tag == "th")
    assert all(attrs.get("aria-label") for tag, attrs in found.tags if tag in {"nav", "form"})


def test_lines_differ_in_marker_and_dash_and_not_in_colour_alone() -> None:
    swatches = [re.sub(r"c\d", "", charts.swatch(number)) for number in range(7)]
    assert len(set(swatches)) == 7


@pytest.mark.parametrize("values", [[], [0.5], [0.5, 0.5], [0.0, 1.0], [-3.0, 12.0], [0.831, 0.8314], [1e6, 3e6]])
def test_an_axis_holds_its_values_between_few_round_marks(values: list[float]) -> None:
    axis = charts.nice_axis("x", values)
    assert all(axis.low <= value <= axis.high for value in values)
    assert axis.low < axis.high
    assert 2 <= len(axis.ticks) <= 8


def test_the_scores_have_their_names_and_meanings_in_the_glossary() -> None:
    assert {f"{name} meaning" for name in SCORES} <= set(parsed(figures()).texts["glossary"])
