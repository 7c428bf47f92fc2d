"""The invented people of people/*.txt, and the blocks that a layout shows of them.

A line of a person's file is `label: value`, or in a section: `## KIND|KIND | Heading`, `@ title | firm | dates | months`,
`- list item`, `* skills`, `i identity`, `p paragraph`. The months (`2018-03..now`) give the years of work.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
TODAY = (2026, 11)


@dataclass
class Block:
    """A piece of text that a layout keeps together."""

    kind: str  # name, title, contact, heading, entry, bullet, skills, identity, paragraph
    text: str
    section: str = "HEAD"
    firm: str = ""
    dates: str = ""


@dataclass
class Person:
    key: str
    name: str = ""
    title: str = ""
    lang: str = "en"
    contact: list = field(default_factory=list)
    degree: int = 0
    sections: list = field(default_factory=list)  # (kinds, heading, [Block])
    months: set = field(default_factory=set)

    @property
    def years(self):
        return round(len(self.months) / 12, 2) if self.months else None

    def identity(self):
        """The strings that name the person or reach them."""
        bare = re.sub(r"^Dr\.\s+|,.*$", "", self.name)
        strings = bare.split() + [part for word in bare.split() if "-" in word for part in word.split("-")]
        for piece in self.contact:
            if "@" in piece:
                strings.append(piece)
            elif sum(c.isdigit() for c in piece) >= 7 and "ORCID" not in piece and not re.search(r"[A-Za-z]{3}", piece):
                strings.append(re.search(r"(\d\D*){4}$", piece).group())
            elif re.match(r"\d+ [A-Z]|.*(straße|rue|Calle|Mühlbach)", piece):
                strings.append(re.findall(r"[^\W\d]{4,}", piece.split(",")[0])[0])
            elif re.search(r"\w\.(com|example)", piece):
                strings.append(piece)
        for _, _, blocks in self.sections:
            strings += [block.text.split(": ")[1] for block in blocks if block.kind == "identity"]
        return sorted({string for string in strings if len(string) > 1})

    def titles(self):
        entries = [b.text for k, _, blocks in self.sections if k.startswith("EXPERIENCE") for b in blocks if b.kind == "entry"]
        return [self.title, *entries]


def months(span):
    def index(point, last):
        year, month = TODAY if point == "now" else map(int, point.split("-"))
        return year * 12 + month - (0 if last else 1)

    first, last = span.split("..")
    return set(range(index(first, False), index(last, True)))


def read(path):
    person = Person(path.stem)
    for line in path.read_text().splitlines():
        sign, _, rest = line.partition(" ")
        if sign == "##":
            kinds, heading = rest.split(" | ", 1)
            person.sections.append((kinds, heading, []))
        elif not person.sections:
            label, value = line.split(": ", 1)
            value = [piece.strip() for piece in value.split(" | ")] if label == "contact" else value
            setattr(person, label, int(value) if label == "degree" else value)
        else:
            kinds, _, blocks = person.sections[-1]
            if sign == "@":
                parts = [part.strip() for part in rest.split("|")]
                title, firm, dates = parts[:3]
                blocks.append(Block("entry", title, kinds, firm, dates))
                if len(parts) > 3 and parts[3]:
                    person.months |= months(parts[3])
            else:
                kind = {"-": "bullet", "*": "skills", "i": "identity", "p": "paragraph"}[sign]
                blocks.append(Block(kind, rest, kinds))
    return person


def people():
    return {path.stem: read(path) for path in sorted((HERE / "people").glob("*.txt"))}


SIDE = ("SKILLS", "ASIDE", "PROJECTS|ASIDE")


def layout(person, side=False, contact_in_side=False, contact_heading="Contact"):
    """Columns of blocks: head and all sections in one; or the head, the narrow column and the wide one."""
    head = [Block("name", person.name), Block("title", person.title)]
    contact = [Block("contact", piece) for piece in person.contact]
    flow = lambda chosen: [b for k, h, blocks in person.sections if chosen(k) for b in [Block("heading", h, k), *blocks]]
    if not side:
        return [head + contact, flow(lambda kinds: True)]
    narrow = flow(lambda kinds: kinds.startswith(SIDE))
    wide = flow(lambda kinds: not kinds.startswith(SIDE))
    if contact_in_side:
        narrow = [Block("heading", contact_heading, "HEAD|ASIDE|OTHER"), *contact, *narrow]
    else:
        head += contact
    return [head, narrow, wide]


def gold(person, columns, hidden=(), **about):
    """What a reader should find in a file that shows these columns."""
    shown = []
    for column in columns:
        blocks = []
        for block in column:
            for kind, text in [(block.kind, block.text), ("firm", block.firm), ("dates", block.dates)]:
                if text:
                    blocks.append({"kind": kind, "text": text, "section": block.section})
        if blocks:
            shown.append(blocks)
    return about | {
        "lang": person.lang, "columns": shown, "years": person.years, "degree": person.degree,
        "titles": person.titles(), "identity": person.identity(), "hidden": list(hidden),
    }
