"""The shipped encoder as an ONNX graph, optimized for onnxruntime.

`plain` writes the graph as PyTorch exports BERT, so that onnxruntime's optimizer recognises its parts; `fuse` runs the
optimizer and fails unless every attention, layer norm and GELU is fused; `quantize` makes a dynamic int8 model of it.
"""

from collections import Counter

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from onnxruntime.transformers.fusion_options import FusionOptions
from safetensors.numpy import load_file

LAYERS, HEADS, WIDTH, INNER = 6, 12, 384, 1536
HEAD = WIDTH // HEADS


class Graph:
    def __init__(self, weights):
        self.weights = {name: tensor.astype(np.float32) for name, tensor in weights.items()}
        self.nodes, self.constants, self.count = [], {}, 0

    def constant(self, value, name=None):
        array = np.asarray(value)
        name = name or f"{array.dtype}_{array.ndim}d_{'_'.join(map(str, array.ravel()))}"
        self.constants[name] = numpy_helper.from_array(array, name)
        return name

    def op(self, kind, *inputs, **attributes):
        self.count += 1
        out = f"{kind}_{self.count}"
        self.nodes.append(helper.make_node(kind, list(inputs), [out], name=out, **attributes))
        return out

    def weight(self, name):
        return self.constant(self.weights[name], name)

    def linear(self, x, name):
        matrix = self.constant(np.ascontiguousarray(self.weights[name + ".weight"].T), name + ".weight")
        return self.op("Add", self.op("MatMul", x, matrix), self.weight(name + ".bias"))

    def norm(self, x, name):
        gamma, beta = self.weight(name + ".weight"), self.weight(name + ".bias")
        return self.op("LayerNormalization", x, gamma, beta, axis=-1, epsilon=1e-12)

    def gelu(self, x):
        erf = self.op("Erf", self.op("Div", x, self.constant(np.float32(np.sqrt(2.0)))))
        grown = self.op("Mul", x, self.op("Add", erf, self.constant(np.float32(1.0))))
        return self.op("Mul", grown, self.constant(np.float32(0.5)))

    def block(self, x, barred, layer):
        at = f"encoder.layer.{layer}."
        shape = self.constant(np.array([0, 0, HEADS, HEAD], np.int64))

        def heads(part, order):
            split = self.op("Reshape", self.linear(x, f"{at}attention.self.{part}"), shape)
            return self.op("Transpose", split, perm=order)

        query, key = heads("query", [0, 2, 1, 3]), heads("key", [0, 2, 3, 1])
        value = heads("value", [0, 2, 1, 3])
        scores = self.op("Div", self.op("MatMul", query, key), self.constant(np.float32(np.sqrt(HEAD))))
        shares = self.op("Softmax", self.op("Add", scores, barred), axis=-1)
        context = self.op("Transpose", self.op("MatMul", shares, value), perm=[0, 2, 1, 3])
        context = self.op("Reshape", context, self.constant(np.array([0, 0, WIDTH], np.int64)))
        attended = self.op("Add", self.linear(context, at + "attention.output.dense"), x)
        x = self.norm(attended, at + "attention.output.LayerNorm")
        inner = self.gelu(self.linear(x, at + "intermediate.dense"))
        narrowed = self.op("Add", self.linear(inner, at + "output.dense"), x)
        return self.norm(narrowed, at + "output.LayerNorm")


def plain(weights_path, path):
    """`input_ids` and `attention_mask` of `[texts, length]` to `embedding` of `[texts, WIDTH]`."""
    g = Graph(load_file(weights_path))
    words = g.op("Gather", g.weight("embeddings.word_embeddings.weight"), "input_ids", axis=0)
    kinds = g.op("Gather", g.weight("embeddings.token_type_embeddings.weight"), "token_type_ids", axis=0)
    length = g.op("Gather", g.op("Shape", "input_ids"), g.constant(np.array(1, np.int64)), axis=0)
    length = g.op("Unsqueeze", length, g.constant(np.array([0], np.int64)))
    start, one = g.constant(np.array([0], np.int64)), g.constant(np.array([1], np.int64))
    positions = g.constant(np.arange(512, dtype=np.int64)[None], "positions")
    position_ids = g.op("Slice", positions, start, length, g.constant(np.array([1], np.int64)), one)
    places = g.op("Gather", g.weight("embeddings.position_embeddings.weight"), position_ids, axis=0)
    x = g.norm(g.op("Add", g.op("Add", words, kinds), places), "embeddings.LayerNorm")
    mask = g.op("Unsqueeze", "attention_mask", g.constant(np.array([1], np.int64)))
    mask = g.op("Unsqueeze", mask, g.constant(np.array([2], np.int64)))
    mask = g.op("Cast", mask, to=TensorProto.FLOAT)
    barred = g.op("Mul", g.op("Sub", g.constant(np.float32(1.0)), mask), g.constant(np.float32(-10000.0)))
    for layer in range(LAYERS):
        x = g.block(x, barred, layer)
    real = g.op("Cast", g.op("Unsqueeze", "attention_mask", g.constant(np.array([2], np.int64))), to=TensorProto.FLOAT)
    over = g.constant(np.array([1], np.int64))
    total = g.op("ReduceSum", g.op("Mul", x, real), over, keepdims=0)
    mean = g.op("Div", total, g.op("ReduceSum", real, over, keepdims=0))
    g.nodes.append(helper.make_node("LpNormalization", [mean], ["embedding"], axis=-1, p=2))
    ids = lambda name: helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "length"])
    graph = helper.make_graph(
        g.nodes,
        "minilm",
        [ids("input_ids"), ids("attention_mask"), ids("token_type_ids")],
        [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["texts", WIDTH])],
        list(g.constants.values()),
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    onnx.save(model, path)


def fuse(path, fused):
    """Fuses attention, skip layer norm and bias GELU; fails unless the optimizer recognises all of them."""
    options = FusionOptions("bert")
    model = optimizer.optimize_model(
        str(path), model_type="bert", num_heads=HEADS, hidden_size=WIDTH, optimization_options=options, opt_level=0
    )
    model.save_model_to_file(str(fused))
    kinds = Counter(node.op_type for node in model.model.graph.node)
    found = {kind: kinds[kind] for kind in ("Attention", "SkipLayerNormalization", "BiasGelu")}
    expected = {"Attention": LAYERS, "SkipLayerNormalization": 2 * LAYERS, "BiasGelu": LAYERS}
    if found != expected:
        raise SystemExit(f"onnxruntime fused {found} of {expected}; the comparison would not be fair. Nodes: {kinds}")
    return found


def quantize(fused, path):
    """onnxruntime's dynamic int8: activations per tensor at run time, weights per channel."""
    options = {"DefaultTensorType": TensorProto.FLOAT, "MatMulConstBOnly": True}
    quantize_dynamic(fused, path, weight_type=QuantType.QInt8, per_channel=True, extra_options=options)
    return Counter(node.op_type for node in onnx.load(path).graph.node)
