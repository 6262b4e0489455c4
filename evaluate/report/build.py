"""From models and data files to the figures of a report: read, run, score."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from warwire.annotations.errors import InputError
from warwire.evaluate.data_sets import read_data_sets
from warwire.evaluate.model_runs import run_model
from warwire.evaluate.predictions import check_source, files_first
from warwire.evaluate.report.curves import read_curves
from warwire.evaluate.report.figures import ReportSettings, machine_load, report_figures
from warwire.evaluate.scores import require_libraries


def build_report(
    models: Sequence[str],
    data: Sequence[Path],
    settings: ReportSettings | None = None,
    curves: Sequence[Path] = (),
    timed: bool = True,
) -> dict[str, Any]:
    """The figures of the models on each data file, as `schema.md` describes them.

    Raises:
        InputError: a file or model cannot be read, is given twice, or its documents are not those of the gold files.
        MissingExtraError: seqeval or scipy is not installed.
    """
    require_libraries()
    for i, model in enumerate(models):
        if model in models[:i]:
            raise InputError(f"{model}: is given twice; give each model once")
        check_source(model)
    found_curves = read_curves(curves)
    sets = read_data_sets(data)
    load = machine_load() if timed else None
    runs = files_first(models, lambda model: run_model(model, sets, timed))
    return report_figures(runs, sets, settings, found_curves, load)
