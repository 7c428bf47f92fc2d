"""Resumes as pages: for browsers that print, for print tools, and as HTML files of job boards and mail programs."""

from html import escape

STYLES = {
    # One column, dates at the right edge.
    "plain": """body{font:10.5pt/1.35 Georgia,'DejaVu Serif',serif;margin:0} h1{font-size:22pt;margin:0} h2{font-size:13pt;border-bottom:1px solid #444;margin:14pt 0 4pt}
        .entry{display:flex;justify-content:space-between} .entry b{flex:1} .entry i,.entry em{margin-left:10pt} ul{margin:2pt 0 6pt;padding-left:16pt} .contact span+span:before{content:' | '} p{margin:3pt 0}""",
    # A dark side bar with white text.
    "sidebar": """body{font:9.5pt/1.4 'Lato','DejaVu Sans',sans-serif;margin:0} .columns{display:grid;grid-template-columns:34% 66%} .side{background:#1f3347;color:#fff;padding:14pt}
        .main{padding:14pt} h1{font-size:20pt;margin:0} h2{font-size:11pt;text-transform:none;margin:12pt 0 4pt;color:inherit} .entry b,.entry i,.entry em{display:block} ul{padding-left:12pt;margin:2pt 0} p{margin:2pt 0}""",
    # Two even columns whose lines share their baselines.
    "even": """body{font:10pt/14pt 'Liberation Sans','DejaVu Sans',sans-serif;margin:0} .columns{display:grid;grid-template-columns:1fr 1fr;gap:16pt} h1{font-size:18pt;line-height:28pt;margin:0}
        h2{font-size:10pt;line-height:14pt;margin:14pt 0 0} p,ul,.entry{margin:0} ul{padding-left:12pt} .entry b,.entry i,.entry em{display:block}""",
    # A dark band on top, wide letters in headings.
    "band": """body{font:10pt/1.4 'DejaVu Sans',sans-serif;margin:0} header{background:#222;color:#fff;padding:18pt} h1{margin:0;letter-spacing:2px} h2{font-size:11pt;letter-spacing:3px;color:#a33;margin:12pt 0 3pt}
        section{padding:0 18pt} .entry em{float:right} ul{margin:2pt 0;padding-left:14pt} p{margin:2pt 0}""",
    # Dates in a column of their own.
    "dates": """body{font:10pt/1.35 'Liberation Serif','DejaVu Serif',serif;margin:0} h2{font-size:12pt;margin:10pt 0 2pt} table{border-collapse:collapse;width:100%} td{vertical-align:top;padding:1pt 4pt} td:first-child{width:27%;color:#555}
        ul{margin:0;padding-left:14pt} p{margin:2pt 0}""",
    # Blocks placed at absolute positions, as drawing programs do.
    "placed": """body{font:9pt/1.35 'Lato','DejaVu Sans',sans-serif;margin:0;position:relative;height:1020px} h1{font-size:26pt;margin:0} h2{font-size:10pt;margin:8pt 0 2pt;text-transform:uppercase}
        .side{position:absolute;left:475px;top:130px;width:200px} .main{position:absolute;left:0;top:130px;width:440px} .entry b,.entry i,.entry em{display:block;font-style:normal} ul{padding-left:12pt;margin:2pt 0} p{margin:2pt 0}""",
    # Skills as tags in a grid.
    "tags": """body{font:10pt/1.4 'Liberation Sans','DejaVu Sans',sans-serif;margin:0} h1{margin:0;font-weight:300} h2{font-size:12pt;border-left:4px solid #2a7;padding-left:6pt;margin:12pt 0 4pt} .entry em{color:#666}
        .tags{display:grid;grid-template-columns:repeat(3,1fr);gap:4pt} .tags span{background:#eef;padding:2pt 5pt} ul{margin:2pt 0;padding-left:14pt} p{margin:2pt 0}""",
    # A profile as social networks export it: the narrow column comes first.
    "profile": """body{font:10.5pt/1.4 'Liberation Sans','DejaVu Sans',sans-serif;margin:0} .columns{display:grid;grid-template-columns:30% 70%} .side{background:#293e49;color:#e8eef2;padding:16pt;min-height:940px} .main{padding:16pt}
        h1{font-size:24pt;font-weight:400;margin:0} h2{font-size:14pt;font-weight:400;margin:14pt 0 5pt} .entry i,.entry b,.entry em{display:block;font-weight:400;font-style:normal} ul{list-style:none;padding:0;margin:2pt 0} p{margin:2pt 0}""",
}

# Ways to hide text in a page.
HIDDEN = {
    "white": '<p style="color:#fff;font-size:9pt">{}</p>',
    "near-white": '<p style="color:#fdfdfd;background:#fff">{}</p>',
    "tiny": '<p style="font-size:1px;line-height:1px">{}</p>',
    "opacity": '<p style="opacity:0">{}</p>',
    "outside": '<p style="position:absolute;left:-4000px;top:40px">{}</p>',
    "covered": '<div style="position:relative"><p style="margin:0">{}</p><div style="position:absolute;inset:0;background:#fff"></div></div>',
    "clipped": '<div style="height:0;overflow:hidden"><p>{}</p></div>',
    "display": '<p style="display:none">{}</p>',
    "visibility": '<span style="visibility: hidden">{}</span>',
    "attribute": "<p hidden>{}</p>",
    "comment": "<!-- {} -->",
    "style-sheet": "<style>.x9{{display:none}}</style><div class=x9><p>{}</p></div>",
}
# A grown tool draws nothing for the rest.
DRAWN = ("white", "near-white", "tiny", "opacity", "covered")


