#!/usr/bin/env python3
"""Our encoder beside onnxruntime, interleaved in one run: same weights, same word pieces, same threads.

    just bench-peers                     # the table
    just bench-peers --stsb sts-test.csv # and the Spearman of STS-B test, whose file may not be kept here

onnxruntime runs the graph of `graph.py` as it is fastest on this machine: texts sorted by length, in batches of 8 and of
32, one session on all threads and one session a thread; of these the best median counts. Ours gets the texts in the
order they come. Both are given token ids, and every figure is a median over rounds in which all of them take turns, so
that a busy machine slows all of them. CPU time stands beside wall time: on a machine with other work it is the steadier.
"""

import argparse
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from statistics import median

import numpy as np
import onnxruntime as ort
from scipy.stats import spearmanr
from tokenizers import Tokenizer

import graph

HERE = Path(__file__).resolve().parent
MODEL = HERE.parent.parent / "models" / "minilm"
WIDTH = graph.WIDTH


def cpu_of(pid):
    """Nanoseconds of processor time of all live threads of a process."""
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            total += int((task / "schedstat").read_text().split()[0])
        except OSError:
            continue  # The thread ended meanwhile.
    return total


class Ours:
    """The bench target `encoder_peer`, driven over its line protocol."""

    def __init__(self, binary, threads, precision):
        self.name = f"portcullis {precision}"
        arguments = [binary, "--threads", str(threads), "--precision", precision]
        self.process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, batches, vectors=False):
        text = ";".join("|".join(",".join(map(str, ids)) for ids in batch) for batch in batches)
        before = cpu_of(self.process.pid)
        self.process.stdin.write(f"{int(vectors)} {text}\n")
        self.process.stdin.flush()
        wall = int(self.process.stdout.readline()) / 1e9
        cpu = (cpu_of(self.process.pid) - before) / 1e9
        if not vectors:
            return wall, cpu
        rows = [np.array(self.process.stdout.readline().split(), np.float32) for batch in batches for _ in batch]
        return np.stack(rows)


class Onnx:
    """An onnxruntime session on all threads, or one a thread."""

    def __init__(self, path, threads, split):
        self.split = split
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1 if split else threads
        options.log_severity_level = 3
        make = lambda: ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self.sessions = [make() for _ in range(threads if split else 1)]
        self.inputs = {i.name for i in self.sessions[0].get_inputs()}

    def feed(self, batch):
        ids = np.zeros((len(batch), max(map(len, batch))), np.int64)
        mask = np.zeros_like(ids)
        for row, text in enumerate(batch):
            ids[row, : len(text)] = text
            mask[row, : len(text)] = 1
        feeds = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        return {name: feeds[name] for name in self.inputs}

    def run(self, batches, vectors=False):
        feeds = [self.feed(batch) for batch in batches]
        out = [None] * len(feeds)
        left = iter(range(len(feeds)))
        lock = threading.Lock()

        def work(session):
            while True:
                with lock:
                    at = next(left, None)
                if at is None:
                    return
                out[at] = session.run(None, feeds[at])[0]

        wall, cpu = time.perf_counter(), time.process_time()
        if len(self.sessions) == 1:
            work(self.sessions[0])
        else:
            workers = [threading.Thread(target=work, args=(session,)) for session in self.sessions]
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        return np.concatenate(out) if vectors else (wall, cpu)


def in_batches(texts, size):
    return [texts[at : at + size] for at in range(0, len(texts), size)]


def by_length(texts):
    return sorted(texts, key=len)


def workloads(sentences):
    """Name, texts, ours' batch, onnxruntime's batches."""
    words = [i for text in sentences for i in text[1:-1]]

    def equal(count, length):
        return [[101, *(words[(n * length + k) % len(words)] for k in range(length - 2)), 102] for n in range(count)]

    short = min(sentences, key=lambda text: abs(len(text) - 19))
    return [
        ("one text of 19", [short], 1, [1]),
        ("one text of 128", equal(1, 128), 1, [1]),
        ("sentences, one by one", sentences[::8], 1, [1]),
        ("sentences, batches of 8", sentences[::4], 8, [8]),
        ("sentences, best batches", sentences[::2], 32, [8, 32]),
        ("32 x 32 pieces", equal(32, 32), 32, [8, 32]),
        ("8 x 128 pieces", equal(8, 128), 8, [8]),
    ]


