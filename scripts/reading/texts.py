"""Resumes as plain text: wrapped and not, with the bullets of many keyboards, and as Markdown."""

import textwrap

SIGNS = {"dash": "- ", "star": "* ", "dot": "\u2022 ", "arrow": "\u27a4 ", "o": "o ", "square": "\u25aa ", "symbol": "\uf0b7 "}


def text(columns, sign="dash", width=None, one_line=False, caps=False, indent="", ending="\n"):
    out = []

    def put(line, first="", rest=""):
        if width:
            out.extend(textwrap.wrap(line, width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False))
        else:
            out.append(first + line)

    before = None
    for block in [b for column in columns for b in column]:
        match block.kind:
            case "heading":
                out.extend(["", block.text.upper() if caps else block.text])
            case "entry" if one_line:
                out.append(", ".join(filter(None, [block.text, block.firm])) + (f"  ({block.dates})" if block.dates else ""))
            case "entry":
                out.extend(([""] if before == "bullet" else []) + [one for one in (block.text, block.firm, block.dates) if one])
            case "bullet":
                put(block.text, indent + SIGNS[sign], indent + "  ")
            case _:
                put(block.text)
        before = block.kind
    return ending.join(out) + ending


def markdown(columns):
    out = []
    for block in [b for column in columns for b in column]:
        match block.kind:
            case "name":
                out.append(f"# {block.text}\n")
            case "heading":
                out.append(f"\n## {block.text}\n")
            case "entry":
                out.append(f"\n**{block.text}**" + (f", {block.firm}" if block.firm else "") + (f"  \n*{block.dates}*\n" if block.dates else "\n"))
            case "bullet":
                out.append(f"- {block.text}")
            case _:
                out.append(f"{block.text}\n")
    return "\n".join(out) + "\n"
