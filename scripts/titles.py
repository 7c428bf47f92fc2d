#!/usr/bin/env python3
"""Teaches the encoder what occupations are called: makes models/minilm/titles.safetensors, its last layers for titles.

    python3 -m venv .venv
    .venv/bin/pip install torch==2.15.0 numpy==2.4.6 safetensors==0.8.0 tokenizers==0.23.3
    .venv/bin/python scripts/titles.py DATA

DATA holds `esco/occupations.csv` and `onet/Task_DWA.csv` (both CC BY 4.0). Learnt from are names of occupations and what is
done in them: an ESCO label with another of its occupation or a piece of its description, an O*NET title with a task. Each
must find its partner among those of a batch (InfoNCE, van den Oord et al. 2018, arXiv:1807.03748), half of the time with
the noise that titles of vacancies have around them. No title of a vacancy is learnt from.

Only occupations of the development side are learnt from, by the hash that `portcullis eval` parts them with. The first layers
stay as they are and are shared. What all names have in common is taken out by the bias of the last layer norm, so that a
cosine needs no more. It takes ten minutes on two cores; another machine's sums round otherwise, so the file is not the same
byte for byte. Afterwards run `portcullis train matching`.
"""

import csv
import hashlib
import random
import re
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer

FOLDER = Path(__file__).resolve().parent.parent / "models" / "minilm"
LAYERS, HEADS, WIDTH, FIRST = 6, 12, 384, 3
STEPS, WARM_UP, PAIRS, RATE, TEMPERATURE = 300, 30, 128, 5e-5, 0.05
AROUND = """klang penang johor london texas berlin group hq east west north south city branch site team mandarin english
speaker based nationwide 2018 x2 5 days week""".split()
BEFORE = ["senior", "junior", "urgent", "hiring", "trainee", "full time", "part time"]


def develops(code):
    return hashlib.sha256(code.encode()).digest()[0] % 2 == 0


class Encoder(torch.nn.Module):
    """The encoder as src/inference/minilm.rs has it; its layers from FIRST on learn."""

    def __init__(self, weights):
        super().__init__()
        self.tokenizer = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(64)
        self.fixed = {name: tensor.float() for name, tensor in weights.items()}
        learnt = [name for name in weights if re.match(rf"encoder\.layer\.[{FIRST}-{LAYERS - 1}]\.", name)]
        self.learnt = {name: torch.nn.Parameter(self.fixed[name]) for name in learnt}

    def get(self, name):
        return self.learnt.get(name, self.fixed[name])

    def linear(self, x, name):
        return F.linear(x, self.get(name + ".weight"), self.get(name + ".bias"))

    def norm(self, x, name):
        return F.layer_norm(x, (WIDTH,), self.get(name + ".weight"), self.get(name + ".bias"), 1e-12)

    def forward(self, texts):
        """The mean over the tokens of each text."""
        found = [encoding.ids for encoding in self.tokenizer.encode_batch(texts)]
        length = max(map(len, found))
        ids = torch.tensor([one + [0] * (length - len(one)) for one in found])
        mask = torch.tensor([[1.0] * len(one) + [0.0] * (length - len(one)) for one in found])
        x = (
            self.get("embeddings.word_embeddings.weight")[ids]
            + self.get("embeddings.position_embeddings.weight")[:length]
            + self.get("embeddings.token_type_embeddings.weight")[0]
        )
        x = self.norm(x, "embeddings.LayerNorm")
        for layer in range(LAYERS):
            at = f"encoder.layer.{layer}."
            query, key, value = (
                self.linear(x, f"{at}attention.self.{part}").view(*ids.shape, HEADS, -1).transpose(1, 2)
                for part in ("query", "key", "value")
            )
            context = F.scaled_dot_product_attention(query, key, value, attn_mask=mask[:, None, None].bool())
            context = self.linear(context.transpose(1, 2).flatten(2), at + "attention.output.dense")
            x = self.norm(x + context, at + "attention.output.LayerNorm")
            inner = F.gelu(self.linear(x, at + "intermediate.dense"))
            x = self.norm(x + self.linear(inner, at + "output.dense"), at + "output.LayerNorm")
        mask = mask[..., None]
        return (x * mask).sum(1) / mask.sum(1)

    def pooled(self, texts):
        """The same, those of one length together."""
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        parts = [self([texts[at] for at in order[n : n + 32]]) for n in range(0, len(order), 32)]
        return torch.cat(parts)[torch.tensor(np.argsort(order))]


