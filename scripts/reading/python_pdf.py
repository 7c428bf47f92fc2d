"""Resumes by Python's PDF libraries: ReportLab's layout engine and its bare canvas, and fpdf2."""

from xml.sax.saxutils import escape

from fpdf import FPDF
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, FrameBreak, ListFlowable, PageTemplate, Paragraph, Table

SANS = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
BOLD = "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf"
# A fixed date, so that a file does not change from run to run.
FIXED = 1


def fonts():
    pdfmetrics.registerFont(TTFont("Sans", SANS))
    pdfmetrics.registerFont(TTFont("Sans-Bold", BOLD))


def platypus(columns, target, hidden=None, way=None):
    """Paragraphs in one frame, or in a narrow and a wide one."""
    fonts()
    style = lambda size, bold=False, **more: ParagraphStyle("s", fontName="Sans-Bold" if bold else "Sans", fontSize=size, leading=size * 1.35, **more)
    body, heading, big = style(9.5), style(12, True, spaceBefore=9, spaceAfter=3), style(20, True, spaceAfter=4)

    def flow(column):
        story, items = [], []

        def close():
            if items:
                story.append(ListFlowable([Paragraph(escape(item), body) for item in items], bulletType="bullet", start="•", leftIndent=12))
                items.clear()

        for block in column:
            if block.kind == "bullet":
                items.append(block.text)
                continue
            close()
            if block.kind == "entry" and len(columns) == 2:
                left = Paragraph(f'<font name="Sans-Bold">{escape(block.text)}</font><br/>{escape(block.firm)}', body)
                story.append(Table([[left, Paragraph(escape(block.dates), style(9, alignment=2))]], colWidths=[330, 165], style=[("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]))
            elif block.kind == "entry":
                story += [Paragraph(escape(one), style(9.5, bold)) for one, bold in [(block.text, True), (block.firm, False), (block.dates, False)] if one]
            else:
                story.append(Paragraph(escape(block.text), {"name": big, "heading": heading}.get(block.kind, body)))
        close()
        return story

    width, height = A4
    if len(columns) == 2:
        frames, story = [Frame(50, 50, width - 100, height - 100)], flow(columns[0] + columns[1])
    else:
        top = 125
        frames = [Frame(40, height - top - 30, width - 80, top), Frame(40, 40, 160, height - top - 75), Frame(215, 40, width - 255, height - top - 75)]
        story = flow(columns[0]) + [FrameBreak()] + flow(columns[1]) + [FrameBreak()] + flow(columns[2])
    if way == "white":
        story.append(Paragraph(escape(hidden), style(9, textColor=colors.white)))
    elif way == "tiny":
        story.append(Paragraph(escape(hidden), style(1)))
    BaseDocTemplate(target, pagesize=A4, invariant=FIXED, pageTemplates=[PageTemplate(frames=frames)]).build(story)


def canvas(columns, target, hidden=None, way=None):
    """Lines drawn at their places with the standard fonts, long ones cut at words, headings of the text's own size."""
    page = Canvas(target, pagesize=A4, invariant=FIXED)
    y = 800

    def line(text, x=60, font="Helvetica", size=10, wide=470):
        nonlocal y
        words, now = text.split(), ""
        for word in [*words, None]:
            if word is None or page.stringWidth(f"{now} {word}", font, size) > wide:
                page.setFont(font, size)
                page.drawString(x, y, now)
                y -= size * 1.3
                now = word or ""
            else:
                now = f"{now} {word}".strip()

    for block in [b for column in columns for b in column]:
        match block.kind:
            case "name":
                line(block.text, size=18, font="Times-Bold")
            case "heading":
                y -= 9
                line(block.text, font="Helvetica-Bold")
            case "entry":
                page.setFont("Helvetica", 10)
                page.drawRightString(535, y, block.dates)
                line(block.text + (", " if block.firm else "") + block.firm)
            case "bullet":
                page.setFont("Symbol", 10)
                page.drawString(64, y, "\u2022")
                line(block.text, x=76)
            case _:
                line(block.text)
    if way:
        text = page.beginText(60, 70 if way != "outside" else -400)
        text.setFont("Helvetica", 9)
        if way == "render-mode":
            text.setTextRenderMode(3)
        elif way == "near-white":
            text.setFillColorRGB(0.99, 0.99, 0.99)
        elif way == "transparent":
            page.setFillAlpha(0)
        text.textLine(hidden)
        page.drawText(text)
        if way == "covered":
            page.setFillColorRGB(1, 1, 1)
            page.rect(40, 60, 520, 30, stroke=0, fill=1)
    page.save()


def fpdf(columns, target, hidden=None, way=None):
    """Cells one after the other, or a narrow and a wide column on one page."""
    pdf = FPDF(format="A4")
    pdf.set_creation_date(__import__("datetime").datetime(2026, 11, 1, tzinfo=__import__("datetime").timezone.utc))
    pdf.add_page()
    pdf.add_font("Sans", fname=SANS)
    pdf.add_font("Sans", style="B", fname=BOLD)

    def flow(column, x, wide):
        for block in column:
            pdf.set_x(x)
            cell = lambda text, style="", size=10, indent=0: (pdf.set_font("Sans", style, size), pdf.set_x(x + indent), pdf.multi_cell(wide - indent, size * 0.5, text, align="L", new_x="LEFT", new_y="NEXT"))
            match block.kind:
                case "name":
                    cell(block.text, "B", 18)
                case "heading":
                    pdf.ln(3)
                    cell(block.text, "B", 12)
                case "entry" if len(columns) == 2 and block.firm:
                    pdf.set_font("Sans", "B", 10)
                    pdf.cell(wide - 60, 5, f"{block.text}")
                    pdf.set_font("Sans", "", 10)
                    pdf.cell(60, 5, block.dates, align="R", new_x="LMARGIN", new_y="NEXT")
                    cell(block.firm)
                case "entry":
                    cell(block.text, "B")
                    for one in (block.firm, block.dates):
                        if one:
                            cell(one)
                case "bullet":
                    cell("– " + block.text, indent=3)
                case _:
                    cell(block.text)

    flow(columns[0], 15, 180)
    top = pdf.get_y() + 2
    if len(columns) == 2:
        flow(columns[1], 15, 180)
    else:
        pdf.set_y(top)
        flow(columns[1], 15, 55)
        pdf.set_y(top)
        flow(columns[2], 78, 117)
    if way == "white":
        pdf.set_text_color(255, 255, 255)
        flow([type(columns[0][0])("paragraph", hidden)], 15, 180)
    pdf.output(target)


TEMPLATES = {"reportlab": platypus, "canvas": canvas, "fpdf2": fpdf}
