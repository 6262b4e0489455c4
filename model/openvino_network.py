"""A checkpoint's network in OpenVINO: bf16 on processors that multiply it (AMX, AVX-512 BF16), fp32 on others.

On such processors it takes 0.6 to 0.8 of the time of int8 in ONNX Runtime, and its tags are nearer to those of
fp32. OpenVINO knows no nodes of `com.microsoft`, so that a ModernBERT's graph is written from the weights when they
are loaded; any other architecture is read from the `model.onnx` that `warwire export` traced.
"""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from warwire.annotations.errors import InputError, MissingExtraError
from warwire.model.bundle import ONNX, WEIGHTS
from warwire.model.modernbert_graph import build_graph, read_config

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]


def files_read(folder: Path) -> tuple[str, ...]:
    """Names of the files in a model's folder that its network comes from."""
    traced = (ONNX["fp32"], f"{ONNX['fp32']}.data")
    return traced if read_config(folder) is None else ("config.json", WEIGHTS)


class OpenVinoNetwork:
    """A compiled network with the memory it computes in, and the one thread that computes.

    OpenVINO leaves the tiles of AMX in use. A signal to a thread in that state ends the process where `faulthandler` is
    on (under pytest, under Ray), whose stack for signals has no room for them; signals go to the main thread.
    """

    def __init__(self, folder: Path, threads: int | None) -> None:
        self._thread = ThreadPoolExecutor(1, "openvino")
        self._request = self._thread.submit(_compile, folder, threads).result()

    def __call__(self, ids: Ints, mask: Ints) -> Floats:
        """Token ids and attention mask, both (windows, tokens), to logits, (windows, tokens, tags)."""
        return self._thread.submit(self._run, ids, mask).result()

    def _run(self, ids: Ints, mask: Ints) -> Floats:
        self._request.infer({"input_ids": ids, "attention_mask": mask})
        logits: Floats = self._request.get_output_tensor(0).data.copy()
        return logits


def open_network(folder: Path, threads: int | None) -> OpenVinoNetwork:
    """The network of a model's folder, on `threads` processor threads (None: as many as OpenVINO chooses).

    Raises:
        InputError: a file is missing or damaged.
        MissingExtraError: OpenVINO or what writes the graph is not installed.
    """
    try:
        import openvino  # noqa: F401
    except ModuleNotFoundError as error:
        raise MissingExtraError(error.name or "openvino", "openvino") from None
    return OpenVinoNetwork(folder, threads)


def _compile(folder: Path, threads: int | None) -> Any:
    import openvino

    core = openvino.Core()
    model = _read(core, folder)
    bf16 = "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    settings = {
        "INFERENCE_PRECISION_HINT": "bf16" if bf16 else "f32",
        "INFERENCE_NUM_THREADS": threads or 0,
        "PERFORMANCE_HINT": "LATENCY",
        # Every worker process would pin its thread to the same first core.
        "ENABLE_CPU_PINNING": False,
    }
    return core.compile_model(model, "CPU", settings).create_infer_request()


def _read(core: Any, folder: Path) -> Any:
    config = read_config(folder)
    path = folder / (ONNX["fp32"] if config is None else WEIGHTS)
    if not path.is_file():
        raise InputError(f"{path}: no such file; 'warwire export {folder}' writes ONNX files from the weights")
    try:
        if config is None:
            return core.read_model(str(path))
        return core.read_model(build_graph(folder, config, "standard").SerializeToString())
    except ModuleNotFoundError as error:
        raise MissingExtraError(error.name or "onnx", "openvino") from None
    except Exception as error:
        raise InputError(f"{path}: no readable weights: {str(error).splitlines()[0]}") from None
