#!/usr/bin/env python3
"""Makes tests/data/models: small classifiers trained by others, and the probabilities that they give.

    python3 -m venv .venv
    .venv/bin/pip install numpy==2.4.6 safetensors==0.8.0 scikit-learn==1.9.1 torch==2.15.0
    .venv/bin/python scripts/outside_models.py

Every model is trained on a data set that scikit-learn ships (iris: R. A. Fisher, 1936; wine: S. Aeberhard and M. Forina,
1992; both from the UCI Machine Learning Repository, CC BY 4.0), exported by scripts/export_mlp.py as models/README.md
shows, and asked about rows it did not learn from, by its own library.
"""

import json
from pathlib import Path

import numpy as np
import torch
from sklearn.datasets import load_iris, load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

import export_mlp

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "data" / "models"
ASKED = 20


def split(data):
    rows, labels = np.asarray(data.data), np.asarray(data.target)
    order = np.random.default_rng(1).permutation(len(rows))
    asked, learnt = order[:ASKED], order[ASKED:]
    return rows[learnt], labels[learnt], rows[asked]


def write(name, data, labels, source, parts, asked, probabilities):
    folder = FOLDER / name
    export_mlp.write(
        folder,
        name=name,
        version="1",
        labels=labels,
        features=data.feature_names,
        licence="CC-BY-4.0",
        source=f"Trained by scripts/outside_models.py with {source}",
        **parts,
    )
    lines = [json.dumps({"features": row, "probabilities": p}) for row, p in zip(asked.tolist(), probabilities.tolist())]
    (folder / "expected.jsonl").write_text("\n".join(lines) + "\n")


def sklearn_model(name, data, labels, classifier, learnt=None, source="scikit-learn's iris"):
    x, y, asked = split(data)
    y = y if learnt is None else learnt(y)
    scaler = StandardScaler().fit(x)
    classifier.fit(scaler.transform(x), y)
    parts = export_mlp.of_sklearn(classifier, scaler)
    write(name, data, labels, source, parts, asked, classifier.predict_proba(scaler.transform(asked)))


def torch_model(name, data, labels, network, source="scikit-learn's wine"):
    x, y, asked = split(data)
    mean, scale = x.mean(0), x.std(0)
    rows = torch.tensor((x - mean) / scale, dtype=torch.float32)
    binary = network[-1].out_features == 1
    target = torch.tensor(y == 0, dtype=torch.float32) if binary else torch.tensor(y)
    loss = torch.nn.BCEWithLogitsLoss() if binary else torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(network.parameters(), lr=0.02)
    for _ in range(25):
        optimizer.zero_grad()
        logits = network(rows)
        loss(logits[:, 0] if binary else logits, target).backward()
        optimizer.step()
    with torch.no_grad():
        network.eval()
        logits = network(torch.tensor((asked - mean) / scale, dtype=torch.float32))
        one = torch.sigmoid(logits)
        probabilities = torch.cat([1 - one, one], 1) if binary else torch.softmax(logits, 1)
    parts = export_mlp.of_torch(network) | {"mean": mean, "scale": scale}
    write(name, data, labels, source, parts, asked, probabilities.double().numpy())


def main():
    torch.manual_seed(1)
    torch.set_num_threads(1)
    iris, wine = load_iris(), load_wine()
    species = list(iris.target_names)
    cultivars = list(wine.target_names)

    def mlp(activation, *hidden):
        return MLPClassifier(hidden, activation=activation, solver="lbfgs", alpha=1, max_iter=500, random_state=1)

    sklearn_model("sklearn-relu", iris, species, mlp("relu", 8, 6))
    sklearn_model("sklearn-logistic-binary", iris, ["another", "virginica"], mlp("logistic", 5), lambda y: y == 2)
    sklearn_model("sklearn-no-hidden", iris, species, LogisticRegression())
    linear, sequential = torch.nn.Linear, torch.nn.Sequential
    tanh = sequential(linear(13, 10), torch.nn.Tanh(), linear(10, 7), torch.nn.Tanh(), linear(7, 3))
    torch_model("torch-tanh", wine, cultivars, tanh)
    gelu = sequential(linear(13, 6), torch.nn.GELU(), linear(6, 1))
    torch_model("torch-gelu-binary", wine, ["another", cultivars[0]], gelu)


if __name__ == "__main__":
    main()
