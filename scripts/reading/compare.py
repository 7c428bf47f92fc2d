#!/usr/bin/env python3
"""Compares readers of PDF over a folder: Portcullis, pdftotext -layout, pdfminer.six and pdf.js.

    python3 scripts/reading/compare.py BINARY FOLDER [--work DIR] [--worst N]

BINARY is a portcullis, run as `BINARY read FILE`. Where FOLDER's parent has a gold.jsonl, the figures are shares of what it states: words,
adjacent words, headings alone on their line. Elsewhere the reference is what at least two of the other readers agree on.
Needs poppler-utils from Debian, pdfminer.six from PyPI, and pdfjs-dist from npm in the work folder.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
READERS = ["portcullis", "pdftotext", "pdfminer", "pdf.js"]


# A heading with its letters set apart, which some readers join: `S K I L L S`, `E R FA H R U N G`.
SPACED = re.compile(r"(?<![^\W\d_])(?:[^\W\d_a-z]{1,2} ){3,}[^\W\d_a-z]{1,2}(?![^\W\d_])")


def words(text):
    text = SPACED.sub(lambda run: run[0].replace(" ", ""), text)
    text = unicodedata.normalize("NFKC", text.replace("\u00ad", "")).lower()
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return re.findall(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+", text)


def pairs(tokens):
    return Counter(zip(tokens, tokens[1:]))


def share(wanted, found):
    total = sum(wanted.values())
    return sum((wanted & found).values()) / total if total else None


def read_all(binary, files, work):
    """{reader: {file: text}} and the seconds that each took."""
    texts, seconds = {}, {}

    def timed(reader, read):
        start = time.time()
        texts[reader] = read()
        seconds[reader] = time.time() - start

    def command(*words):
        return lambda: {f: subprocess.run([*words, f, *(["-"] if words[0] == "pdftotext" else [])], capture_output=True, timeout=120).stdout.decode("utf-8", "replace") for f in files}

    def miner():
        from pdfminer.high_level import extract_text

        found = {}
        for file in files:
            try:
                found[file] = extract_text(str(file))
            except Exception:
                found[file] = ""
        return found

    def pdfjs():
        if not (work / "node_modules").exists():
            subprocess.run(["npm", "install", "--silent", "pdfjs-dist"], cwd=work, check=True)
        shutil.copyfile(HERE / "pdfjs.mjs", work / "pdfjs.mjs")
        done = subprocess.run(["node", "pdfjs.mjs"], cwd=work, input="\n".join(map(str, files)), capture_output=True, text=True)
        read = {line["path"]: line["text"] for line in map(json.loads, done.stdout.splitlines())}
        return {file: read.get(str(file), "") for file in files}

    timed("portcullis", command(binary, "read"))
    timed("pdftotext", command("pdftotext", "-layout"))
    timed("pdfminer", miner)
    timed("pdf.js", pdfjs)
    return texts, seconds


def from_gold(line):
    # Readers may join letters that are set apart.
    blocks = [block for column in line["columns"] for block in column if not re.fullmatch(r"(\w )+\w", block["text"])]
    pieces = [piece for b in blocks for piece in (re.split("[,:]", b["text"]) if b["kind"] == "skills" else [b["text"]])]
    near = sum((pairs(words(piece)) for piece in pieces), Counter())
    headings = ["".join(words(b["text"])) for b in blocks if b["kind"] == "heading"]
    return Counter(w for b in blocks for w in words(b["text"])), near, headings


def agreed(texts):
    """What at least two of the texts hold."""

    def second(bags):
        return Counter({key: sorted(bag[key] for bag in bags)[-2] for key in set().union(*bags)})

    tokens = [words(text) for text in texts]
    return +second([Counter(t) for t in tokens]), +second([pairs(t) for t in tokens]), []


def main():
    arguments = sys.argv[1:]
    option = lambda name, default: arguments.pop(arguments.index(name) + 1) if name in arguments else default
    work, worst = Path(option("--work", None) or tempfile.mkdtemp()), int(option("--worst", "10"))
    binary, folder = [one for one in arguments if not one.startswith("--")]
    files = sorted(Path(folder).resolve().rglob("*.pdf"))
    texts, seconds = read_all(binary, files, work)
    gold_path = Path(folder).parent / "gold.jsonl"
    gold = {Path(line["file"]).name: line for line in map(json.loads, gold_path.read_text().splitlines())} if gold_path.exists() else {}
    rows, sums = [], {reader: [[], [], []] for reader in READERS}
    for file in files:
        if file.name in gold:
            bag, near, headings = from_gold(gold[file.name])
        else:
            bag, near, headings = agreed([texts[reader][file] for reader in READERS[1:]])
        row = {}
        for reader in READERS:
            tokens = words(texts[reader][file])
            alone = {"".join(words(line)) for line in texts[reader][file].splitlines()}
            row[reader] = [share(bag, Counter(tokens)), share(near, pairs(tokens)), sum(h in alone for h in headings) / len(headings) if headings else None]
            for values, value in zip(sums[reader], row[reader]):
                if value is not None:
                    values.append(value)
        rows.append((file, row))
    mean = lambda values: f"{sum(values) / len(values):9.3f}" if values else f"{'-':>9}"
    print(f"{len(files)} files{'':<12}{'words':>9}{'neighb.':>9}{'headings':>9}{'seconds':>9}")
    for reader in READERS:
        print(f"{reader:<20}{''.join(mean(values) for values in sums[reader])}{seconds[reader]:9.1f}")
    for at, name, bar in [(0, "words >= 0.98 of the best", 0.98), (1, "neighbours >= 0.95 of the best", 0.95)]:
        ratios = []
        for file, row in rows:
            best = max((row[reader][at] or 0) for reader in READERS[1:])
            if best > 0:
                ratios.append(((row["portcullis"][at] or 0) / best, file))
        print(f"{name}: {sum(ratio >= bar for ratio, _ in ratios)} of {len(ratios)} files")
        for ratio, file in sorted(ratios)[:worst]:
            if ratio < bar:
                print(f"    {ratio:.3f} {file}")


if __name__ == "__main__":
    main()
