"""ModernBERT for token classification as an ONNX graph, written node by node.

A traced graph spends most of its time beside the matrix products. This one computes the same logits with

- attention in the sliding layers over blocks: a few queries against the keys that any of them may see, instead of
  every query against every key of the window and a mask over nearly all of it;
- rotary positions and the int8 products as single nodes of ONNX Runtime's `com.microsoft` domain, each input being
  quantised once for all the products that read it;
- the embeddings normalised and the scale of the attention multiplied into the weights beforehand.

Other engines know none of the `com.microsoft` nodes: the form "standard" is the fp32 graph without them.

    input_ids ─► rows of normalised embeddings ─► layers ─► classifier ─► logits
                  padded to whole blocks                     cut to the given length
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from warwire.model.bundle import WEIGHTS

if TYPE_CHECKING:
    import onnx

Array = NDArray[Any]

OPSET: Final = 20
_IR_VERSION: Final = 10
_MICROSOFT: Final = "com.microsoft"
Form = Literal["int8", "fp32", "standard"]

_BLOCKS: Final[dict[Form, int]] = {"int8": 16, "fp32": 16, "standard": 32}
"""Queries of one block, the fastest of 16, 24, 32, 48 and 64 for windows of 17 tokens; in OpenVINO of 16, 32, 64."""
_HIDDEN: Final = -1e4
"""Added to the scores of keys that a query may not see; far below any score, and finite."""


class _Rope(msgspec.Struct, frozen=True):
    rope_theta: float
    rope_type: str = "default"


class ModernBertConfig(msgspec.Struct, frozen=True):
    """The keys of `config.json` that the graph depends on."""

    model_type: str
    hidden_size: int
    num_attention_heads: int
    num_hidden_layers: int
    layer_types: list[str]
    local_attention: int
    max_position_embeddings: int
    norm_eps: float
    rope_parameters: dict[str, _Rope]
    hidden_activation: str = "gelu"
    classifier_activation: str = "gelu"

    @property
    def head(self) -> int:
        """Width of one attention head."""
        return self.hidden_size // self.num_attention_heads

    @property
    def reach(self) -> int:
        """Tokens to either side that a sliding layer sees."""
        return self.local_attention // 2


def read_config(folder: Path) -> ModernBertConfig | None:
    """The configuration of a checkpoint where `build_graph` can write it; None where it has to be traced."""
    try:
        config = msgspec.json.decode((folder / "config.json").read_bytes(), type=ModernBertConfig)
    except (OSError, msgspec.DecodeError):
        return None
    plain = all(rope.rope_type == "default" for rope in config.rope_parameters.values())
    known = set(config.layer_types) <= config.rope_parameters.keys() <= {"full_attention", "sliding_attention"}
    gelu = config.hidden_activation == config.classifier_activation == "gelu"
    return config if config.model_type == "modernbert" and plain and known and gelu else None


def build_graph(folder: Path, config: ModernBertConfig, form: Form) -> "onnx.ModelProto":
    """The checkpoint in a folder as a graph from `input_ids` and `attention_mask` to `logits`.

    Shapes are (batch, tokens), and (batch, tokens, tags) for the logits; both lengths are free.

    In the form "int8" the weights of all products are int8, one scale an output, and so are the embeddings, one scale
    a row; the products' inputs are quantised to uint8 as they come.
    """
    from safetensors.numpy import load_file

    weights = {name: array.astype(np.float32) for name, array in load_file(folder / WEIGHTS).items()}
    graph = _Graph(form)
    blocks = _lay_out(graph, config)
    ropes = {kind: _rope_tables(graph, config, rope.rope_theta) for kind, rope in config.rope_parameters.items()}
    x = _embed(graph, weights, config, blocks.ids)
    for number, kind in enumerate(config.layer_types):
        layer = _part(weights, f"model.layers.{number}.")
        # The first layer has no normalisation of its own: the embeddings are normalised already.
        inner = _normalise(graph, layer, "attn_norm", config, x) if "attn_norm.weight" in layer else x
        x = graph.op("Add", x, _attention(graph, layer, config, blocks, kind, ropes[kind], inner))
        x = graph.op("Add", x, _feed_forward(graph, layer, _normalise(graph, layer, "mlp_norm", config, x)))
    x = _normalise(graph, weights, "model.final_norm", config, x)
    x = graph.op("Gelu", graph.products(x, _linear(weights, "head.dense"))[0])
    x = _normalise(graph, weights, "head.norm", config, x)
    logits = graph.products(x, _linear(weights, "classifier"))[0]
    return graph.model(
        graph.op("Slice", logits, graph.ints(0), blocks.tokens, graph.ints(1)), len(weights["classifier.weight"])
    )


# --- nodes -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Linear:
    """Weight (outputs, inputs) and bias of a linear layer."""

    weight: Array
    bias: Array | None = None


@dataclass(slots=True)
class _Graph:
    """Nodes and constants written so far; names of values are made up as they come."""

    form: Form
    nodes: "list[onnx.NodeProto]" = field(default_factory=list)
    constants: "list[onnx.TensorProto]" = field(default_factory=list)

    @property
    def int8(self) -> bool:
        return self.form == "int8"

    @property
    def block(self) -> int:
        """Queries of one block."""
        return _BLOCKS[self.form]

    def constant(self, value: object) -> str:
        from onnx import numpy_helper

        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def ints(self, *values: int) -> str:
        """A constant int64 vector."""
        return self.constant(np.array(values, dtype=np.int64))

    def op(self, kind: str, *inputs: str, domain: str = "", **attributes: object) -> str:
        """Append a node with one output; gives the output's name."""
        return self._append(kind, inputs, 1, domain, attributes)[0]

    def products(self, x: str, *layers: _Linear) -> list[str]:
        """The outputs of several linear layers for one input."""
        if not self.int8:
            outputs = [self.op("MatMul", x, self.constant(np.ascontiguousarray(layer.weight.T))) for layer in layers]
            return [
                output if layer.bias is None else self.op("Add", output, self.constant(layer.bias))
                for output, layer in zip(outputs, layers, strict=True)
            ]
        rounded, scale, zero = self._append("DynamicQuantizeLinear", [x], 3, "", {})
        found = []
        for layer in layers:
            integers, scales = quantise(layer.weight)
            matrix, scales_name = self.constant(np.ascontiguousarray(integers.T)), self.constant(scales)
            bias = [] if layer.bias is None else ["", self.constant(layer.bias)]
            inputs = [rounded, matrix, scale, scales_name, zero, *bias]
            found.append(self.op("MatMulIntegerToFloat", *inputs, domain=_MICROSOFT))
        return found

    def model(self, logits: str, tags: int) -> "onnx.ModelProto":
        from onnx import TensorProto, helper

        self.nodes.append(helper.make_node("Identity", [logits], ["logits"]))
        axes = ["batch", "tokens"]
        graph = helper.make_graph(
            self.nodes,
            "modernbert",
            [helper.make_tensor_value_info(n, TensorProto.INT64, axes) for n in ("input_ids", "attention_mask")],
            [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [*axes, tags])],
            self.constants,
        )
        domains = [("", OPSET)] if self.form == "standard" else [("", OPSET), (_MICROSOFT, 1)]
        opsets = [helper.make_opsetid(*domain) for domain in domains]
        return helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION)

    def _append(self, kind: str, inputs: Any, outputs: int, domain: str, attributes: Mapping[str, object]) -> list[str]:
        from onnx import helper

        names = [f"value_{len(self.nodes)}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, domain=domain, **dict[str, Any](attributes)))
        return names


def quantise(rows: Array) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Rows of floats as int8 with one symmetric scale a row: `rows` is about integers x scales, shape (rows, n)."""
    scales = np.abs(rows).max(axis=1) / 127
    scales[scales == 0] = 1.0
    return np.rint(rows / scales[:, None]).astype(np.int8), scales.astype(np.float32)


def _part(weights: Mapping[str, Array], prefix: str) -> dict[str, Array]:
    return {name.removeprefix(prefix): array for name, array in weights.items() if name.startswith(prefix)}


def _linear(weights: Mapping[str, Array], name: str) -> _Linear:
    return _Linear(weights[f"{name}.weight"], weights.get(f"{name}.bias"))


def _split(layer: _Linear, parts: int) -> list[_Linear]:
    biases = [None] * parts if layer.bias is None else np.split(layer.bias, parts)
    return [_Linear(w, b) for w, b in zip(np.split(layer.weight, parts), biases, strict=True)]


def _normalise(graph: _Graph, weights: Mapping[str, Array], name: str, config: ModernBertConfig, x: str) -> str:
    own = [graph.constant(weights[f"{name}.{kind}"]) for kind in ("weight", "bias") if f"{name}.{kind}" in weights]
    return graph.op("LayerNormalization", x, *own, axis=-1, epsilon=config.norm_eps)


def _embed(graph: _Graph, weights: Mapping[str, Array], config: ModernBertConfig, ids: str) -> str:
    from onnx import TensorProto

    rows = weights["model.embeddings.tok_embeddings.weight"]
    rows = rows - rows.mean(axis=1, keepdims=True)
    rows = rows / np.sqrt(rows.var(axis=1, keepdims=True) + config.norm_eps)
    rows = rows * weights["model.embeddings.norm.weight"] + weights.get("model.embeddings.norm.bias", np.float32(0))
    if not graph.int8:
        return graph.op("Gather", graph.constant(rows.astype(np.float32)), ids)
    integers, scales = quantise(rows)
    found = graph.op("Cast", graph.op("Gather", graph.constant(integers), ids), to=TensorProto.FLOAT)
    scale = graph.op("Gather", graph.constant(scales[:, None]), ids)
    return graph.op("Mul", found, scale)


def _rope_tables(graph: _Graph, config: ModernBertConfig, theta: float) -> tuple[str, str]:
    frequencies = 1.0 / theta ** (np.arange(0, config.head, 2) / config.head)
    angles = np.outer(np.arange(config.max_position_embeddings + graph.block), frequencies)
    return graph.constant(np.cos(angles).astype(np.float32)), graph.constant(np.sin(angles).astype(np.float32))


# --- attention -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Blocks:
    """Names of values that all layers share.

    Attributes:
        ids: token ids padded to whole blocks, (batch, padded).
        tokens: the tokens given, shape (1,).
        shape: (batch, padded, width).
        seen: added to the scores of a full layer, (batch, 1, 1, padded).
        near: added to the scores of a sliding layer, (blocks, 1, queries, keys).
        queries, keys: rows of the (tokens x heads, head) matrix that make (blocks, heads, queries or keys, head).
    """

    ids: str
    tokens: str
    shape: str
    seen: str
    near: str
    queries: str
    keys: str


def _lay_out(graph: _Graph, config: ModernBertConfig) -> _Blocks:
    from onnx import TensorProto

    zero, one, block = (graph.constant(np.int64(n)) for n in (0, 1, graph.block))
    shape = graph.op("Shape", "input_ids")
    batch, tokens = (graph.op("Gather", shape, axis) for axis in (zero, one))
    missing = graph.op("Mod", graph.op("Neg", tokens), block)
    pads = graph.op("Concat", graph.ints(0, 0, 0), graph.op("Unsqueeze", missing, graph.ints(0)), axis=0)
    ids, mask = (graph.op("Pad", name, pads, zero) for name in ("input_ids", "attention_mask"))
    padded = graph.op("Add", tokens, missing)
    total = graph.op("Mul", batch, padded)
    real = graph.op("Cast", mask, to=TensorProto.BOOL)
    shown, hidden = graph.constant(np.float32(0)), graph.constant(np.float32(_HIDDEN))

    # Blocks are numbered through the batch; the keys of one are those of its own row of the batch.
    starts = graph.op("Mul", graph.op("Range", zero, graph.op("Div", total, block), one), block)
    first = graph.op("Unsqueeze", graph.op("Mul", graph.op("Div", starts, padded), padded), graph.ints(1))
    steps = np.arange(-config.reach, graph.block + config.reach, dtype=np.int64)
    wanted = graph.op("Add", graph.op("Unsqueeze", starts, graph.ints(1)), graph.constant(steps[None]))
    there = graph.op("Min", graph.op("Max", wanted, zero), graph.op("Sub", total, one))
    same_row = graph.op(
        "And", graph.op("GreaterOrEqual", wanted, first), graph.op("Less", wanted, graph.op("Add", first, padded))
    )
    held = graph.op("And", same_row, graph.op("Gather", graph.op("Reshape", real, graph.ints(-1)), there))
    far = np.abs(np.arange(graph.block)[:, None] - steps[None]) > config.reach
    band = graph.constant(np.where(far, _HIDDEN, 0.0).astype(np.float32)[None, None])
    own = graph.op("Unsqueeze", starts, graph.ints(1))
    own = graph.op("Add", own, graph.constant(np.arange(graph.block, dtype=np.int64)[None]))
    return _Blocks(
        ids=ids,
        tokens=graph.op("Unsqueeze", tokens, graph.ints(0)),
        shape=graph.op("Concat", graph.op("Shape", ids), graph.ints(config.hidden_size), axis=0),
        seen=graph.op("Unsqueeze", graph.op("Where", real, shown, hidden), graph.ints(1, 2)),
        near=graph.op("Add", graph.op("Unsqueeze", graph.op("Where", held, shown, hidden), graph.ints(1, 2)), band),
        queries=_head_rows(graph, config, own),
        keys=_head_rows(graph, config, there),
    )


def _head_rows(graph: _Graph, config: ModernBertConfig, tokens: str) -> str:
    """Rows of a (tokens x heads, head) matrix: (blocks, n) to (blocks, heads, n)."""
    heads = np.arange(config.num_attention_heads, dtype=np.int64)[None, :, None]
    each = graph.op("Mul", graph.op("Unsqueeze", tokens, graph.ints(1)), graph.ints(config.num_attention_heads))
    return graph.op("Add", each, graph.constant(heads))


def _attention(
    graph: _Graph,
    layer: Mapping[str, Array],
    config: ModernBertConfig,
    blocks: _Blocks,
    kind: str,
    rope: tuple[str, str],
    x: str,
) -> str:
    query, key, value = _split(_linear(layer, "attn.Wqkv"), 3)
    scale = config.head**-0.5
    query = _Linear(query.weight * scale, None if query.bias is None else query.bias * scale)
    q, k, v = graph.products(x, query, key, value)
    q, k = (_rotate(graph, config, y, rope) for y in (q, k))
    if kind == "full_attention":
        each = graph.ints(0, 0, config.num_attention_heads, config.head)
        q, k, v = (graph.op("Transpose", graph.op("Reshape", y, each), perm=[0, 2, 1, 3]) for y in (q, k, v))
        hidden = blocks.seen
    else:
        q, k, v = (graph.op("Reshape", y, graph.ints(-1, config.head)) for y in (q, k, v))
        q, k, v = (
            graph.op("Gather", q, blocks.queries),
            graph.op("Gather", k, blocks.keys),
            graph.op("Gather", v, blocks.keys),
        )
        hidden = blocks.near
    if graph.form == "standard":
        scores = graph.op("MatMul", q, graph.op("Transpose", k, perm=[0, 1, 3, 2]))
    else:
        scores = graph.op("FusedMatMul", q, k, domain=_MICROSOFT, transB=1)
    shares = graph.op("Softmax", graph.op("Add", scores, hidden), axis=-1)
    mixed = graph.op("Transpose", graph.op("MatMul", shares, v), perm=[0, 2, 1, 3])
    return graph.products(graph.op("Reshape", mixed, blocks.shape), _linear(layer, "attn.Wo"))[0]


def _rotate(graph: _Graph, config: ModernBertConfig, x: str, rope: tuple[str, str]) -> str:
    """Queries or keys, (batch, padded, width), turned by their positions."""
    if graph.form != "standard":
        return graph.op("RotaryEmbedding", x, graph.ints(0), *rope, domain=_MICROSOFT)
    each = graph.op("Reshape", x, graph.ints(0, 0, config.num_attention_heads, config.head))
    tokens = graph.op("Gather", graph.op("Shape", each), graph.ints(1))
    cosine, sine = (
        graph.op("Unsqueeze", graph.op("Slice", table, graph.ints(0), tokens, graph.ints(0)), graph.ints(0, 2))
        for table in rope
    )
    half, axis = config.head // 2, graph.ints(3)
    left = graph.op("Slice", each, graph.ints(0), graph.ints(half), axis)
    right = graph.op("Slice", each, graph.ints(half), graph.ints(config.head), axis)
    turned = (
        graph.op("Sub", graph.op("Mul", left, cosine), graph.op("Mul", right, sine)),
        graph.op("Add", graph.op("Mul", right, cosine), graph.op("Mul", left, sine)),
    )
    return graph.op("Reshape", graph.op("Concat", *turned, axis=3), graph.ints(0, 0, config.hidden_size))


def _feed_forward(graph: _Graph, layer: Mapping[str, Array], x: str) -> str:
    inner, gate = graph.products(x, *_split(_linear(layer, "mlp.Wi"), 2))
    return graph.products(graph.op("Mul", graph.op("Gelu", inner), gate), _linear(layer, "mlp.Wo"))[0]