def rows(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def pairs(data):
    """Each a name, what may stand for its partner, and the occupation."""
    found, labels = [], []
    for row in rows(data / "esco" / "occupations.csv"):
        code = row["conceptUri"]
        if not develops(code):
            continue
        names = [name.strip() for name in [row["preferredLabel"], *row["altLabels"].split("\n")]]
        names = list(dict.fromkeys(filter(None, names)))
        labels += names
        if len(names) > 1:
            found += [(name, names, code) for name in names]
        told = [" ".join(piece.split()[:18]) for piece in re.split(r"(?<=[.])\s+", row["description"]) if piece]
        if told:
            found += [(name, told, code) for name in names[:2]]
    tasks = {}
    for row in rows(data / "onet" / "Task_DWA.csv"):
        tasks.setdefault((row["O*NET-SOC Code"][:7], row["Title"]), set()).add(row["Task"])
    for (code, title), told in tasks.items():
        if develops(code):
            found += [(title, sorted(told), code)] * 3
    return found, labels


def noisy(name):
    """As a vacancy may put it."""
    kind, around = random.random(), " ".join(random.sample(AROUND, random.randint(1, 3)))
    if random.random() < 0.5:
        return name
    if kind < 0.3:
        return f"{name} ({around})"
    return f"{name} - {around}" if kind < 0.7 else f"{random.choice(BEFORE)} {name}"


def record(table, path):
    """Writes a file's digest into its table of the card."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    card = FOLDER / "model.toml"
    text = f'[{table}]\nfile = "{path.name}"\nsha256 = "{digest}"\n'
    written, count = re.subn(rf'\[{table}\]\nfile = "[^"]*"\nsha256 = "[^"]*"\n', text, card.read_text())
    card.write_text(written if count else f"{written}\n{text}")


def main(data):
    torch.manual_seed(1)
    random.seed(1)
    encoder = Encoder(load_file(FOLDER / "model.safetensors"))
    drawn, labels = pairs(Path(data))
    optimiser = torch.optim.AdamW(encoder.learnt.values(), lr=RATE, weight_decay=0.01)
    at = len(drawn)
    for step in range(1, STEPS + 1):
        if at + PAIRS > len(drawn):
            random.shuffle(drawn)
            at = 0
        batch = drawn[at : at + PAIRS]
        at += PAIRS
        names = [noisy(name) for name, _, _ in batch]
        partners = []
        for name, others, _ in batch:
            other = random.choice(others)
            partners.append(random.choice(others) if other == name else other)
        vectors = F.normalize(encoder.pooled(names + partners), dim=1)
        cosines = vectors[:PAIRS] @ vectors[PAIRS:].T / TEMPERATURE
        codes = np.array([code for _, _, code in batch])
        # Two of one occupation are no contrast to each other.
        same = torch.tensor(codes[:, None] == codes) & ~torch.eye(PAIRS, dtype=torch.bool)
        cosines = cosines.masked_fill(same, -1e9)
        own = torch.arange(PAIRS)
        loss = (F.cross_entropy(cosines, own) + F.cross_entropy(cosines.T, own)) / 2
        for group in optimiser.param_groups:
            group["lr"] = RATE * min(1.0, step / WARM_UP) * (1 - (step - 1) / STEPS)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(encoder.learnt.values(), 1.0)
        optimiser.step()
        if step % 20 == 0:
            print(f"step {step}: loss {loss.item():.3f}", flush=True)

    with torch.inference_mode():
        common = torch.cat([encoder.pooled(labels[n : n + 512]) for n in range(0, len(labels), 512)]).mean(0)
        encoder.learnt[f"encoder.layer.{LAYERS - 1}.output.LayerNorm.bias"] -= common
    halves = {name: tensor.detach().half().contiguous() for name, tensor in encoder.learnt.items()}
    assert all(tensor.isfinite().all() for tensor in halves.values())
    path = FOLDER / "titles.safetensors"
    save_file(halves, path)
    record("titles", path)


if __name__ == "__main__":
    main(sys.argv[1])
