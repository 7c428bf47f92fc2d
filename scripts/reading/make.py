#!/usr/bin/env python3
"""Makes tests/data/reading/: resumes as real programs write them, with what a reader should find in each.

    python3 scripts/reading/make.py [--work DIR] [SUBSTRING]

Needs from Debian: chromium, weasyprint, wkhtmltopdf, libreoffice-writer-nogui, pandoc, poppler-utils, texlive-latex-extra,
texlive-fonts-recommended, fonts-dejavu, fonts-lato, fonts-liberation, fonts-hosny-amiri, fonts-wqy-microhei; from PyPI: typst,
reportlab, fpdf2, python-docx; from npm, in the work folder: pdfkit, pdfmake@0.2, pdf-lib, docx.

The people are the invented ones of people/*.txt. gold.jsonl has one line a file: its columns as lists of blocks, and years, degree,
titles, identity and hidden text. All of it is from the sources, nothing from Portcullis.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import html_pages
import latex
import office
import source
import texts
import typst_pages

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "tests/data/reading"
SECRET = "Falconry gondola xylophone harpsichord ostrich marmalade zeppelin periwinkle"

# (tool, template, people, ways to hide text by person)
PLAN = [
    ("chromium", "plain", "structural-engineer hr-generalist comptable receptionist ar-accountant", {"hr-generalist": "white", "receptionist": "covered"}),
    ("chromium", "sidebar", "software-developer marketing-manager pflegefachkraft pharmacist", {"pharmacist": "opacity"}),
    ("chromium", "even", "accountant social-worker store-manager", {}),
    ("chromium", "band", "intensive-care-nurse attorney ingeniera", {}),
    ("chromium", "dates", "electrician primary-teacher elektroniker", {"electrician": "tiny"}),
    ("chromium", "placed", "graphic-designer chef", {}),
    ("chromium", "tags", "data-analyst", {"data-analyst": "near-white"}),
    ("chromium", "profile", "marketing-manager software-developer", {}),
    ("weasyprint", "plain", "welder biologist warehouse-worker", {"warehouse-worker": "white"}),
    ("weasyprint", "sidebar", "graphic-designer comptable", {}),
    ("weasyprint", "dates", "receptionist ingeniera", {}),
    ("weasyprint", "band", "truck-driver", {}),
    ("wkhtmltopdf", "plain", "primary-teacher attorney elektroniker", {}),
    ("wkhtmltopdf", "dates", "social-worker hr-generalist", {"social-worker": "white"}),
    ("wkhtmltopdf", "tags", "chef accountant", {}),
    ("latex", "article", "structural-engineer attorney biologist comptable", {"attorney": "white"}),
    ("latex", "tabular", "software-developer data-analyst accountant ingeniera", {"data-analyst": "render-mode"}),
    ("latex", "paracol", "marketing-manager social-worker pharmacist", {}),
    ("latex", "moderncv-classic", "primary-teacher elektroniker chef", {}),
    ("latex", "moderncv-banking", "intensive-care-nurse store-manager", {"store-manager": "tiny"}),
    ("latex", "moderncv-casual", "graphic-designer pflegefachkraft", {}),
    ("latex", "europecv", "welder comptable receptionist", {}),
    ("typst", "one", "electrician hr-generalist pflegefachkraft zh-engineer", {"electrician": "outside"}),
    ("typst", "two", "data-analyst truck-driver pharmacist", {"truck-driver": "near-white"}),
    ("typst", "band", "welder biologist ingeniera", {}),
    ("reportlab", "one", "intensive-care-nurse warehouse-worker attorney", {"warehouse-worker": "tiny"}),
    ("reportlab", "two", "structural-engineer store-manager", {}),
    ("canvas", "one", "truck-driver receptionist chef social-worker accountant", {"truck-driver": "render-mode", "chef": "outside", "social-worker": "covered", "accountant": "transparent"}),
    ("fpdf2", "one", "welder hr-generalist elektroniker", {"hr-generalist": "white"}),
    ("fpdf2", "two", "primary-teacher marketing-manager", {}),
    ("pdfkit", "one", "graphic-designer software-developer", {}),
    ("pdfmake", "one", "biologist pharmacist", {}),
    ("pdfmake", "two", "electrician intensive-care-nurse", {}),
    ("pdf-lib", "one", "truck-driver data-analyst", {}),
    ("libreoffice", "one", "structural-engineer comptable zh-engineer ar-accountant", {}),
    ("libreoffice", "two", "chef accountant pflegefachkraft", {}),
    ("libreoffice-docx", "one", "welder primary-teacher", {}),
    ("libreoffice-docx", "two", "social-worker ingeniera", {}),
    ("python-docx", "styles", "attorney elektroniker truck-driver", {"truck-driver": "deleted"}),
    ("python-docx", "manual", "store-manager receptionist", {"receptionist": "white"}),
    ("python-docx", "tabs", "hr-generalist graphic-designer", {"graphic-designer": "vanish"}),
    ("python-docx", "table", "software-developer pharmacist", {"pharmacist": "tiny"}),
    ("python-docx", "header", "intensive-care-nurse zh-engineer", {"intensive-care-nurse": "comment"}),
    ("python-docx", "box", "marketing-manager", {}),
    ("docx-npm", "one", "biologist chef", {}),
    ("docx-npm", "two", "electrician", {}),
    ("pandoc-docx", "one", "data-analyst comptable", {}),
    ("pandoc-pdf", "one", "warehouse-worker", {}),
    ("pandoc-html", "one", "structural-engineer ingeniera", {}),
    ("html", "job-board", "truck-driver hr-generalist electrician", {"electrician": "display"}),
    ("html", "mail", "receptionist accountant pflegefachkraft", {"accountant": "visibility"}),
    ("html", "sidebar", "attorney chef", {"chef": "attribute"}),
    ("html", "plain", "welder ar-accountant", {"welder": "style-sheet"}),
    ("html", "dates", "social-worker store-manager", {"social-worker": "white", "store-manager": "comment"}),
    ("text", "plain", "chef software-developer zh-engineer", {}),
    ("text", "wrapped", "marketing-manager biologist elektroniker", {}),
    ("text", "typewriter", "truck-driver intensive-care-nurse", {}),
    ("text", "one-line", "welder warehouse-worker hr-generalist", {}),
    ("text", "symbols", "primary-teacher pharmacist", {}),
    ("text", "markdown", "data-analyst social-worker", {}),
    ("text", "paste", "structural-engineer store-manager", {}),
]
TEXT_FORMS = {
    "plain": {"sign": "dot"}, "wrapped": {"sign": "dash", "width": 72}, "typewriter": {"sign": "o", "width": 76, "caps": True, "indent": "   ", "ending": "\r\n"},
    "one-line": {"sign": "star", "one_line": True}, "symbols": {"sign": "symbol"},
}
SIDED = {"sidebar", "even", "placed", "profile", "paracol", "two", "table", "box"}
# Whether a reader should report it: what changes a document in the open is neither read nor hidden.
UNDECIDED = {"comment", "deleted"}


def run(*command, **more):
    done = subprocess.run(command, capture_output=True, **more)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))}\n{done.stdout[-2000:]!r}\n{done.stderr[-2000:]!r}")
    return done.stdout


def soffice(work, form, path):
    run("soffice", f"-env:UserInstallation=file://{work}/profile", "--headless", "--convert-to", form, "--outdir", work, path)


def pdf_of_page(tool, page, target, work):
    path = work / "page.html"
    path.write_text(page)
    if tool == "chromium":
        run("chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--user-data-dir={work}/chromium", f"--print-to-pdf={target}", path.as_uri())
    elif tool == "weasyprint":
        run("weasyprint", path, target)
    else:
        run("wkhtmltopdf", "-q", "--page-size", "A4", path, target)


def pdf_of_latex(text, target, work):
    # moderncv asks for the icons of a package of 500 MB; no template shows one.
    (work / "fontawesome5.sty").write_text(r"\newcommand\faIcon[2][]{}\newcommand\faStyle[1]{}\newcommand\faCircle[1][]{\ensuremath{\circ}}")
    (work / "cv.tex").write_text(text)
    run("pdflatex", "-interaction=nonstopmode", "-halt-on-error", "cv.tex", cwd=work, env={"PATH": "/usr/bin:/bin", "HOME": str(work), "SOURCE_DATE_EPOCH": "1793491200"})
    shutil.copyfile(work / "cv.pdf", target)


def make(tool, template, person, way, target, work):
    """Writes the file and returns its columns; files of Node are collected in `NODE`."""
    side = template in SIDED
    columns = source.layout(person, side, contact_in_side=template in ("sidebar", "profile"))
    hidden = SECRET if way else None
    if tool in ("chromium", "weasyprint", "wkhtmltopdf"):
        pdf_of_page(tool, html_pages.page(template, person.lang, html_pages.body(template, columns, hidden, way)), target, work)
    elif tool == "html":
        form = {"job-board": html_pages.job_board, "mail": html_pages.mail}.get(template)
        page = form(columns, hidden, way) if form else html_pages.page(template, person.lang, html_pages.body(template, columns, hidden, way))
        target.write_text(page)
    elif tool == "latex":
        pdf_of_latex(latex.TEMPLATES[template](columns, latex.HIDDEN[way] % SECRET if way else ""), target, work)
    elif tool == "typst":
        import typst

        path = work / "cv.typ"
        path.write_text(typst_pages.TEMPLATES[template](columns, typst_pages.HIDDEN[way].format(SECRET) if way else ""))
        typst.compile(str(path), output=str(target))
    elif tool in ("reportlab", "canvas", "fpdf2"):
        import python_pdf

        python_pdf.TEMPLATES[tool](columns, str(target), hidden, way)
    elif tool == "python-docx":
        office.docx(columns, str(target), hidden, way, template)
    elif tool == "libreoffice":
        (work / "cv.fodt").write_text(office.fodt(columns))
        soffice(work, "pdf", work / "cv.fodt")
        shutil.copyfile(work / "cv.pdf", target)
    elif tool == "libreoffice-docx":
        (work / "cv.fodt").write_text(office.fodt(columns))
        soffice(work, "docx", work / "cv.fodt")
        shutil.copyfile(work / "cv.docx", target)
    elif tool.startswith("pandoc"):
        (work / "cv.md").write_text(texts.markdown(columns))
        more = ["--standalone", "--metadata", "pagetitle=Resume"] if tool == "pandoc-html" else ["-V", "geometry:margin=2cm"] if tool == "pandoc-pdf" else []
        run("pandoc", "-f", "markdown-auto_identifiers", work / "cv.md", "-o", target, *more)
    elif tool == "text" and template == "markdown":
        target.write_text(texts.markdown(columns))
    elif tool == "text" and template == "paste":
        pdf_of_latex(latex.article(columns), work / "paste.pdf", work)
        run("pdftotext", "-layout", work / "paste.pdf", target)
    elif tool == "text":
        target.write_bytes(texts.text(columns, **TEXT_FORMS[template]).encode())
    else:
        name = "docx" if tool == "docx-npm" else tool
        NODE.append({"tool": name, "target": str(target), "columns": [[vars(b) for b in column] for column in columns]})
    return columns


NODE = []


def ending(tool, template):
    if "docx" in tool:
        return "docx"
    if tool in ("html", "pandoc-html"):
        return "html"
    if tool == "text":
        return "md" if template == "markdown" else "txt"
    return "pdf"


def main():
    arguments = sys.argv[1:]
    work = Path(arguments.pop(arguments.index("--work") + 1)) if "--work" in arguments else Path(tempfile.mkdtemp())
    wanted = [one for one in arguments if one != "--work"]
    work.mkdir(exist_ok=True)
    (TARGET / "files").mkdir(parents=True, exist_ok=True)
    people = source.people()
    lines = []
    for tool, template, keys, ways in PLAN:
        for key in keys.split():
            name = f"{key}.{tool}-{template}.{ending(tool, template)}"
            target = TARGET / "files" / name
            way = ways.get(key)
            person = people[key]
            if wanted and not any(one in name for one in wanted):
                side = template in SIDED
                columns = source.layout(person, side, contact_in_side=template in ("sidebar", "profile"))
            else:
                print(name, file=sys.stderr)
                columns = make(tool, template, person, way, target, work)
            line = source.gold(person, columns, [SECRET] if way else [], file=f"files/{name}", tool=tool, layout=template)
            lines.append(line | {"way": way, "reported": None if way in UNDECIDED else way is not None})
    if NODE:
        if not (work / "node_modules").exists():
            run("npm", "install", "--silent", "pdfkit", "pdfmake@0.2", "pdf-lib", "docx", cwd=work)
        shutil.copyfile(source.HERE / "node.mjs", work / "node.mjs")
        run("node", "node.mjs", cwd=work, input=json.dumps(NODE).encode())
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (TARGET / "gold.jsonl").write_text(text)
    print(f"{len(lines)} files", file=sys.stderr)


if __name__ == "__main__":
    main()
