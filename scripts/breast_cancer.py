#!/usr/bin/env python3
"""Makes models/breast-cancer/wdbc.csv.zst, the rows that `portcullis train breast-cancer` learns from, and says what
scikit-learn's logistic regression reaches on the same split.

    python3 -m venv .venv
    .venv/bin/pip install numpy==2.4.6 scikit-learn==1.9.1 zstandard==0.25.0
    .venv/bin/python scripts/breast_cancer.py

The data set is Breast Cancer Wisconsin (Diagnostic) by W. Wolberg, O. Mangasarian, N. Street and W. Street (1993, UCI
Machine Learning Repository, doi 10.24432/C5DW2B, CC BY 4.0), as scikit-learn ships it: numbers and labels unchanged, a
line of names before them.
"""

import hashlib
from importlib.resources import files
from pathlib import Path

import numpy as np
import zstandard
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.preprocessing import StandardScaler

OUTPUT = Path(__file__).resolve().parent.parent / "models" / "breast-cancer" / "wdbc.csv.zst"


def split(lines):
    """The split of src/inference/train/experiment.rs: within each label, in the order of the lines' SHA-256, a fifth is for
    testing, a tenth for validation, the rest for training."""
    parts = {"test": [], "valid": [], "train": []}
    for label in ("0", "1"):
        ordered = sorted((line for line in lines if line.endswith("," + label)),
                         key=lambda line: hashlib.sha256(line.encode()).digest())
        tests, valids = -(-len(ordered) // 5), -(-len(ordered) // 10)
        parts["test"] += ordered[:tests]
        parts["valid"] += ordered[tests:tests + valids]
        parts["train"] += ordered[tests + valids:]
    return {name: np.array([line.split(",") for line in lines], dtype=float) for name, lines in parts.items()}


def regression(learnt, asked):
    scaler = StandardScaler().fit(learnt[:, :-1])
    model = LogisticRegression().fit(scaler.transform(learnt[:, :-1]), learnt[:, -1])
    said = model.predict(scaler.transform(asked[:, :-1]))
    return (said == asked[:, -1]).mean(), f1_score(asked[:, -1], said, average="macro")


def main():
    shipped = files("sklearn.datasets.data").joinpath("breast_cancer.csv").read_text()
    lines = shipped.splitlines()[1:]
    names = [str(name) for name in load_breast_cancer().feature_names]
    text = "\n".join([",".join([*names, "label"]), *lines]) + "\n"
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_bytes(zstandard.ZstdCompressor(level=19).compress(text.encode()))
    parts = split(lines)
    print(f"{len(lines)} rows, {OUTPUT.stat().st_size} bytes; " + ", ".join(f"{n} {len(p)}" for n, p in parts.items()))
    for name, learnt in [("train", parts["train"]), ("train and valid", np.vstack([parts["train"], parts["valid"]]))]:
        accuracy, f1 = regression(learnt, parts["test"])
        print(f"logistic regression on {name}: accuracy {accuracy:.4f}, macro-F1 {f1:.4f}")


if __name__ == "__main__":
    main()
