"""How fast this machine multiplies matrices of a model's own shapes: the ceiling for its network.

ONNX Runtime multiplies each weight matrix of the exported model alone, as float32 and as int8 (`MatMulInteger`, with
32-bit sums, nothing else), so that what a network takes beyond that is quantising, attention and arithmetic between.
"""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

KINDS: Final = ("int8", "fp32")
_PRODUCTS: Final = {"MatMul": 1, "MatMulInteger": 1, "MatMulIntegerToFloat": 1, "DynamicQuantizeMatMul": 1, "Gemm": 1}
"""Operators with a weight matrix, and the number of that input."""

Shape = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Rate:
    """What the products of one token cost at a rate.

    Attributes:
        kind: "int8" or "fp32".
        operations: multiplications and additions of one token in all weight matrices.
        seconds: processor seconds of these for one token.
    """

    kind: str
    operations: float
    seconds: float

    @property
    def giga(self) -> float:
        """10^9 operations in a second of one processor core."""
        return self.operations / self.seconds / 1e9


def weight_shapes(path: Path) -> Counter[Shape]:
    """The shapes (inputs, outputs) of an ONNX model's weight matrices, with how often each is multiplied."""
    import onnx

    graph = onnx.load(str(path)).graph
    dims = {constant.name: tuple(constant.dims) for constant in graph.initializer}
    found: Counter[Shape] = Counter()
    for node in graph.node:
        shape = dims.get(node.input[_PRODUCTS[node.op_type]], ()) if node.op_type in _PRODUCTS else ()
        if len(shape) == 2:
            found[shape[0], shape[1]] += 1
    return found


def measure(shapes: Counter[Shape], rows: int, kind: str, repeats: int = 15) -> Rate:
    """The rate at these shapes on one thread, `rows` tokens at a time; the fastest of the repeats."""
    seconds = sum(times * _seconds(shape, rows, kind, repeats) for shape, times in shapes.items())
    operations = sum(times * 2.0 * inputs * outputs for (inputs, outputs), times in shapes.items())
    return Rate(kind, operations, seconds / rows)


def _seconds(shape: Shape, rows: int, kind: str, repeats: int) -> float:
    session, feed = _product(shape, rows, kind)
    session.run(None, feed)
    best = float("inf")
    for _ in range(repeats):
        start = time.process_time()
        session.run(None, feed)
        best = min(best, time.process_time() - start)
    return best


def _product(shape: Shape, rows: int, kind: str) -> tuple[Any, dict[str, Any]]:
    """A session that multiplies (rows, inputs) by a constant (inputs, outputs), and its input."""
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    random = np.random.default_rng(0)
    if kind == "int8":
        weight: Any = random.integers(-127, 128, shape).astype(np.int8)
        x: Any = random.integers(0, 256, (rows, shape[0])).astype(np.uint8)
        zero = numpy_helper.from_array(np.array(128, dtype=np.uint8), "zero")
        constants, inputs, types = [zero], ["x", "weight", "zero"], (TensorProto.UINT8, TensorProto.INT32)
    else:
        weight = random.normal(size=shape).astype(np.float32)
        x = random.normal(size=(rows, shape[0])).astype(np.float32)
        constants, inputs, types = [], ["x", "weight"], (TensorProto.FLOAT, TensorProto.FLOAT)
    node = helper.make_node("MatMulInteger" if kind == "int8" else "MatMul", inputs, ["y"])
    graph = helper.make_graph(
        [node],
        "product",
        [helper.make_tensor_value_info("x", types[0], [rows, shape[0]])],
        [helper.make_tensor_value_info("y", types[1], [rows, shape[1]])],
        [numpy_helper.from_array(weight, "weight"), *constants],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return session, {"x": x}


def rates(path: Path, rows: int, kinds: Sequence[str] = KINDS) -> list[Rate]:
    """The rates of both kinds at the shapes of an ONNX model."""
    shapes = weight_shapes(path)
    return [measure(shapes, rows, kind) for kind in kinds]
