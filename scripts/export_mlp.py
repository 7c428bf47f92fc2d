"""Writes a classifier of scikit-learn or PyTorch as a folder that Portcullis serves; models/README.md shows how.

    pip install numpy==2.4.6 safetensors==0.8.0

`of_sklearn` and `of_torch` take the layers out of a fitted classifier, `write` puts them in a folder.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
from safetensors.numpy import save

# Called by the names that sklearn, PyTorch and the card have for the same thing.
ACTIVATIONS = {
    "relu": "relu",
    "tanh": "tanh",
    "logistic": "logistic",
    "ReLU": "relu",
    "Tanh": "tanh",
    "Sigmoid": "logistic",
    "GELU": "gelu",
}


def of_sklearn(classifier, scaler=None):
    """The parts of a fitted MLPClassifier or LogisticRegression, and of the StandardScaler before it."""
    if hasattr(classifier, "coefs_"):
        layers = [(w.T, b) for w, b in zip(classifier.coefs_, classifier.intercepts_)]
        activation = ACTIVATIONS[classifier.activation]
    else:
        layers, activation = [(classifier.coef_, classifier.intercept_)], "relu"
    found = {"layers": layers, "activation": activation}
    if scaler is not None:
        zeros = np.zeros(scaler.n_features_in_)
        found["mean"] = zeros if scaler.mean_ is None else scaler.mean_
        found["scale"] = zeros + 1 if scaler.scale_ is None else scaler.scale_
    return found


def of_torch(network):
    """The parts of a Sequential of Linear layers with the same activation between all of them; Dropout is left out."""
    layers, activations = [], set()
    for module in network:
        kind = type(module).__name__
        if kind == "Linear":
            bias = module.bias.detach().numpy() if module.bias is not None else np.zeros(module.out_features)
            layers.append((module.weight.detach().numpy(), bias))
        elif kind == "GELU" and module.approximate != "none" or kind not in {*ACTIVATIONS, "Dropout"}:
            raise ValueError(f"{module} cannot be exported: there are Linear, Dropout, {', '.join(ACTIVATIONS)}")
        elif kind in ACTIVATIONS:
            activations.add(ACTIVATIONS[kind])
    if len(activations) > 1:
        raise ValueError(f"one activation is needed, not {', '.join(sorted(activations))}")
    return {"layers": layers, "activation": activations.pop() if activations else "relu"}


def write(folder, *, name, version, labels, licence, source, layers, activation, description="", features=None,
          mean=None, scale=None, temperature=1.0):
    """Writes model.toml and model.safetensors. `labels` are in the order of the classes; with `features`, the names of
    the numbers in a row, it is a model of rows, without it one of texts, over the encoder's 384 numbers."""
    layers = [(np.asarray(w, np.float32), np.asarray(b, np.float32)) for w, b in layers]
    weight, bias = layers[-1]
    if len(labels) == 2 and len(bias) == 1:
        # One number whose logistic is the second label's probability: the softmax of 0 and that number says the same.
        layers[-1] = np.vstack([np.zeros_like(weight), weight]), np.concatenate([np.zeros_like(bias), bias])
    tensors = {}
    for n, (weight, bias) in enumerate(layers):
        tensors[f"layers.{n}.weight"] = np.ascontiguousarray(weight)
        tensors[f"layers.{n}.bias"] = bias
    weights = save(tensors)
    card = {
        "name": name,
        "version": version,
        "task": "text-classification" if features is None else "tabular-classification",
        "architecture": "mlp",
        "description": description,
        "licence": licence,
        "source": source,
        "labels": [str(label) for label in labels],
        "activation": activation,
        "temperature": temperature,
    }
    if features is not None:
        card |= {"features": list(features), "input_size": len(features)}
    tables = {"weights": {"file": "model.safetensors", "sha256": hashlib.sha256(weights).hexdigest()}}
    if mean is not None:
        tables["standardisation"] = {"mean": np.asarray(mean).tolist(), "scale": np.asarray(scale).tolist()}
    text = pairs(card) + "".join(f"\n[{table}]\n{pairs(values)}" for table, values in tables.items())
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.safetensors").write_bytes(weights)
    (folder / "model.toml").write_text(text, encoding="utf-8")


def pairs(values):
    # Strings, numbers and lists of them are written alike in TOML and JSON.
    return "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())
