#!/usr/bin/env python3
"""Teaches the encoder which sentences support a requirement: makes models/minilm/evidence.safetensors, its last layers for both.

    python3 -m venv .venv
    .venv/bin/pip install torch==2.15.0 numpy==2.4.6 safetensors==0.8.0 tokenizers==0.23.3
    .venv/bin/python scripts/evidence.py DATA

Learns from models/minilm/evidence.jsonl.zst, requirements written for this purpose, each with two sentences of resumes that
support it in other words and three that do not: a sentence with the same words (denied, done by another person, wished
for, too little), one about the same trade, and one that says nothing. DATA holds `onet/Task_DWA.csv` (CC BY 4.0), whose tasks
and activities are further pairs, of the occupations of the development side only. A requirement must find its sentence among all those of
a batch (InfoNCE, van den Oord et al. 2018, arXiv:1807.03748), and a logistic loss separates sentences that support it from
those that do not. The result is the mean of the learned and the original weights, three parts to one, which keeps more of
what the encoder knew (Wortsman et al. 2022, arXiv:2109.01903).

Lines marked as held are not learned from; the script prints how well they are told apart, before and after. It takes about ten
minutes on two cores. Another machine rounds sums otherwise, so the file is not the same byte for byte. Afterwards run
`portcullis train matching`. Needs the `zstd` command.
"""

import json
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file

from titles import FOLDER, Encoder, develops, record, rows

STEPS, WARM_UP, RATE, TEMPERATURE = 260, 20, 7e-5, 0.05
WRITTEN, TASKS = 43, 13  # pairs of each kind in a batch
LEARNED = 0.75  # the share of the learned weights


def written():
    text = subprocess.run(["zstd", "-dc", FOLDER / "evidence.jsonl.zst"], capture_output=True, check=True).stdout
    return [json.loads(line) for line in text.splitlines()]


def tasks(data):
    """Activities with their tasks and up to two other tasks of the occupation."""
    found, of = {}, {}
    for row in rows(data / "onet" / "Task_DWA.csv"):
        code = row["O*NET-SOC Code"][:7]
        if develops(code):
            found.setdefault((code, row["Task"]), set()).add(row["DWA Title"])
    for code, task in found:
        of.setdefault(code, []).append(task)
    pairs = []
    for (code, task), activities in found.items():
        others = random.sample(of[code], min(3, len(of[code])))
        others = [other for other in others if other != task and not found[code, other] & activities]
        pairs.append((random.choice(sorted(activities)), task, others[:2], code))
    return pairs


class Drawer:
    """Draws each item once before any is drawn again."""

    def __init__(self, items):
        self.items, self.left = items, []

    def draw(self, count):
        if len(self.left) < count:
            self.left = random.sample(self.items, len(self.items))
        drawn, self.left = self.left[:count], self.left[count:]
        return drawn


def told_apart(encoder, items):
    """For each kind of unsupported sentence, the probability that a supporting one is more similar."""
    texts = list(dict.fromkeys(text for one in items for text in [one["r"], *one["yes"], *one["no"]]))
    with torch.inference_mode():
        vectors = dict(zip(texts, F.normalize(encoder.pooled(texts), dim=1).numpy()))
    likeness = lambda one, text: float(vectors[one["r"]] @ vectors[text])
    yes = np.array([likeness(one, text) for one in items for text in one["yes"]])
    return [round(float(np.mean([(yes > likeness(one, one["no"][kind])).mean() for one in items])), 3) for kind in range(3)]


def main(data):
    torch.manual_seed(1)
    random.seed(1)
    original = load_file(FOLDER / "model.safetensors")
    encoder = Encoder(original)
    items = written()
    held = [one for one in items if one.get("held")]
    learned = [one for one in items if not one.get("held")]
    print(f"{len(learned)} requirements; {len(held)} held: {told_apart(encoder, held)}", flush=True)
    pairs = Drawer([(one["r"], yes, one["no"], one["r"]) for one in learned for yes in one["yes"]])
    others = Drawer(tasks(Path(data)))
    scale, shift = torch.nn.Parameter(torch.tensor(8.0)), torch.nn.Parameter(torch.tensor(-3.0))
    groups = [
        {"params": list(encoder.learnt.values()), "lr": RATE, "base": RATE},
        {"params": [scale, shift], "lr": 1e-2, "base": 1e-2},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    for step in range(1, STEPS + 1):
        batch = pairs.draw(WRITTEN) + others.draw(TASKS)
        count = len(batch)
        owner = torch.tensor([at for at, one in enumerate(batch) for _ in one[2]])
        texts = [one[0] for one in batch] + [one[1] for one in batch] + [text for one in batch for text in one[2]]
        vectors = F.normalize(encoder.pooled(texts), dim=1)
        asked, right, wrong = vectors[:count], vectors[count : 2 * count], vectors[2 * count :]
        cosines = asked @ torch.cat([right, wrong]).T / TEMPERATURE
        keys = np.array([one[3] for one in batch])
        same = torch.tensor(keys[:, None] == keys) & ~torch.eye(count, dtype=torch.bool)
        cosines[:, :count] = cosines[:, :count].masked_fill(same, -1e9)
        own = torch.arange(count)
        loss = (F.cross_entropy(cosines, own) + F.cross_entropy(cosines[:, :count].T, own)) / 2
        # The tasks of one occupation may support each other's activities, so only written sentences are told apart.
        mine = owner < WRITTEN
        logits = torch.cat([(asked * right).sum(1)[:WRITTEN], (asked[owner[mine]] * wrong[mine]).sum(1)]) * scale + shift
        wanted = torch.cat([torch.ones(WRITTEN), torch.zeros(int(mine.sum()))])
        loss = loss + 0.7 * F.binary_cross_entropy_with_logits(logits, wanted)
        for group in optimiser.param_groups:
            group["lr"] = group["base"] * min(1.0, step / WARM_UP) * (1 - (step - 1) / STEPS)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(encoder.learnt.values(), 1.0)
        optimiser.step()
        if step % 20 == 0:
            print(f"step {step}: loss {loss.item():.3f}", flush=True)

    for name, tensor in encoder.learnt.items():
        tensor.data = LEARNED * tensor.data + (1 - LEARNED) * original[name].float()
    print(f"after: {told_apart(encoder, held)}")
    halves = {name: tensor.detach().half().contiguous() for name, tensor in encoder.learnt.items()}
    path = FOLDER / "evidence.safetensors"
    save_file(halves, path)
    record("evidence", path)


if __name__ == "__main__":
    main(sys.argv[1])