def entry(block, order):
    parts = {"title": f"<b>{escape(block.text)}</b>", "firm": f"<i>{escape(block.firm)}</i>", "dates": f"<em>{escape(block.dates)}</em>"}
    shown = [parts[part] for part in order.split() if block.firm or part != "firm"]
    return '<div class="entry">' + " ".join(shown) + "</div>"


def flow(column, order="title firm dates", tags=False):
    out, inside = [], False
    for block in column:
        if (block.kind == "bullet") != inside:
            out.append("<ul>" if block.kind == "bullet" else "</ul>")
            inside = not inside
        text = escape(block.text)
        match block.kind:
            case "name":
                out.append(f"<h1>{text}</h1>")
            case "title":
                out.append(f'<p class="title">{text}</p>')
            case "heading":
                out.append(f"<h2>{text}</h2>")
            case "entry":
                out.append(entry(block, order))
            case "bullet":
                out.append(f"<li>{text}</li>")
            case "skills" if tags:
                out.append('<div class="tags">' + "".join(f"<span>{escape(one)}</span>" for one in block.text.split(", ")) + "</div>")
            case _:
                out.append(f"<p>{text}</p>")
    return "\n".join(out + ["</ul>"] * inside)


def table(column):
    """Dates in the left cell, everything else in the right one."""
    out, rows = [], []

    def close():
        if rows:
            out.append("<table>" + "".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in rows) + "</table>")
            rows.clear()

    for block in column:
        if block.kind == "heading":
            close()
            out.append(f"<h2>{escape(block.text)}</h2>")
        elif block.kind == "entry":
            rows.append([escape(block.dates), f"<b>{escape(block.text)}</b><br>{escape(block.firm)}"])
        elif rows:
            rows[-1][1] += flow([block]) if block.kind != "bullet" else f"<ul><li>{escape(block.text)}</li></ul>"
        else:
            out.append(flow([block]))
    close()
    return "\n".join(out).replace("</ul><ul>", "")


def contacts(blocks):
    return '<p class="contact">' + "".join(f"<span>{escape(b.text)}</span> " for b in blocks) + "</p>"


def body(style, columns, hidden=None, way=None):
    head = [b for b in columns[0] if b.kind != "contact"]
    contact = [b for b in columns[0] if b.kind == "contact"]
    top = "<header>" + flow(head) + (contacts(contact) if contact else "") + "</header>"
    order = {"band": "dates title firm", "profile": "firm title dates", "sidebar": "title dates firm"}.get(style, "title firm dates")
    tricks = HIDDEN[way].format(escape(hidden)) if way else ""
    if len(columns) == 3:
        inner = f'<div class="columns"><div class="side">{flow(columns[1])}</div><div class="main">{flow(columns[2], order)}{tricks}</div></div>'
        return top + inner
    middle = table(columns[1]) if style == "dates" else flow(columns[1], order, tags=style == "tags")
    return f"{top}<section>{middle}{tricks}</section>"


def page(style, lang, inside, margin="16mm"):
    direction = ' dir="rtl"' if lang == "ar" else ""
    margin = "0" if style == "band" else margin
    return (
        f'<!DOCTYPE html><html lang="{lang}"{direction}><head><meta charset="utf-8"><title>Resume</title>'
        f"<style>@page{{size:A4;margin:{margin}}}*{{-webkit-print-color-adjust:exact}}{STYLES[style]}</style></head><body>{inside}</body></html>"
    )


def job_board(columns, hidden=None, way=None):
    """A fragment of nested boxes without a head, as job boards store what was typed into their editors."""
    out = []
    for block in [b for column in columns for b in column]:
        text = escape(block.text)
        match block.kind:
            case "heading":
                out.append(f'<div class="css-1x8hs"><div><strong>{text}</strong></div></div><div><br></div>')
            case "bullet":
                out.append(f'<div class="li">&bull;&nbsp;{text}</div>')
            case "entry":
                out.append(f"<div><span>{text}</span><br/><span>{escape(block.firm)}</span><br/><span>{escape(block.dates)}</span></div>")
            case _:
                out.append(f"<div>{text}</div>")
    if way:
        out.append(HIDDEN[way].format(escape(hidden)))
    return '<div class="resume-body"><div>' + "\n".join(out) + "</div></div>"


def mail(columns, hidden=None, way=None):
    """What a word processor's mail program sends."""
    out = []
    for block in [b for column in columns for b in column]:
        text = escape(block.text)
        match block.kind:
            case "heading":
                out.append(f"<p class=MsoNormal><b><span style='font-size:13.0pt'>{text}<o:p></o:p></span></b></p>")
            case "bullet":
                out.append(f"<p class=MsoListParagraph style='text-indent:-18.0pt'><span style='font-family:Symbol'>·<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp;&nbsp; </span></span>{text}<o:p></o:p></p>")
            case "entry":
                out.append(f"<p class=MsoNormal>{text}, {escape(block.firm)}<span style='mso-tab-count:1'>     </span>{escape(block.dates)}<o:p></o:p></p>".replace(", <span", " <span"))
            case _:
                out.append(f"<p class=MsoNormal>{text}<o:p></o:p></p>")
    if way:
        out.append(HIDDEN[way].format(escape(hidden)))
    return (
        '<!-- generated --><html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns="http://www.w3.org/TR/REC-html40"><head><meta http-equiv=Content-Type content="text/html; charset=utf-8">'
        "<style><!-- p.MsoNormal {margin:0cm;font-size:11.0pt} --></style></head><body lang=EN-GB><div class=WordSection1>" + "\n".join(out) + "</div></body></html>"
    )
