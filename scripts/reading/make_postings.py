#!/usr/bin/env python3
"""Makes the postings of tests/data/reading/ and postings.jsonl, the kind of each of their lines, from postings.txt.

    python3 scripts/reading/make_postings.py
"""

import json
import re
import textwrap
from html import escape
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGET = HERE.parents[1] / "tests/data/reading"
KINDS = {"T": "HEADING", "h": "HEADING", "d": "DUTY", "m": "MUST_HAVE", "n": "NICE_TO_HAVE", "t": "TERMS", "e": "EMPLOYER", "a": "APPLICATION", "l": "LEGAL", "o": "OTHER"}
SIGNS = {"dash": "- ", "star": "* ", "dot": "\u2022 ", "none": "", "wrap": "- ", "text": "- "}


def postings():
    """(name, form, [(label, stated, joined, bullet, text)])"""
    for part in re.split(r"^=== ", (HERE / "postings.txt").read_text(), flags=re.M)[1:]:
        first, *lines = part.strip().splitlines()
        name, form = first.split()
        read = []
        for line in lines:
            label, text = line.split(" ", 1)
            text = text.strip()
            bullet = text.startswith("- ")
            read.append((label[0], "?" not in label, ">" in label, bullet, text[2:] if bullet else text))
        yield name, form, read


def paragraphs(lines):
    """(label, bullet, text), with sentences of one paragraph joined."""
    joined = []
    for label, _, more, bullet, text in lines:
        if more:
            joined[-1][2] += " " + text
        else:
            joined.append([label, bullet, text])
    return joined


def plain(lines, form):
    out, before = [], None
    for label, bullet, text in paragraphs(lines):
        if out and (label == "h" or before in "Tl" or (not bullet and label != before and form in ("wrap", "text") and before != "h")):
            out.append("")
        line = SIGNS[form] * bullet + text
        out += textwrap.wrap(line, 74, subsequent_indent="  " * bullet, break_on_hyphens=False) if form == "wrap" else [line]
        before = label
    return "\n".join(out) + "\n"


def page(lines, form):
    out, inside = [], False
    for label, bullet, text in paragraphs(lines):
        text = escape(text)
        if form == "list":
            if bullet != inside:
                out.append("<ul>" if bullet else "</ul>")
                inside = bullet
            tag = {"T": "h1", "h": "h3"}.get(label, "li" if bullet else "p")
            out.append(f"<{tag}>{text}</{tag}>")
        elif form == "board":
            out.append(f"<div><br/></div><div><b>{text}</b></div>" if label in "Th" else f"<div>{'• ' * bullet}{text}<br></div>")
        elif bullet:
            out.append(f"<p class=MsoListParagraph style='text-indent:-18.0pt'><span style='font-family:Symbol'>·<span>&nbsp;&nbsp; </span></span>{text}<o:p></o:p></p>")
        else:
            bold = ("<b>", "</b>") if label in "Th" else ("", "")
            out.append(f"<p class=MsoNormal>{bold[0]}{text}{bold[1]}<o:p></o:p></p>")
    inside = "\n".join(out + ["</ul>"] * inside)
    return inside + "\n" if form == "board" else f"<html><head><meta charset=utf-8><title>Job</title></head><body>{inside}</body></html>\n"


def main():
    folder = TARGET / "postings"
    folder.mkdir(parents=True, exist_ok=True)
    gold = []
    for name, form, lines in postings():
        if form in SIGNS:
            file, text = f"{name}.txt", plain(lines, form)
        else:
            file, text = f"{name}.html", page(lines, form)
        (folder / file).write_text(text)
        labelled = [{"kind": KINDS[label], "text": text, "stated": stated} for label, stated, _, _, text in lines]
        gold.append({"file": f"postings/{file}", "form": form, "lines": labelled})
    (TARGET / "postings.jsonl").write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in gold))
    print(len(gold), "postings", sum(len(one["lines"]) for one in gold), "lines")


main()
