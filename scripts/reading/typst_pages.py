"""Resumes in Typst."""


def escape(text):
    return "".join("\\" + c if c in "\\#*_$@<>[]`~=-+/'\"" else c for c in text)


def flow(column, entry):
    out = []
    for block in column:
        text = escape(block.text)
        match block.kind:
            case "name":
                out.append(f"#text(22pt, weight: \"bold\")[{text}]\n")
            case "heading":
                out.append(f"== {text}\n")
            case "entry":
                out.append(entry(text, escape(block.firm), escape(block.dates)))
            case "bullet":
                out.append(f"- {text}")
            case _:
                out.append(text + "\n")
    return "\n".join(out)


def one(columns, trick=""):
    entry = lambda t, f, d: f"#block[*{t}* #h(1fr) {d} \\ {f}]\n"
    contact = " #h(8pt) ".join(escape(b.text) for b in columns[0] if b.kind == "contact")
    head = flow([b for b in columns[0] if b.kind != "contact"], entry)
    return f'#set page(paper: "a4", margin: 2cm)\n#set text(10pt)\n#set par(justify: true)\n{head}\n{contact}\n\n{flow(columns[1], entry)}\n{trick}'


def two(columns, trick=""):
    entry = lambda t, f, d: f"#block[*{t}* \\ #emph[{f}] \\ #text(8pt)[{d}]]\n"
    head, narrow, wide = (flow(column, entry) for column in columns)
    return (
        '#set page(paper: "a4", margin: 1.5cm)\n#set text(9.5pt)\n#show heading: it => block(text(11pt, fill: rgb("#0a5"), it.body))\n'
        f"{head}\n#grid(columns: (2fr, 1fr), column-gutter: 14pt, [\n{wide}\n{trick}\n], [\n{narrow}\n])"
    )


def band(columns, trick=""):
    """White text on a dark band, headings beside their sections."""
    entry = lambda t, f, d: f"#grid(columns: (1fr, auto), [*{t}*, {f}], [{d}])\n"
    head = flow(columns[0], entry)
    sections, out = [], []
    for block in columns[1]:
        if block.kind == "heading":
            sections.append([block.text, []])
        else:
            sections[-1][1].append(block)
    for heading, blocks in sections:
        out.append(f'#grid(columns: (90pt, 1fr), column-gutter: 10pt, text(weight: "bold", fill: rgb("#135"))[{escape(heading)}], [\n{flow(blocks, entry)}\n])\n#v(6pt)')
    return (
        '#set page(paper: "a4", margin: 1.6cm)\n#set text(10pt)\n#block(fill: rgb("#223"), inset: 12pt, width: 100%)[#set text(fill: white)\n'
        f"{head}\n]\n" + "\n".join(out) + "\n" + trick
    )


TEMPLATES = {"one": one, "two": two, "band": band}
HIDDEN = {"white": "#text(fill: white)[{}]", "tiny": "#text(0.8pt)[{}]", "outside": "#place(dx: -900pt)[{}]", "near-white": '#text(fill: rgb("#fefefe"))[{}]', "covered": '#box[#place(box(width: 100%, height: 9pt)[#text(7pt)[{}]])#place(rect(width: 480pt, height: 24pt, fill: white, stroke: none, outset: 4pt))]'}
