#!/usr/bin/env python3
"""Makes models/skills/skills.tsv.zst: every skill label the matcher knows, one skill a line.

    python3 scripts/skills.py --esco skills.csv --gazetteer skills.json --common FILE... --out models/skills

A line is `label TAB ESCO id or nothing TAB form|form|...`. A form that starts with `^` is an everyday word too (Go,
Express, Chef): it counts only where it is written as a name or stands alone in a list. Everyday words are those that
occur in lower case in at least two lines of the files given as --common (running text about work, such as O*NET tasks
and ESCO descriptions). Needs the `zstd` command. Order and content depend on the inputs alone.
"""

import argparse
import collections
import csv
import hashlib
import json
import pathlib
import re
import subprocess

WORD = re.compile(r"[a-z][a-z'-]*")
LONGEST_FORM = 7


def everyday_words(paths):
    """Words that occur in lower case in at least two lines."""
    seen = collections.Counter()
    for path in paths:
        for line in open(path, encoding="utf-8-sig"):
            words = {m.group() for m in re.finditer(r"(?<![\w.+#])[a-z][a-z'-]*(?![\w+#])", line)}
            seen.update(words)
    return {word for word, count in seen.items() if count >= 2}


def singular(word):
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def key(text):
    return " ".join(text.lower().split())


def without_brackets(text):
    return " ".join(re.sub(r"\([^)]*\)", " ", text).split())


def usable(form):
    words = form.split()
    return 0 < len(words) <= LONGEST_FORM and any(c.isalpha() for c in form) and "|" not in form and "\t" not in form


class Marker:
    """Decides which forms count in lower case."""

    def __init__(self, everyday):
        self.everyday = everyday

    def is_everyday(self, form):
        low = form.lower()
        return " " not in low and (low in self.everyday or len(low) > 3 and singular(low) in self.everyday)

    def mark(self, form):
        short = len(form) <= 2 and form.isalpha()
        return "^" + form if short or self.is_everyday(form) else form


def esco(path, marker):
    """One entry a concept: its preferred label first, then the alternatives worth a literal search."""
    preferred, alternatives = {}, collections.defaultdict(list)
    for row in csv.DictReader(open(path, encoding="utf-8")):
        if row["type"] == "preferredLabel":
            preferred[row["id"]] = row["description"].strip()
        elif row["type"] == "altLabels":
            alternatives[row["id"]].append(row["description"].strip())
    for concept in sorted(preferred):
        label = preferred[concept]
        bare = without_brackets(label)
        forms = []
        if usable(bare):
            # A label that had brackets is a name that needs them to be told apart.
            forms.append(marker.mark(bare) if bare != label or bare != bare.lower() else bare)
        for other in alternatives[concept]:
            bare = without_brackets(other)
            if not usable(bare):
                continue
            if " " not in bare and bare == bare.lower() and (marker.is_everyday(bare) or len(bare) <= 3):
                continue
            forms.append(marker.mark(bare))
        yield label, concept, forms


def gazetteer(path, marker):
    """Strings of postings; `long name (LN)` gives both, and joins what stands alone elsewhere in the list."""
    strings = [s.strip() for s in json.load(open(path, encoding="utf-8"))]
    alone = {key(s) for s in strings}
    acronyms = collections.defaultdict(set)
    for text in strings:
        found = re.fullmatch(r"([^()]+?)\s*\(([a-z0-9&+.-]{2,8})\)", text)
        if found:
            name, short = found.groups()
            initials = "".join(word[0] for word in re.split(r"[\s/-]+", name) if word not in ("and", "of", "the"))
            if initials == short:
                acronyms[short].add(name)
    entries = {}
    for text in strings:
        parts = [part.strip() for part in re.split(r"/|,| & ", text)]
        if len(parts) > 1 and all(part in alone for part in parts):
            continue
        if not text.isascii() or len(text.split()) > 5 or text.isdigit():
            continue
        bare = without_brackets(text)
        if usable(bare):
            entries.setdefault(key(bare), bare)
    aliases = {}
    for short, names in acronyms.items():
        if len(names) == 1:
            aliases.setdefault(key(next(iter(names))), []).append(short)
    joined = {short for shorts in aliases.values() for short in shorts}
    for name in sorted(entries):
        if name in joined:
            continue
        yield entries[name], "", [marker.mark(form) for form in [entries[name], *aliases.get(name, [])]]


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--esco", required=True)
    options.add_argument("--gazetteer", required=True)
    options.add_argument("--common", nargs="+", required=True)
    options.add_argument("--out", required=True)
    given = options.parse_args()
    marker = Marker(everyday_words(given.common))

    taken, lines = {}, []
    for label, concept, forms in [*esco(given.esco, marker), *gazetteer(given.gazetteer, marker)]:
        fresh = []
        for form in forms:
            name = key(form.lstrip("^"))
            if name not in taken:
                taken[name] = len(lines)
                fresh.append(form)
        if not fresh:
            continue
        lines.append("\t".join([label.replace("\t", " "), concept, "|".join(fresh)]))
    text = "\n".join(lines) + "\n"
    out = pathlib.Path(given.out)
    out.mkdir(parents=True, exist_ok=True)
    packed = subprocess.run(["zstd", "-19", "--no-check", "-q", "-c"], input=text.encode(), capture_output=True, check=True).stdout
    (out / "skills.tsv.zst").write_bytes(packed)
    print(f"skills = {len(lines)}\nforms = {len(taken)}\nsha256 = \"{hashlib.sha256(packed).hexdigest()}\"")


if __name__ == "__main__":
    main()
