#!/usr/bin/env python3
"""The encoder compared with onnxruntime, interleaved in one run: same weights, same word pieces, same threads.

    just bench-peers                     # builds, measures, prints a table with ratios
    just bench-peers --stsb sts-test.csv # cosines, and the Spearman correlation on STS-B test, whose file cannot be shipped

onnxruntime runs the graph of `graph.py` in its fastest configuration on this machine: texts sorted by length, one session
on all threads or one session per thread, whichever has the better median. The encoder gets the texts unsorted. Both get
token ids and alternate, in both orders. A ratio is the median of the ratios of the rounds, so that a change of the
machine's speed affects both sides; the other figures are medians over the rounds. CPU time is compared with the
configuration of onnxruntime that uses the least: on a machine with other work it is steadier than wall time.
"""

import argparse
import json
import os
import platform
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
ROOT = HERE.parent.parent
MODEL = ROOT / "models" / "minilm"
WIDTH = graph.WIDTH
PRECISIONS = ("f32", "int8")
# Additions and multiplications of the linear layers per word piece; attention adds a few percent.
OPERATIONS = 2 * graph.LAYERS * (4 * WIDTH * WIDTH + 2 * WIDTH * graph.INNER)
# Seconds between runs: after its work, the threads of an onnxruntime session spin for a while, on the processors that the
# next run needs.
SETTLE = 0.1
# The required ratios, by precision and row.
BARS = {
    ("f32", "sentences", "best"): 1.15,
    ("int8", "sentences", "best"): 1.15,
    ("f32", "32 pieces", "best"): 1.0,
    ("f32", "128 pieces", "best"): 1.0,
    ("f32", "sentences", 1): 1.0,
    ("f32", "32 pieces", 1): 1.0,
    ("f32", "128 pieces", 1): 1.0,
}