def compare(ours, onnx, sentences, rounds):
    lines = []
    for name, texts, ours_batch, onnx_batches in workloads(sentences):
        repeats = max(1, 400 // sum(map(len, texts)))
        tokens = repeats * sum(map(len, texts))
        runs = {("ours", precision): (it, in_batches(texts, ours_batch) * repeats) for precision, it in ours.items()}
        for (precision, split), session in onnx.items():
            for size in onnx_batches:
                if split and len(texts) == 1:
                    continue
                runs[("onnx", precision, split, size)] = (session, in_batches(by_length(texts), size) * repeats)
        taken = {key: [] for key in runs}
        for turn in range(rounds + 1):
            for key, (it, batches) in runs.items():
                figures = it.run(batches)
                if turn:
                    taken[key].append(figures)
        for precision in ours:
            walls = {key: median(wall for wall, _ in times) for key, times in taken.items() if key[1] == precision}
            peer = min((key for key in walls if key[0] == "onnx"), key=walls.get)
            cpus = {key: median(cpu for _, cpu in taken[key]) for key in walls}
            thrifty = min(cpu for key, cpu in cpus.items() if key[0] == "onnx")
            mine = ("ours", precision)
            pairs = [o[0] / m[0] for m, o in zip(taken[mine], taken[peer])]
            lines.append(
                f"| {name} | {precision} | {tokens / walls[mine]:,.0f} | {tokens / walls[peer]:,.0f} "
                f"| {peer[3]}, {'a session a thread' if peer[2] else 'one session'} "
                f"| **{walls[peer] / walls[mine]:.2f}** | {median(pairs):.2f} "
                f"| {thrifty / cpus[mine]:.2f} | {1e6 * cpus[mine] / tokens:.0f} |"
            )
            print(lines[-1], flush=True)
    return lines


def cosines(a, b):
    dots = (a * b).sum(-1) / np.linalg.norm(a, axis=-1) / np.linalg.norm(b, axis=-1)
    return dots.min(), dots.mean()


def agree(ours, onnx, sentences):
    """Cosines to onnxruntime's f32, text by text and unpadded."""
    ones = in_batches(sentences, 1)
    reference = onnx["f32", False].run(ones, vectors=True)
    for precision, it in ours.items():
        print(f"portcullis {precision}: cosine to f32 min %.6f mean %.6f" % cosines(it.run(ones, True), reference))
    print("onnxruntime int8: cosine to f32 min %.6f mean %.6f" % cosines(onnx["int8", False].run(ones, True), reference))


def stsb(path, encode, ours, onnx):
    rows = [line.rstrip("\n").split("\t") for line in open(path, encoding="utf-8")]
    gold = [float(row[4]) for row in rows]
    texts = [encode(row[at]) for at in (5, 6) for row in rows]
    order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
    batches = in_batches([texts[at] for at in order], 32)
    systems = {f"portcullis {precision}": it for precision, it in ours.items()}
    systems |= {f"onnxruntime {precision}": onnx[precision, False] for precision in ("f32", "int8")}
    for name, it in systems.items():
        vectors = np.empty((len(texts), WIDTH), np.float32)
        vectors[order] = it.run(batches, vectors=True)
        found = (vectors[: len(rows)] * vectors[len(rows) :]).sum(-1)
        print(f"{name}: STS-B test Spearman {spearmanr(found, gold).statistic:.4f}")


def main():
    parser = argparse.ArgumentParser(description="Our encoder beside onnxruntime.")
    parser.add_argument("binary", help="the bench target encoder_peer")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--stsb", type=Path, help="sts-test.csv of the STS Benchmark")
    parser.add_argument("--work", type=Path, default=HERE / ".venv", help="where the ONNX graphs are put")
    parser.add_argument("--precisions", nargs="+", default=["f32", "int8"])
    arguments = parser.parse_args()

    paths = {name: arguments.work / f"{name}.onnx" for name in ("plain", "f32", "int8")}
    graph.plain(MODEL / "model.safetensors", paths["plain"])
    print("fused by onnxruntime:", graph.fuse(paths["plain"], paths["f32"]))
    print("made int8 by onnxruntime:", dict(graph.quantize(paths["f32"], paths["int8"])))
    print(f"onnxruntime {ort.__version__}, {arguments.threads} threads, {arguments.rounds} rounds\n")

    tokenizer = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    encode = lambda text: tokenizer.encode(text).ids
    sentences = [encode(line) for line in (HERE / "sentences.txt").read_text().splitlines()]
    ours = {precision: Ours(arguments.binary, arguments.threads, precision) for precision in arguments.precisions}
    onnx = {
        (precision, split): Onnx(paths[precision], arguments.threads, split)
        for precision in ("f32", "int8")
        for split in (False, True)
    }
    agree(ours, onnx, sentences[:64])
    if arguments.stsb:
        stsb(arguments.stsb, encode, ours, onnx)
    print("\n| texts | | ours, tokens/s | onnxruntime | its batches | ratio | median of rounds' ratios | CPU ratio | our CPU us/token |")
    print("| --- | --- | ---: | ---: | --- | ---: | ---: | ---: | ---: |")
    compare(ours, onnx, sentences, arguments.rounds)


if __name__ == "__main__":
    sys.exit(main())
