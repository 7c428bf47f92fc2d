#!/usr/bin/env python3
"""Makes tests/data/documents/: the resumes of tests/data/matching as real programs write them.

    python3 scripts/documents.py     # needs soffice, chromium and pdflatex (Debian: libreoffice-writer-nogui,
                                     # chromium, texlive-latex-base, texlive-latex-recommended)

For each resume and layout one file, and beside it NAME.txt with the words that it shows, a column after the other,
separated by a line with a form feed. The words are known before the file is made, so they are the truth.
"""

import html
import re
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "tests/data/matching"
TARGET = ROOT / "tests/data/documents"


def blocks(path):
    """(kind, text) for each line: title, heading, bullet or paragraph."""
    found, after_blank = [], False
    for line in path.read_text().splitlines():
        line = re.sub(r"\*\*(.*?)\*\*", r"\1", line.strip())
        if not line:
            after_blank = True
            continue
        short = len(line.split()) <= 3 and not re.search(r"[\d,.|]", line) and len(found) > 3
        if not found:
            found.append(("title", line.lstrip("# ")))
        elif line.startswith("##") or (after_blank and short) or (line.isupper() and len(line.split()) <= 4):
            found.append(("heading", line.lstrip("# ")))
        elif line[0] in "-*•":
            found.append(("bullet", line[1:].strip()))
        else:
            found.append(("paragraph", line))
        after_blank = False
    return found


def split(found):
    """The head and the last sections for a narrow left column, the rest for the right one."""
    starts = [i for i, (kind, _) in enumerate(found) if kind == "heading"] + [len(found)]
    sections = [found[a:b] for a, b in zip(starts, starts[1:])]
    longest = max(sections, key=lambda s: sum(len(text) for _, text in s))
    left = found[: starts[0]] + [b for s in sections if s is not longest for b in s]
    return left, longest


def markup(found):
    tags = {"title": "h1", "heading": "h2", "paragraph": "p"}
    out, inside = [], False
    for kind, text in found:
        if (kind == "bullet") != inside:
            out.append("<ul>" if kind == "bullet" else "</ul>")
            inside = kind == "bullet"
        tag = tags.get(kind, "li")
        out.append(f"<{tag}>{html.escape(text)}</{tag}>")
    return "\n".join(out + ["</ul>"] * inside)


def page(style, body):
    return f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Resume</title><style>{style}</style></head><body>{body}</body></html>'


def fodt(columns):
    """A flat OpenDocument text; two columns are a table without borders, as templates have it."""
    styles = {"title": "Title", "heading": "Heading_20_1", "paragraph": "Text_20_body"}

    def flow(found):
        out = []
        for kind, text in found:
            text = html.escape(text)
            if kind == "bullet":
                out.append(f'<text:list text:style-name="L1"><text:list-item><text:p text:style-name="Text_20_body">{text}</text:p></text:list-item></text:list>')
            elif kind == "paragraph":
                out.append(f'<text:p text:style-name="Text_20_body">{text}</text:p>')
            else:
                out.append(f'<text:h text:style-name="{styles[kind]}" text:outline-level="1">{text}</text:h>')
        return "".join(out)

    if len(columns) == 1:
        body = flow(columns[0])
    else:
        widths = '<table:table-column table:style-name="A"/><table:table-column table:style-name="B"/>'
        cells = "".join(f"<table:table-cell>{flow(c)}</table:table-cell>" for c in columns)
        body = f'<table:table table:name="T">{widths}<table:table-row>{cells}</table:table-row></table:table>'
    names = "office text table style fo".split()
    urns = {
        "office": "office", "text": "text", "table": "table", "style": "style", "fo": "xsl-fo-compatible",
    }
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{urns[n]}:1.0"' for n in names)
    automatic = (
        '<office:automatic-styles><text:list-style style:name="L1"><text:list-level-style-bullet text:level="1" text:bullet-char="•">'
        '<style:list-level-properties text:list-level-position-and-space-mode="label-alignment"/></text:list-level-style-bullet></text:list-style>'
        '<style:style style:name="A" style:family="table-column"><style:table-column-properties style:column-width="5.5cm"/></style:style>'
        '<style:style style:name="B" style:family="table-column"><style:table-column-properties style:column-width="11.5cm"/></style:style>'
        "</office:automatic-styles>"
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {spaces} office:version="1.3" '
        f'office:mimetype="application/vnd.oasis.opendocument.text">{automatic}<office:body><office:text>{body}</office:text></office:body></office:document>'
    )


def latex(found, options):
    def escape(text):
        for a, b in [("\\", r"\textbackslash{}"), ("&", r"\&"), ("%", r"\%"), ("#", r"\#"), ("_", r"\_"), ("$", r"\$"), ("|", r"\textbar{}")]:
            text = text.replace(a, b)
        return text

    out, inside = [], False
    for kind, text in found:
        if (kind == "bullet") != inside:
            out.append(r"\begin{itemize}" if kind == "bullet" else r"\end{itemize}")
            inside = kind == "bullet"
        forms = {"title": r"\begin{center}\LARGE %s\end{center}", "heading": r"\section*{%s}", "bullet": r"\item %s", "paragraph": "%s\n"}
        out.append(forms[kind] % escape(text))
    out += [r"\end{itemize}"] * inside
    head = rf"\documentclass[10pt,a4paper{options}]{{article}}\usepackage[utf8]{{inputenc}}\usepackage[margin=2cm]{{geometry}}"
    return head + r"\pagestyle{empty}\begin{document}" + "\n".join(out) + r"\end{document}"


def run(*command, cwd):
    subprocess.run(command, cwd=cwd, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def main():
    TARGET.mkdir(parents=True, exist_ok=True)
    for source in sorted(SOURCE.glob("*.resume.*")):
        name = source.name.split(".")[0]
        found = blocks(source)
        one, two = [found], list(split(found))
        plain = "body { font: 11pt Liberation Sans; margin: 1cm }"
        grid = plain + " body { display: grid; grid-template-columns: 6cm 1fr; gap: 1cm }"
        sides = "".join(f"<div>{markup(c)}</div>" for c in two)

        def keep(built, layout, columns):
            target = TARGET / f"{name}.{layout}{built.suffix}"
            target.write_bytes(built.read_bytes())
            words = "\n\f\n".join("\n".join(text for _, text in c) for c in columns)
            target.with_suffix(target.suffix + ".txt").write_text(words + "\n")

        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            (folder / "page.html").write_text(page(plain, markup(found)))
            keep(folder / "page.html", "one", one)
            for layout, columns, body, style in [("one", one, markup(found), plain), ("two", two, sides, grid)]:
                (folder / "print.html").write_text(page(style, body))
                run("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
                    "--print-to-pdf=print.pdf", "print.html", cwd=folder)
                keep(folder / "print.pdf", f"chromium-{layout}", columns)
                (folder / "text.fodt").write_text(fodt(columns))
                for kind in ["docx", "pdf"]:
                    run("soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", kind, "text.fodt", cwd=folder)
                    keep(folder / f"text.{kind}", f"libreoffice-{layout}", columns)
            for layout, options in [("one", ""), ("flowing", ",twocolumn")]:
                (folder / "text.tex").write_text(latex(found, options))
                run("pdflatex", "-interaction=nonstopmode", "text.tex", cwd=folder)
                keep(folder / "text.pdf", f"latex-{layout}", one)


if __name__ == "__main__":
    main()
