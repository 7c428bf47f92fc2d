"""Resumes in LaTeX: the article class, moderncv, europecv, tables of two columns, paracol."""

SIGNS = [("\\", r"\textbackslash{}"), ("&", r"\&"), ("%", r"\%"), ("#", r"\#"), ("_", r"\_"), ("$", r"\$"), ("|", r"\textbar{}"), ("~", r"\textasciitilde{}"), ("^", r"\textasciicircum{}")]
# Ways to hide text.
HIDDEN = {
    "white": r"{\color{white}%s\par}",
    "tiny": r"{\fontsize{1}{1}\selectfont %s\par}",
    "render-mode": r"\pdfliteral direct{3 Tr}%s\par\pdfliteral direct{0 Tr}",
    "outside": r"\vadjust{\hbox to 0pt{\kern-900pt\hbox{%s}\hss}}",
}


def escape(text):
    for a, b in SIGNS:
        text = text.replace(a, b)
    return text.replace("—", "---").replace("–", "--").replace('"', "''")


def lists(column, heading, entry, plain="%s\\par", environment="itemize"):
    out, inside = [], False
    for block in column:
        if (block.kind == "bullet") != inside:
            out.append(r"\begin{%s}" % environment if block.kind == "bullet" else r"\end{%s}" % environment)
            inside = not inside
        text = escape(block.text)
        match block.kind:
            case "heading":
                out.append(heading % text)
            case "entry":
                out.append(entry(text, escape(block.firm), escape(block.dates)))
            case "bullet":
                out.append(r"\item %s" % text)
            case _:
                out.append(plain % text)
    return "\n".join(out + [r"\end{%s}" % environment] * inside)


def head(columns):
    """The name, the title and the contact of the first column."""
    by = lambda kind: [escape(b.text) for b in columns[0] if b.kind == kind]
    return by("name")[0], by("title")[0], by("contact")


PREAMBLE = r"""\documentclass[10pt,a4paper]{article}
\usepackage[T1]{fontenc}\usepackage[utf8]{inputenc}\usepackage{%FONT%}
\usepackage[margin=2cm]{geometry}\usepackage{enumitem,xcolor,tabularx,titlesec,paracol}
\setlength{\parindent}{0pt}\pagestyle{empty}\setlist{nosep,leftmargin=1.2em}
\titleformat{\section}{\large\bfseries}{}{0pt}{}[\titlerule]\titlespacing{\section}{0pt}{10pt}{4pt}
"""


def preamble(font):
    return PREAMBLE.replace("%FONT%", font)


def article(columns, trick=""):
    """The usual one-page template: title and dates on one line, the firm below."""
    name, title, contact = head(columns)
    entry = lambda t, f, d: r"\textbf{%s}\hfill %s\\ \textit{%s}\par" % (t, d, f) if f else r"\textbf{%s}\hfill %s\par" % (t, d)
    text = lists(columns[1], r"\section*{%s}", entry)
    return preamble("mathptmx") + r"\begin{document}\begin{center}{\Huge\scshape %s}\\[2pt] {\large %s}\\ %s\end{center}%s%s\end{document}" % (
        name, title, r" $|$ ".join(contact), "\n" + text, "\n" + trick)


def tabular(columns, trick=""):
    """Entries as tables of the line's width, as a popular template for engineers has them."""
    name, title, contact = head(columns)
    entry = lambda t, f, d: r"\begin{tabular*}{\textwidth}[t]{l@{\extracolsep{\fill}}r}\textbf{%s} & %s \\ \textit{\small %s} & \\ \end{tabular*}\par" % (t, d, f)
    text = lists(columns[1], r"\section*{\scshape %s}", entry, r"{\small %s}\par")
    return preamble("charter") + r"\begin{document}\begin{center}\textbf{\Huge \scshape %s}\\ \vspace{1pt}\small %s\\ %s\end{center}%s%s\end{document}" % (
        name, title, r" $\cdot$ ".join(contact), "\n" + text, "\n" + trick)


def paracol(columns, trick=""):
    """A narrow and a wide column side by side."""
    name, title, contact = head(columns)
    entry = lambda t, f, d: r"\textbf{%s}\par\textcolor{teal}{%s}\par{\small %s}\par" % (t, f, d)
    narrow, wide = (lists(column, r"\section*{\color{teal}%s}", entry) for column in columns[1:])
    return preamble("bookman") + (
        r"\begin{document}{\Huge\bfseries %s}\par{\large %s}\par %s\par\columnratio{0.62}\begin{paracol}{2}%s%s\switchcolumn %s\end{paracol}\end{document}"
        % (name, title, r"\quad ".join(contact), "\n" + wide, "\n" + trick, "\n" + narrow))


def moderncv(columns, trick="", style="classic", lang="en"):
    """The class that most LaTeX resumes use; dates stand in the left margin."""
    name, title, contact = head(columns)
    first, _, last = name.partition(" ")
    # The other styles fail without an address.
    reach = r"\extrainfo{%s}" % r"\\ ".join(contact) if style == "classic" else r"\address{%s}{%s}{%s}" % (contact[0], contact[1], r" \quad ".join(contact[2:]))
    line = lambda text: r"\cvitem{}{%s}" % text
    entry = lambda t, f, d: r"\cventry{%s}{%s}{%s}{}{}{}" % (d, t, f)
    out = []
    for block in columns[1]:
        text = escape(block.text)
        match block.kind:
            case "heading":
                out.append(r"\section{%s}" % text)
            case "entry":
                out.append(entry(text, escape(block.firm), escape(block.dates)))
            case "bullet":
                out.append(r"\cvlistitem{%s}" % text)
            case _:
                out.append(line(text))
    return (
        r"\documentclass[10pt,a4paper,sans]{moderncv}\moderncvstyle{%s}\moderncvcolor{blue}\usepackage[utf8]{inputenc}\usepackage[scale=0.8]{geometry}"
        r"\name{%s}{%s}\title{%s}%s\nopagenumbers{}\begin{document}\makecvtitle %s%s\end{document}"
        % (style, first, last, title, reach, "\n" + "\n".join(out), "\n" + trick))


def europecv(columns, trick=""):
    """The European form: labels in a narrow left column, a rule, values in the right one."""
    name, title, contact = head(columns)
    rows = [r"\multicolumn{2}{l}{\Large\bfseries %s}\\[4pt]" % name, r" & %s\\" % title] + [r" & %s\\" % one for one in contact]
    for block in columns[1]:
        text = escape(block.text)
        match block.kind:
            case "heading":
                rows.append(r"\\[-4pt]\multicolumn{2}{l}{\bfseries\color{blue} %s}\\[2pt]" % text)
            case "entry":
                rows.append(r"%s & \textbf{%s}\newline %s\\" % (escape(block.dates), text, escape(block.firm)))
            case "bullet":
                rows.append(r" & \textbullet\ %s\\" % text)
            case _:
                rows.append(r" & %s\\" % text)
    return preamble("lmodern") + r"\usepackage{longtable}\begin{document}\begin{longtable}{>{\raggedleft\arraybackslash}p{4.1cm}|p{11.5cm}}%s\end{longtable}%s\end{document}" % (
        "\n".join(rows), trick)


TEMPLATES = {"article": article, "tabular": tabular, "paracol": paracol, "moderncv-classic": moderncv, "europecv": europecv,
             "moderncv-banking": lambda c, trick="": moderncv(c, trick, "banking"), "moderncv-casual": lambda c, trick="": moderncv(c, trick, "casual")}
