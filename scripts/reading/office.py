"""Resumes as DOCX by python-docx, and as flat OpenDocument for LibreOffice."""

from html import escape

from docx import Document
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm, Pt, RGBColor

NAMESPACE = nsdecls("w")


def fill(place, column, manual=False, tabs=False):
    """Paragraphs for the blocks; bullets by the list style, or typed."""
    for block in column:
        match block.kind:
            case "name":
                place.add_paragraph(block.text, style="Title")
            case "heading":
                if manual:
                    run = place.add_paragraph().add_run(block.text)
                    run.bold, run.font.size = True, Pt(12)
                else:
                    place.add_paragraph(block.text, style="Heading 1")
            case "entry":
                paragraph = place.add_paragraph()
                paragraph.add_run(block.text).bold = True
                if tabs:
                    paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(16), WD_TAB_ALIGNMENT.RIGHT)
                    paragraph.add_run("\t" + block.dates)
                    if block.firm:
                        place.add_paragraph(block.firm)
                else:
                    for one in (block.firm, block.dates):
                        if one:
                            paragraph.add_run().add_break()
                            paragraph.add_run(one)
            case "bullet" if manual:
                place.add_paragraph("\u27a2\t" + block.text)
            case "bullet":
                place.add_paragraph(block.text, style="List Bullet")
            case _:
                place.add_paragraph(block.text)


def hide(document, hidden, way):
    if way == "comment":
        paragraph = document.add_paragraph()
        document.add_comment(paragraph.add_run(" "), text=hidden, author="Reviewer", initials="R")
        return
    paragraph = document.add_paragraph()
    if way == "deleted":
        mark = f'<w:del {NAMESPACE} w:id="90" w:author="Editor" w:date="2026-01-01T00:00:00Z"><w:r><w:delText xml:space="preserve">{escape(hidden)}</w:delText></w:r></w:del>'
        paragraph._p.append(parse_xml(mark))
        return
    run = paragraph.add_run(hidden)
    if way == "vanish":
        run.font.hidden = True
    elif way == "white":
        run.font.color.rgb = RGBColor(255, 255, 255)
    elif way == "tiny":
        run.font.size = Pt(1)


def docx(columns, target, hidden=None, way=None, form="styles"):
    document = Document()
    document.core_properties.author = ""
    if form == "header":
        # The name and the contact in the page's header.
        header = document.sections[0].header
        header.paragraphs[0].text = columns[0][0].text
        for block in columns[0][1:]:
            header.add_paragraph(block.text)
        fill(document, columns[1])
    elif form == "table":
        fill(document, columns[0])
        table = document.add_table(rows=1, cols=2)
        for cell, column in zip(table.rows[0].cells, columns[1:]):
            fill(cell, column)
            cell._element.remove(cell.paragraphs[0]._p)
    elif form == "box":
        # The narrow column in a text box, with the fallback that older programs read.
        fill(document, columns[0])
        inner = "".join(f'<w:p><w:r>{"<w:rPr><w:b/></w:rPr>" if b.kind == "heading" else ""}<w:t>{escape(b.text)}</w:t></w:r></w:p>' for b in columns[1])
        shape = '<v:shape xmlns:v="urn:schemas-microsoft-com:vml" style="position:absolute;width:160pt;height:300pt"><v:textbox><w:txbxContent>%s</w:txbxContent></v:textbox></v:shape>' % inner
        document.add_paragraph()._p.append(parse_xml(f"<w:r {NAMESPACE}><w:pict>{shape}</w:pict></w:r>"))
        fill(document, columns[2])
    else:
        fill(document, columns[0] + columns[1], manual=form == "manual", tabs=form in ("tabs", "manual"))
    if form == "styles":
        # A change that was tracked: what was inserted counts.
        mark = f'<w:ins {NAMESPACE} w:id="7" w:author="Editor" w:date="2026-01-01T00:00:00Z"><w:r><w:t></w:t></w:r></w:ins>'
        document.paragraphs[-1]._p.append(parse_xml(mark))
    if way:
        hide(document, hidden, way)
    document.save(target)


def fodt(columns):
    """A flat OpenDocument text; two columns are a table without borders."""
    styles = {"name": "Title", "heading": "Heading_20_1"}

    def flow(column):
        out = []
        for block in column:
            text = escape(block.text)
            match block.kind:
                case "name" | "heading":
                    out.append(f'<text:h text:style-name="{styles[block.kind]}" text:outline-level="1">{text}</text:h>')
                case "bullet":
                    out.append(f'<text:list text:style-name="L1"><text:list-item><text:p>{text}</text:p></text:list-item></text:list>')
                case "entry":
                    firm = f"<text:line-break/>{escape(block.firm)}" if block.firm else ""
                    out.append(f"<text:p>{text}<text:tab/>{escape(block.dates)}{firm}</text:p>")
                case _:
                    out.append(f"<text:p>{text}</text:p>")
        return "".join(out).replace("</text:list-item></text:list><text:list text:style-name=\"L1\">", "</text:list-item>")

    if len(columns) == 2:
        body = flow(columns[0] + columns[1])
    else:
        cells = "".join(f"<table:table-cell>{flow(c)}</table:table-cell>" for c in columns[1:])
        body = flow(columns[0]) + (
            '<table:table table:name="T"><table:table-column table:style-name="A"/><table:table-column table:style-name="B"/>'
            f"<table:table-row>{cells}</table:table-row></table:table>"
        )
    urns = {"office": "office", "text": "text", "table": "table", "style": "style", "fo": "xsl-fo-compatible"}
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{u}:1.0"' for n, u in urns.items())
    automatic = (
        '<office:automatic-styles><text:list-style style:name="L1"><text:list-level-style-bullet text:level="1" text:bullet-char="•">'
        '<style:list-level-properties text:list-level-position-and-space-mode="label-alignment"><style:list-level-label-alignment text:label-followed-by="listtab" fo:text-indent="-0.5cm" fo:margin-left="0.5cm"/></style:list-level-properties></text:list-level-style-bullet></text:list-style>'
        '<style:style style:name="A" style:family="table-column"><style:table-column-properties style:column-width="5.5cm"/></style:style>'
        '<style:style style:name="B" style:family="table-column"><style:table-column-properties style:column-width="11.5cm"/></style:style></office:automatic-styles>'
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {spaces} office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text">'
        f"{automatic}<office:body><office:text>{body}</office:text></office:body></office:document>"
    )
