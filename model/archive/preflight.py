"""What can be checked of a run before its folder is claimed, so that a slip leaves nothing behind."""

import re
from importlib.util import find_spec
from typing import Final

from warwire.annotations.errors import InputError, MissingExtraError
from warwire.model.archive.options import ArchiveOptions
from warwire.model.archive.readers.csv_file import check_delimiter
from warwire.model.archive.readers.encoding import check_encoding
from warwire.model.bundle import ONNX, WEIGHTS, Bundle, open_bundle
from warwire.model.tagger import check_back_end, first_available

_CUDA: Final = re.compile(r"cuda(?::([0-9]{1,4}))?")


def checked_model(options: ArchiveOptions, engine: str = "local") -> tuple[Bundle, str]:
    """The model and the back end of a run whose options can all be met.

    Args:
        options: of the run.
        engine: "ray" leaves it to the nodes which devices they have.

    Raises:
        InputError: an encoding, a delimiter, a back end or a device that there is not, or a file of the model missing.
        MissingExtraError: what writes, computes or spreads the work is not installed.
    """
    if options.read.encoding is not None:
        check_encoding(options.read.encoding)
    if options.read.delimiter is not None:
        check_delimiter(options.read.delimiter)
    needed = {"pyarrow": "archive"} if options.format == "parquet" else {}
    for package, extra in (needed | ({"ray": "ray"} if engine == "ray" else {})).items():
        if find_spec(package) is None:
            raise MissingExtraError(package, extra)
    bundle = open_bundle(options.model)
    back_end = options.back_end or first_available(bundle)
    _check_files(bundle, back_end)
    if back_end == "torch":
        _check_device(options.device, here=engine != "ray")
    return bundle, back_end


def _check_files(bundle: Bundle, back_end: str) -> None:
    check_back_end(back_end)
    if back_end == "openvino":
        if find_spec("openvino") is None:
            raise MissingExtraError("openvino", "openvino")
        return
    name = WEIGHTS if back_end == "torch" else ONNX[back_end]
    if not (bundle.folder / name).is_file():
        raise InputError(f"{bundle.folder / name}: no such file; --back-end {back_end} needs it, take another one")


def _check_device(device: str, *, here: bool) -> None:
    for package in ("torch", "transformers"):
        if find_spec(package) is None:
            raise MissingExtraError(package, "train")
    match = _CUDA.fullmatch(device)
    if device != "cpu" and match is None:
        raise InputError(f"--device {device}: no such device; give cpu, cuda or cuda:1")
    if match is None or not here:
        return
    import torch

    found = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if not found:
        raise InputError(f"--device {device}: this machine has no CUDA device that torch can use; --device cpu works")
    if int(match[1] or 0) >= found:
        last = f"the last one is cuda:{found - 1}" if found > 1 else "there is only cuda:0"
        raise InputError(f"--device {device}: no such device; {last}")