def build():
    """The bench target `encoder_peer`, built for release."""
    command = ["cargo", "build", "--release", "--locked", "--bench", "encoder_peer"]
    done = subprocess.run(
        [*command, "--message-format=json-render-diagnostics"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    messages = map(json.loads, done.stdout.splitlines())
    artifacts = [message for message in messages if message["reason"] == "compiler-artifact"]
    return next(a["executable"] for a in artifacts if a["target"]["name"] == "encoder_peer" and a["executable"])


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
        arguments = [binary, "--threads", str(threads), "--precision", precision]
        self.process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, question):
        self.process.stdin.write(question + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline()

    def peak(self):
        return float(self.ask("peak"))

    def run(self, batches, vectors=False):
        text = ";".join("|".join(",".join(map(str, ids)) for ids in batch) for batch in batches)
        before = cpu_of(self.process.pid)
        wall = int(self.ask(f"{int(vectors)} {text}")) / 1e9
        cpu = (cpu_of(self.process.pid) - before) / 1e9
        if not vectors:
            return wall, cpu
        rows = [np.array(self.process.stdout.readline().split(), np.float32) for batch in batches for _ in batch]
        return np.stack(rows)


class Onnx:
    """One onnxruntime session on all threads, or one session per thread."""

    def __init__(self, path, threads, split):
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

    def run(self, batches, vectors=False, sessions=None):
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

        sessions = self.sessions[:sessions]
        wall, cpu = time.perf_counter(), time.process_time()
        if len(sessions) == 1:
            work(sessions[0])
        else:
            workers = [threading.Thread(target=work, args=(session,)) for session in sessions]
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        return np.concatenate(out) if vectors else (wall, cpu)


def in_batches(texts, size):
    return [texts[at : at + size] for at in range(0, len(texts), size)]


def sets(sentences, threads):
    """Names, and texts by batch: real sentences in order, and generated texts of equal length. The number of batches is a
    multiple of the number of onnxruntime's threads."""
    words = [i for text in sentences for i in text[1:-1]]
    more = max(1, threads // 2)

    def equal(count, length):
        return [[101, *(words[(n * length + k) % len(words)] for k in range(length - 2)), 102] for n in range(count)]

    return {
        "sentences": {1: sentences[:48], 8: sentences[:112] * more, 32: sentences[:192] * more},
        "32 pieces": {1: equal(32, 32), 8: equal(96 * more, 32), 32: equal(128 * more, 32)},
        "128 pieces": {1: equal(8, 128), 8: equal(32 * more, 128), 32: equal(64 * more, 128)},
    }


class Table:
    """Prints a row for every set, batch and precision, and one for the best of the larger batches."""

    def __init__(self, peaks):
        self.peaks = peaks
        self.missed = []
        print()
        print("| texts | batch | | ours, tokens/s | onnxruntime | as | ratio | bar | CPU ratio | our CPU us/token | of the peak |")
        print("| --- | --- | --- | ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: |")

    def row(self, name, batch, precision, taken):
        """`taken` has wall and CPU seconds per token, by round, by batch and by implementation."""
        middle = lambda part: {key: median(times[part] for times in rounds) for key, rounds in taken.items()}
        walls, cpus = middle(0), middle(1)
        mine = min((key for key in walls if key[1] == "ours"), key=walls.get)
        best = lambda times: min((key for key in times if key[1] != "ours"), key=times.get)
        ratio_to = lambda key, part: median(b[part] / a[part] for a, b in zip(taken[mine], taken[key]))
        peer, bar = best(walls), BARS.get((precision, name, batch))
        ratio, cpu_ratio = ratio_to(peer, 0), ratio_to(best(cpus), 1)
        if bar and ratio < bar:
            self.missed.append(f"{precision}, {name}, {batch}: {ratio:.2f} of {bar}")
        how = f"{peer[0]}, {peer[1]}" if batch == "best" else peer[1]
        print(
            f"| {name} | {batch} | {precision} | {1 / walls[mine]:,.0f} | {1 / walls[peer]:,.0f} | {how} "
            f"| **{ratio:.2f}** | {bar or ''} | {cpu_ratio:.2f} | {1e6 * cpus[mine]:.0f} "
            f"| {100 * OPERATIONS / walls[mine] / self.peaks[precision]:.0f} % |",
            flush=True,
        )


def rounds_of(runs, seconds):
    """Wall and CPU seconds per token of every run, by round, for about this time and at least three rounds. Each run is a
    function and its number of tokens."""
    taken = {key: [] for key in runs}
    ends, turn = time.monotonic() + seconds, 0
    while turn < 4 or time.monotonic() < ends:
        for key, (run, tokens) in reversed(runs.items()) if turn % 2 else runs.items():
            time.sleep(SETTLE)
            wall, cpu = run()
            if turn:  # The first time warms up.
                taken[key].append((wall / tokens, cpu / tokens))
        turn += 1
    return taken


def compare(ours, onnx, chosen, peaks, minutes):
    table = Table(peaks)
    for name, by_batch in chosen.items():
        runs = {}
        for batch, texts in by_batch.items():
            tokens, mine = sum(map(len, texts)), in_batches(texts, batch)
            # The longest first, so that no session finishes them alone at the end.
            theirs = in_batches(sorted(texts, key=len, reverse=True), batch)
            # Single texts measure latency, which concurrent sessions do not reduce.
            apart, sessions = ("one thread", 1) if batch == 1 else ("a session a thread", None)
            for precision in PRECISIONS:
                one, split = onnx[precision, False], onnx[precision, True]
                ways = {
                    "ours": lambda it=ours[precision], texts=mine: it.run(texts),
                    "one session": lambda it=one, texts=theirs: it.run(texts),
                    apart: lambda it=split, texts=theirs, count=sessions: it.run(texts, sessions=count),
                }
                runs |= {(precision, batch, who): (run, tokens) for who, run in ways.items()}
        taken = rounds_of(runs, 60 * minutes / len(chosen))
        rows = [(batch, {batch}) for batch in by_batch] + [("best", by_batch.keys() - {1})]
        for shown, batches in rows:
            for precision in PRECISIONS:
                of = lambda key: key[0] == precision and key[1] in batches
                table.row(name, shown, precision, {key[1:]: times for key, times in taken.items() if of(key)})
    return table.missed


def agree(ours, onnx, sentences):
    """Cosines with onnxruntime's f32 embeddings of single, unpadded texts."""
    ones = in_batches(sentences, 1)
    reference = onnx["f32", False].run(ones, vectors=True)
    systems = {f"portcullis {precision}": it for precision, it in ours.items()}
    for name, it in (systems | {"onnxruntime int8": onnx["int8", False]}).items():
        vectors = it.run(ones, vectors=True)
        dots = (vectors * reference).sum(-1)
        dots /= np.linalg.norm(vectors, axis=-1) * np.linalg.norm(reference, axis=-1)
        print(f"{name}: cosine to onnxruntime f32 over {len(ones)} sentences: least {dots.min():.6f}, mean {dots.mean():.6f}")


def stsb(path, encode, ours, onnx):
    rows = [line.rstrip("\n").split("\t") for line in open(path, encoding="utf-8")]
    gold = [float(row[4]) for row in rows]
    texts = [encode(row[at]) for at in (5, 6) for row in rows]
    order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
    batches = in_batches([texts[at] for at in order], 32)
    systems = {f"portcullis {precision}": it for precision, it in ours.items()}
    systems |= {f"onnxruntime {precision}": onnx[precision, False] for precision in PRECISIONS}
    for name, it in systems.items():
        vectors = np.empty((len(texts), WIDTH), np.float32)
        vectors[order] = it.run(batches, vectors=True)
        found = (vectors[: len(rows)] * vectors[len(rows) :]).sum(-1)
        print(f"{name}: STS-B test Spearman {spearmanr(found, gold).statistic:.4f}")


def describe(threads):
    """The machine and its load, which the figures depend on."""
    facts = dict(
        line.split(":", 1) for line in Path("/proc/cpuinfo").read_text().split("\n\n")[0].splitlines() if ":" in line
    )
    facts = {key.strip(): value.strip() for key, value in facts.items()}
    known = ("avx2", "avx512f", "avx512_vnni", "avx_vnni", "amx_int8", "asimd", "asimddp", "i8mm")
    has = set((facts.get("flags") or facts.get("Features") or "").split())
    print(f"{facts.get('model name', platform.machine())}, {os.cpu_count()} cores, {threads} threads;", end=" ")
    print(f"{' '.join(name for name in known if name in has)}; load before: {os.getloadavg()[0]:.1f}")
    print(f"onnxruntime {ort.__version__}, Python {platform.python_version()}, Linux {platform.release().split('-')[0]}")


def plain_product():
    """The rate of numpy's matrix product in f32, to compare the machine's peak with."""
    a, b = np.full((1536, 1536), 0.5, np.float32), np.full((1536, 1536), 0.25, np.float32)
    least = np.inf
    for _ in range(12):
        started = time.perf_counter()
        a @ b
        least = min(least, time.perf_counter() - started)
    return 2 * 1536**3 / least


def main():
    parser = argparse.ArgumentParser(description="Our encoder beside onnxruntime.")
    parser.add_argument("--binary", help="the bench target encoder_peer; built when not given")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--minutes", type=float, default=10.0, help="how long to measure, about")
    parser.add_argument("--stsb", type=Path, help="sts-test.csv of the STS Benchmark: print how good, not how fast")
    parser.add_argument("--work", type=Path, default=HERE / ".venv", help="where the ONNX graphs are put")
    arguments = parser.parse_args()

    binary = arguments.binary or build()
    paths = {name: arguments.work / f"{name}.onnx" for name in ("plain", "f32", "int8")}
    graph.plain(MODEL / "model.safetensors", paths["plain"])
    fused = graph.fuse(paths["plain"], paths["f32"])
    graph.quantize(paths["f32"], paths["int8"])
    describe(arguments.threads)
    print("fused by onnxruntime:", ", ".join(f"{count} {kind}" for kind, count in fused.items()))

    tokenizer = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    encode = lambda text: tokenizer.encode(text).ids
    sentences = [encode(line) for line in (HERE / "sentences.txt").read_text(encoding="utf-8").splitlines()]
    ours = {precision: Ours(binary, arguments.threads, precision) for precision in PRECISIONS}
    onnx = {
        (precision, split): Onnx(paths[precision], arguments.threads, split)
        for precision in PRECISIONS
        for split in (False, True)
    }
    agree(ours, onnx, sentences)
    if arguments.stsb:
        stsb(arguments.stsb, encode, ours, onnx)
        return 0
    peaks = {precision: it.peak() for precision, it in ours.items()}
    shown = ", ".join(f"{precision} {peak / 1e9:.0f}" for precision, peak in peaks.items())
    print(f"plain matrix products, GOP/s: {shown} (rten-gemm, packed); f32 {plain_product() / 1e9:.0f} (numpy)")
    missed = compare(ours, onnx, sets(sentences, arguments.threads), peaks, arguments.minutes)
    print("\nmissed bars: " + "; ".join(missed) if missed else "\nevery bar holds")
    return 0


if __name__ == "__main__":
    sys.exit(main())
