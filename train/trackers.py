"""Where the curves of a run are shown: TensorBoard in the run folder, other trackers by name."""

import difflib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from warwire.annotations.errors import InputError
from warwire.train.config import TrainConfig

if TYPE_CHECKING:
    from transformers import TrainerCallback

TENSORBOARD: Final = "tensorboard"


def tracker_names(config: TrainConfig) -> list[str]:
    """The trackers that the Trainer itself is to start: all but TensorBoard, which needs the run folder.

    Raises:
        InputError: a tracker that transformers does not know, or whose package is not installed.
    """
    from transformers.integrations.integration_utils import (
        INTEGRATION_TO_CALLBACK,
        get_available_reporting_integrations,
    )

    installed = get_available_reporting_integrations()  # type: ignore[no-untyped-call]
    for name in config.report_to:
        if name not in INTEGRATION_TO_CALLBACK:
            near = difflib.get_close_matches(name, list(INTEGRATION_TO_CALLBACK), n=1)
            known = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(sorted(INTEGRATION_TO_CALLBACK))}"
            raise InputError(f"report_to: no tracker is called {name!r}; {known}")
        if name not in installed:
            raise InputError(f"report_to: the tracker {name!r} is not installed: pip install {name}, or leave it out")
    return [name for name in config.report_to if name != TENSORBOARD]


def tracker_callbacks(config: TrainConfig, out: Path) -> "list[TrainerCallback]":
    """TensorBoard, where it is wanted, with its files in OUT/tensorboard."""
    if TENSORBOARD not in config.report_to:
        return []
    from transformers.integrations.integration_utils import TensorBoardCallback

    callback: Any = TensorBoardCallback()  # type: ignore[no-untyped-call]
    callback.logging_dir = str(out / TENSORBOARD)
    return [callback]
