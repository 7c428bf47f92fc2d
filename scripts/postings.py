#!/usr/bin/env python3
"""Composes labelled postings for the classifier of lines.

    python3 -m venv .venv
    .venv/bin/pip install zstandard==0.25.0
    .venv/bin/python scripts/postings.py compose DIR NYC_LINES.csv # writes models/postings/lines.tsv.zst
    .venv/bin/python scripts/postings.py sources DIR OUT.tsv       # labelled postings of other sources, not shipped

`compose` builds postings from the pieces in scripts/postings/, which were written for this purpose, and adds
vacancies of New York City (NYC Open Data), whose fields tell the kind of each line, sentences about public employers
(the same and USAJOBS), and tasks of occupations (O*NET). Some postings are in other languages, and some have the
menus, buttons and links of the web page that they were copied from. A qualification has no kind of its own: its
heading or a cue word decides whether it is a must-have or a nice-to-have. Trades, headings and pieces that are held
out occur only in postings whose name ends in `!`. The format is described in src/matching/posting/labelled.rs. The
postings of models/postings/written.tsv.zst were written and labelled one by one, and those of real.tsv.zst are real ones
that were labelled one by one; neither by this script.
"""

import csv
import hashlib
import json
import random
import re
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PIECES = ROOT / "scripts" / "postings"
KINDS = "dmntealo"
COMPOSED = 1450
COMPOSED_HELD_OUT = 160
NYC = 300
# The share of postings that are written as notes.
TERSE = 0.18
# The shares of postings that were copied with the rest of their web page, and that are in other languages.
PAGE = 0.10
FOREIGN = 0.05
HELD_OUT_TRADES = {"media", "agriculture", "legal", "beauty", "realestate"}
PLACES = ["Leeds", "Portland, OR", "Munich", "Halifax", "Cork", "Austin, Texas", "Bristol", "Utrecht", "Lanewick",
          "Denver", "Manchester", "Toronto", "Sheffield", "Brackwater County", "the city centre", "Boston, MA"]
FIRMS = ["Hollow Oak Ltd", "Larkfield Pay", "Tallis & Brook", "Northgate Freight", "Quayside Rooms", "Voltmere",
         "Calder Instruments", "Fenwick Stone", "Brightline", "Oakhurst Capital", "Elmbridge Academy", "the City",
         "Marrow & Pine", "Kestrel Software", "The Copper Ladle", "Willow Clinic", "Acorn Labs", "Sparrow Services"]
TOPICS = ["Communication", "Leadership", "Planning", "Reporting", "Customer service", "Administration", "Technical",
          "Team management", "Quality", "Finance", "Health and safety", "Research", "Teaching", "Operations",
          "Project management", "Strategy", "People", "Data management", "Stakeholder management", "Maintenance",
          "Training", "Budget", "Public programs", "Collections care", "General", "Other", "Sales", "Compliance",
          "Personal qualities", "Behaviours", "Knowledge", "Design", "Development", "Process improvement"]
WHAT = ["skills", "experience", "qualifications", "education", "knowledge", "competencies", "certifications",
        "training", "abilities", "attributes", "criteria", "licences", "skills and experience",
        "education and experience", "background", "knowledge and skills", "technical skills"]
MUST_WORDS = ["Required", "Minimum", "Essential", "Basic", "Mandatory", "Necessary", "Core", "Must-have"]
NICE_WORDS = ["Preferred", "Desired", "Desirable", "Optional", "Bonus", "Nice-to-have", "Beneficial", "Advantageous",
              "Recommended", "Additional desirable", "Helpful", "Useful"]
DUTY_WORDS = ["Key", "Main", "Primary", "Essential", "General", "Specific", "Daily", "Core", "Principal", "Major"]
DUTY_WHAT = ["duties", "responsibilities", "tasks", "functions", "activities", "accountabilities", "job duties",
             "duties and responsibilities", "areas of responsibility", "roles"]
DOUBLED = {"run", "set", "plan", "get", "cut", "stop", "spot", "ship", "map", "mop", "log", "dig", "hit", "upsell",
           "sit", "put", "let", "submit", "chat", "control", "travel", "wrap", "step", "begin"}


def unit(text):
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") / 2**32


class Pool:
    """Pieces of a kind, those held out apart."""

    def __init__(self, pieces, share=0.15):
        self.train = [piece for piece in pieces if unit(piece) >= share]
        self.held = [piece for piece in pieces if unit(piece) < share] or self.train

    def of(self, held):
        return self.held if held else self.train


def read_pieces():
    trades, name = {}, None
    for line in (PIECES / "trades.txt").read_text().split("\n"):
        if line.startswith("= "):
            name = line[2:]
            trades[name] = defaultdict(list)
        elif name and line and not line.startswith("#"):
            kind, text = line.split(" ", 1)
            trades[name][kind] += text.split(" | ") if kind == "T" else [text]
    common, headings, name = defaultdict(list), defaultdict(list), None
    for line in (PIECES / "common.txt").read_text().split("\n"):
        if line.startswith("["):
            name = line.strip("[]")
        elif name and line and not line.startswith("#"):
            if "headings " in name:
                headings[name.replace("headings ", "")] += line.split("|")
            else:
                common[name].append(line)
    for words, kind, what in ((MUST_WORDS, "m", WHAT), (NICE_WORDS, "n", WHAT), (DUTY_WORDS, "d", DUTY_WHAT)):
        for word in words:
            for noun in what:
                headings[kind + "+"].append(f"{word} {noun}")
    for noun in WHAT:
        for tail in ("required", "(required)", "- required", "needed", "must have"):
            headings["m+"].append(f"{noun.capitalize()} {tail}")
        for tail in ("preferred", "(preferred)", "- desirable", "desired", "that would help", "a plus", "(nice to have)"):
            headings["n+"].append(f"{noun.capitalize()} {tail}")
    pools = {kind: Pool(texts) for kind, texts in headings.items()}
    return trades, {kind: Pool(texts) for kind, texts in common.items()}, pools


def read_languages():
    """The pieces of each language by kind, its headings under `H` and the kind."""
    languages = {}
    for line in (PIECES / "languages.txt").read_text().split("\n"):
        if line.startswith("= "):
            own = languages[line[2:]] = defaultdict(list)
        elif line and not line.startswith("#"):
            kind, text = line.split(" ", 1)
            own[kind] += text.split("|") if kind[0] in "HT" else [text]
    return languages


def gerund(text):
    verb, _, rest = text.partition(" ")
    if verb.endswith(","):
        return text
    low = verb.lower()
    if low in DOUBLED:
        verb += verb[-1]
    elif low.endswith("ie"):
        verb = verb[:-2] + "y"
    elif low.endswith("e") and not low.endswith("ee"):
        verb = verb[:-1]
    return f"{verb}ing {rest}"


def third(text):
    verb, _, rest = text.partition(" ")
    if verb.endswith(","):
        return text
    if verb.lower() == "be":
        return f"Is {rest}"
    if re.search("(s|sh|ch|x|z|o)$", verb):
        verb += "es"
    elif re.search("[^aeiou]y$", verb):
        verb = verb[:-1] + "ies"
    else:
        verb += "s"
    return f"{verb} {rest}"


def lower_first(text):
    first = text.split(" ")[0]
    proper = first.isupper() or re.search("[A-Z].*[A-Z]|[0-9.+]", first) or first in PROPER
    return text if proper else text[:1].lower() + text[1:]


PROPER = {"React", "Terraform", "French", "German", "Spanish", "English", "Docker", "Figma", "Jira", "Agile", "Minitab",
          "Chartered", "Adobe", "Google", "Windows", "Microsoft", "Maya", "Premiere", "Dante", "Sage", "Yardi", "Lean",
          "Category", "Bilingual", "Certified", "PowerShell", "Native-level", "Workday", "Shorthand", "I"}

MUST_CUES = ["{q} required", "{q} (required)", "{q} is essential", "{q} (essential)", "{q} is a must", "{q} is required",
             "Must have {l}", "You must have {l}", "{q} - mandatory", "{q} needed", "Required: {l}", "Essential: {l}",
             "{q} is necessary for this role", "We require {l}", "You need {l}", "Applicants must have {l}",
             "The candidate must have {l}", "Candidates must possess {l}", "You will need {l}",
             "{q} is mandatory", "It is essential that you have {l}", "Minimum: {l}"]
NICE_CUES = ["{q} preferred", "{q} (preferred)", "{q} a plus", "{q} is a plus", "{q} would be a plus",
             "{q} is desirable", "{q} (desirable)", "{q} would be an advantage", "{q} is an advantage",
             "{q} is an asset", "Ideally {l}", "Ideally, you have {l}", "Preferably {l}", "{q} is a bonus", "{q} (bonus)",
             "{q} is helpful but not required", "{q} would be nice", "Nice to have: {l}", "Bonus: {l}", "Preferred: {l}",
             "Desirable: {l}", "{q} strongly preferred", "{q} highly desirable", "We would love {l}", "{q} welcome",
             "It helps if you have {l}", "{q} (nice to have)", "Bonus points for {l}", "Extra points for {l}",
             "{q} is beneficial", "{q} beneficial", "{q} would be beneficial but is not essential", "{q} optional",
             "If you also have {l}, even better", "It would be great if you had {l}", "{q} preferred, not required",
             "Preference will be given to candidates with {l}", "{q} will be considered an asset",
             "You may also have {l}", "{q}, though not required", "A plus: {l}", "{q} useful", "{q} is valued",
             "{q} would be welcome", "{q} not essential", "{q} is desired", "{q} advantageous"]
PLAIN = ["{q}", "{q}", "{q}", "{q}", "{q}", "{q}", "You have {l}", "You bring {l}", "Demonstrated {l}", "Proven {l}",
         "{q}", "Solid {l}", "You offer {l}", "Good {l}", "Strong {l}"]
SENTENCES = ["You have {l}", "You bring {l}", "We are looking for someone with {l}", "We expect {l}",
             "The ideal candidate has {l}", "You will have {l}", "To do this well you need {l}",
             "We need someone with {l}", "The right person has {l}", "You should have {l}", "You come with {l}",
             "Applicants should have {l}", "The successful candidate will have {l}", "This job calls for {l}"]
ABLE = ["You must be able to {l}", "You can {l}", "You are able to {l}", "Applicants must be able to {l}", "You have the ability to {l}"]
SEEKS = ["{Firm} is looking for a {title}.", "{Firm} seeks a {title}.", "We are looking for a {title}.", "{Firm} is hiring a {title} in {place}.",
         "{title} wanted at {Firm} in {place}.", "Our team in {place} needs a {title}."]
DUTY_SENTENCES = ["You will {l}", "You {l}", "You'll {l}", "The {t} will {l}", "As a {t}, you {l}", "Your job is to {l}",
                  "You will also {l}", "Each week you {l}", "The postholder will {l}", "Together with the team you {l}",
                  "We need you to {l}", "You will be asked to {l}", "The successful candidate will {l}",
                  "Among other things, you will {l}", "In this role you {l}", "The {t} {third}", "A {t} {third}", "{b}", "{b}", "{Third}",
                  "The post holder {third}", "We need someone who {third}", "You {l} and {m}", "{b} and {m}"]

# Sentences of postings that are written as notes.
TERSE_DUTIES = ["You'd {l}", "You'll {l}", "You will {l}", "{b}", "Need someone to {l}", "You'd be the one to {l}",
                "Mostly you'd {l}", "Day to day you {l} and {m}", "You'd {l}, {m}, and {o}", "You'll {l}, {m} and {o}", "{b}, {m}"]
TERSE_MUSTS = ["Looking for {l}", "Need {l}", "We need {l}", "{q}", "{q}", "{q} required", "{q} needed", "{q} a must",
               "Looking for {l}, {m}, and {o}", "Need {l}, {m}", "{q}, {m}", "You need {l}", "Must: {l}", "{q} and {m}"]
TERSE_NICE = ["{q} a plus", "{q} is a bonus", "{q} a bonus", "{q} helps", "{q} would be nice", "{q}, {m} a plus",
              "{q} gets you extra points", "Plus if {l}", "{q} preferred", "Bonus: {l}"]


BARE = re.compile(r"(?:[A-Z]\w+ )?(?:[Kk]nowledge of|[Ee]xperience (?:with|in|of)|[Ff]amiliarity with|[Uu]nderstanding of|[Aa]bility to) (.{3,40})$")


class Composer:
    def __init__(self, trades, common, headings, random_):
        self.trades, self.common, self.headings, self.random = trades, common, headings, random_
        self.real, self.tasks = [], []
        self.languages = read_languages()

    def fill(self, text):
        return (text.replace("{Firm}", self.firm).replace("{place}", self.place).replace("{title}", self.title)
                .replace("{n}", str(self.random.choice([15, 20, 25, 30, 40, 50, 75, 100]))))

    def choose(self, pool, count):
        return self.random.sample(pool, min(count, len(pool)))

    def heading(self, kind):
        pool = self.headings[kind].of(self.held)
        if self.terse and "terse " + kind in self.headings and self.random.random() < 0.5:
            pool = self.headings["terse " + kind].of(self.held)
        elif kind + "+" in self.headings and self.random.random() < 0.3:
            pool = self.headings[kind + "+"].of(self.held)
        return self.style(self.fill(self.random.choice(pool)))

    def style(self, text):
        text = {"upper": str.upper, "title": str.title, "lower": str.lower}.get(self.case, lambda text: text)(text)
        if self.colon and text[-1].isalnum() or text[-1] == ")" and self.colon:
            text += self.colon
        return self.mark.replace("x", text) if self.mark else text

    def qualification(self, kind, cue):
        """A qualification as an item, and its label."""
        text = self.fill(self.random.choice(self.asks))
        bare = BARE.match(text)
        if bare and self.random.random() < 0.3:
            return kind, bare[1][0].upper() + bare[1][1:]
        if self.random.random() < 0.12 and kind == "m" and cue:
            low = lower_first(text)
            return "n", self.random.choice(NICE_CUES).format(q=text, l=low)
        if self.random.random() < 0.1 and cue:
            forms, label = (MUST_CUES, "m") if kind == "m" or self.random.random() < 0.25 else (NICE_CUES, "n")
            return label, self.random.choice(forms).format(q=text, l=lower_first(text))
        form = self.random.choice(PLAIN)
        if self.terse or len(text.split()) < 3 or not text[0].isalpha() or text.startswith(("Ability", "No ", "Must", "At least", "Strong", "Excellent", "Good", "Solid", "Legally", "Authorized")):
            form = "{q}"
        return kind, form.format(q=text, l=lower_first(text))

    def duty(self):
        text = self.fill(self.random.choice(self.duties))
        return {"base": lambda text: text, "gerund": gerund, "third": third,
                "you": lambda text: f"You will {lower_first(text)}", "you2": lambda text: f"You {lower_first(text)}",
                }[self.duty_form](text)

    def sentences(self, kind, count):
        """Prose of a kind: sentences with their labels."""
        found = []
        for _ in range(count):
            if self.terse and kind in "dmn":
                texts = self.random.sample(self.duties if kind == "d" else self.asks, 3)
                low = [lower_first(text) for text in texts]
                form = self.random.choice({"d": TERSE_DUTIES, "m": TERSE_MUSTS, "n": TERSE_NICE}[kind])
                text = form.format(b=texts[0], q=texts[0], l=low[0], m=low[1], o=low[2])
            elif kind == "d":
                text = self.random.choice(self.duties)
                form = self.random.choice(DUTY_SENTENCES)
                text = form.format(l=lower_first(text), t=self.title.lower(), third=lower_first(third(text)), b=text, Third=third(text),
                                   m=lower_first(self.random.choice(self.duties)))
            elif kind in "mn":
                text = self.random.choice(self.asks)
                low = lower_first(text)
                if kind == "n":
                    text = self.random.choice(NICE_CUES).format(q=text, l=low)
                elif text.startswith(("Must", "No ", "Available", "Willing", "Legally", "Authorized")):
                    pass
                elif text.startswith("Ability to "):
                    text = self.random.choice(ABLE).format(l=text.removeprefix("Ability to "))
                else:
                    text = self.random.choice(SENTENCES + MUST_CUES).format(q=text, l=low)
            else:
                text = self.random.choice(self.pool(kind))
            text = self.fill(text)
            if text[-1].isalnum() or text[-1] in ")%":
                text += "."
            found.append((kind, text[:1].upper() + text[1:]))
        return found

    def pool(self, kind):
        if self.terse and "terse " + kind in self.common and self.random.random() < 0.8:
            return self.common["terse " + kind].of(self.held)
        own = self.trade["e"] if kind == "e" else []
        if kind == "e" and not self.held and self.real and self.random.random() < 0.4:
            return self.real
        return self.common[kind].of(self.held) + own * 3

    def items(self, kind, cue=True):
        count = self.random.choice([2, 3, 4, 5, 6, 7, 9])
        found = []
        for _ in range(count):
            if kind == "d":
                found.append(("d", self.duty()))
            elif kind in "mn":
                found.append(self.qualification(kind, cue))
            else:
                found.append((kind, self.fill(self.random.choice(self.pool(kind)))))
        if kind in "dmn" and self.random.random() < 0.2:
            # A line of another kind, which its heading does not cover.
            other = self.random.choice("ttel")
            found.insert(self.random.randrange(len(found) + 1), (other, self.fill(self.random.choice(self.pool(other)))))
        unique = list({text: label for label, text in found}.items())
        return [(label, text) for text, label in unique]

    def section(self, kind, lines, headed):
        random_ = self.random
        form = random_.random()
        start = len(lines)
        if headed:
            lines.append(("H" + kind, self.heading(kind)))
            if self.after:
                lines.append(("", ""))
            if random_.random() < 0.12:
                lead = self.fill(random_.choice(self.headings[kind].of(self.held)))
                lead = lead.rstrip("?!.:") + ":"
                lines.append(("H" + kind, lead))
        if kind == "e" and (form < 0.8 or not headed) or kind in "al" and form < 0.7 or form < 0.15 or not headed and form < 0.3:
            # Prose: several sentences in a line.
            for _ in range(random_.choice([1, 1, 2])):
                for at, (label, text) in enumerate(self.sentences(kind, random_.choice([1, 2, 2, 3, 4]))):
                    lines.append(("+" * (at > 0) + label, text))
            if kind in "dm" and random_.random() < 0.3:
                for label, text in self.items(kind):
                    lines.append((label, self.sign + self.close(text)))
        elif form < 0.22 and headed and kind in "dmn":
            # `Requirements: a; b; c.`
            heading = lines[-1][1] if not self.after else lines[-2][1]
            del lines[start:]
            lines.append(("H" + kind, heading.rstrip(":") + ":"))
            for label, text in self.items(kind, cue=False):
                lines.append(("+" + label, text.rstrip(".;") + ";"))
            lines[-1] = (lines[-1][0], lines[-1][1].rstrip(";") + ".")
        elif form < 0.3 and kind in "dm" and headed:
            # Topics within the section.
            for topic in self.choose(TOPICS, random_.choice([2, 3])):
                inline = random_.random() < 0.5
                if inline:
                    for label, text in self.items(kind)[:1]:
                        lines.append((label, f"{self.sign}{topic}: {text}"))
                else:
                    lines.append(("H" + kind, topic + random_.choice(["", ":"])))
                    for label, text in self.items(kind)[:3]:
                        lines.append((label, self.sign + self.close(text)))
        else:
            number = 0
            for label, text in self.items(kind, cue=headed or kind != "n"):
                number += 1
                sign = f"{number}. " if self.sign == "1" else self.sign
                if kind == "d" and random_.random() < 0.04:
                    text = f"{random_.choice([5, 10, 15, 20, 30, 40])}% {text}"
                lines.append((label, sign + self.close(text)))
                if kind in "dm" and random_.random() < 0.06:
                    lines.append(("+" + label, dict(d=self.sentences("d", 1), m=self.sentences("m", 1))[kind][0][1]))

    def close(self, text):
        return text + self.stop if text[-1].isalnum() else text

    def prose(self, lines, order):
        """The rest of a posting in one to three paragraphs, whose sentences are of any kind."""
        random_ = self.random
        joined = random_.choice([1, 2, 5, 9])
        if random_.random() < 0.4:
            lines += [("", "")] * bool(lines) + [("e", self.fill(random_.choice(SEEKS)))]
            joined = 9
        for at, kind in enumerate(order):
            if lines and at % joined == 0 and (at > 0 or joined < 9):
                lines.append(("", ""))
            for nth, (label, text) in enumerate(self.sentences(kind, random_.choice([1, 1, 2, 3]))):
                lines.append(("+" * bool(lines and lines[-1][1] and (at % joined or nth or lines[-1][0] == "e")) + label, text))
        return wrap(lines, random_) if random_.random() < 0.2 else lines

    def foreign(self):
        """A posting in another language: a title and sections of lines under headings."""
        random_ = self.random
        own = self.languages[random_.choice(sorted(self.languages))]
        self.held, self.terse = False, False
        self.case = random_.choice(["", "", "", "upper", "title"])
        self.colon, self.mark = random_.choice([":", "", ""]), random_.choice(["", "", "## x", "**x**"])
        sign = random_.choice(["- ", "- ", "* ", "\u2022 ", ""])
        gap = sign == "" or random_.random() < 0.8
        lines = [("T", random_.choice(own["T"]))] if random_.random() < 0.8 else []
        for kind in random_.choice(["edmta", "edmnta", "edmntal", "dmta", "dmt", "emdta", "tdmna"]):
            texts = self.choose(own[kind], random_.choice([1, 2, 3, 4, 5]))
            prose = kind in "eal"
            lines += [("", "")] * bool(lines and (gap or prose))
            if not prose or random_.random() < 0.5:
                lines += [("H" + kind, self.style(random_.choice(own["H" + kind])))] if "H" + kind in own else []
            lines += [(kind, ("" if prose else sign) + text) for text in texts]
        return lines

    def page(self, lines):
        """A posting with the menus, buttons and links around it on a web page."""
        random_ = self.random

        def some(name):
            found = [line.split(" ", 1) for line in self.choose(self.common[name].of(self.held), random_.choice([2, 3, 5, 8]))]
            return [(label, self.fill(text)) for label, text in found]

        top = some("page top") if random_.random() < 0.8 else []
        end = some("page end") if random_.random() < 0.8 else []
        if end and random_.random() < 0.5:
            at = random_.randrange(len(end))
            end.insert(at, ("Ho", random_.choice(self.headings["page"].of(self.held))))
        blank = [("", "")] if random_.random() < 0.7 else []
        return top + blank * bool(top) + lines + blank * bool(end) + end

    def compose(self, held):
        self.held = held
        if not held and self.random.random() < FOREIGN:
            return self.foreign()
        lines = self.english(held)
        return self.page(lines) if self.random.random() < PAGE else lines

    def english(self, held):
        random_ = self.random
        self.held = held
        names = sorted(name for name in self.trades if (name in HELD_OUT_TRADES) == held)
        self.trade = self.trades[random_.choice(names)]
        self.title, self.firm, self.place = (random_.choice(pool) for pool in (self.trade["T"], FIRMS, PLACES))
        own = Pool(self.trade["q"], 0.0).train
        self.asks = own * 2 + self.common["q"].of(held)
        self.duties = self.trade["d"] * 3 + self.common["d"].of(held)
        if not held and self.tasks and random_.random() < 0.5:
            self.duties = self.choose(self.tasks, 10) + self.common["d"].of(held)
        self.terse = random_.random() < TERSE
        if self.terse:
            self.asks = self.choose(own, 3) + self.choose(self.common["terse q"].of(held), 25)
            self.duties = self.choose(self.duties, 5) + self.choose(self.common["terse d"].of(held), 15)
        self.case = random_.choice(["", "", "", "upper", "title", "title", "lower" if random_.random() < 0.2 else ""])
        self.colon = random_.choice([":", ":", "", "", "", "…" if random_.random() < 0.1 else ":"])
        self.mark = random_.choice(["", "", "", "", "## x", "**x**", "### x", "--- x ---" if random_.random() < 0.3 else ""])
        self.sign = random_.choice(["- ", "- ", "* ", "\u2022 ", "\u2022 ", "\u2013 ", "1", "", "", "", "\u25cf ", "\u2192 "])
        self.stop = random_.choice(["", "", "", ".", ".", ";"])
        if self.terse and random_.random() < 0.6:
            self.sign, self.stop, self.colon = "", "", random_.choice(["", "", ":"])
        self.after = random_.random() < 0.3
        self.duty_form = "base" if self.terse else random_.choice(["base", "base", "base", "gerund", "third", "you", "you2"])
        headed = random_.random() < 0.84
        lines = []
        if random_.random() < 0.88:
            form = random_.choice(["{t}", "{t}", "{t}", "{t} - {p}", "{t} ({p})", "{t} at {f}", "# {t}", "{t} (m/f/d)",
                                   "Job title: {t}", "Position: {t}", "{T}", "**{t}**", "{t} | {f}", "Vacancy: {t}",
                                   "We're hiring: {t}"])
            lines.append(("T", form.format(t=self.title, T=self.title.upper(), p=self.place, f=self.firm)))
            if random_.random() < 0.3:
                lines.append(("t", random_.choice([f"{self.firm}, {self.place}", f"{self.firm} \u00b7 {self.place}", self.place,
                                                   f"{self.place} (hybrid)", f"{self.place} | Full-time"])))
        if random_.random() < 0.35:
            if random_.random() < 0.5:
                lines.append(("", ""))
            labelled = [text for text in self.pool("t") + self.pool("o") if re.match(r"[A-Z][\w ]{2,18}: ", text)]
            for text in self.choose(labelled, random_.choice([2, 3, 4])):
                label = "o" if text in self.common["o"].of(held) else "t"
                lines.append((label, self.fill(text)))
        order = list("edmnt")
        if random_.random() < 0.4:
            random_.shuffle(order)
        if random_.random() < 0.1:
            order.remove("d")
        if random_.random() < 0.1:
            order.remove("m")
        if random_.random() < 0.45 and "m" in order:
            order.remove("n")
        if random_.random() < 0.25:
            order.remove("t")
        if random_.random() < 0.25:
            order.remove("e")
        order += random_.choice([[], ["a"], ["a", "l"], ["l"], ["l", "a"], ["a"], ["o", "a"]])
        if random_.random() < 0.15:
            order.append("e")
        if random_.random() < (0.25 if self.terse else 0.1):
            return self.prose(lines, order)
        gap = random_.random() < 0.88
        for at, kind in enumerate(order):
            if gap and lines:
                lines.append(("", ""))
            own = headed and not (kind in "eal" and random_.random() < 0.6 or kind == "t" and random_.random() < 0.2)
            # Without a heading of its own, a text below a list begins a block.
            if not own and not gap and lines:
                lines.append(("", ""))
            self.section(kind, lines, own or kind == "n" and headed)
            if kind == "d" and random_.random() < 0.15 and own:
                # A role that is introduced by the employer.
                found = [("e", text) for _, text in self.sentences("e", 1)]
                position = max((i for i, (label, _) in enumerate(lines) if label == "Hd"), default=None)
                if position is not None and lines[position + 1 : position + 2] and not lines[position + 1][0].startswith("+"):
                    lines[position + 1 : position + 1] = found
        return wrap(lines, random_) if random_.random() < 0.2 else lines


def wrap(lines, random_):
    """Breaks long lines at a width, as mail does."""
    width = random_.choice([72, 78, 90])
    found = []
    for label, text in lines:
        if len(text) <= width or label.startswith("+") or not text:
            found.append((label, text))
            continue
        words, line, first = text.split(" "), "", True
        for word in words:
            if len(line) + len(word) + 1 > width and line:
                found.append((label, line))
                line, first = word, False
            else:
                line = f"{line} {word}".strip() if first or line else word
        found.append((label, line))
    return found


def nyc(path, composer, count):
    """Vacancies of New York City, each kind of line under a heading. Must-haves and preferred skills are mixed, so that
    the heading and not the wording decides: in this source, the former are degrees and the latter soft skills."""
    rows = defaultdict(lambda: defaultdict(list))
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["source"] == "nyc":
                rows[row["posting"]][row["label"]].append(" ".join(row["text"].split()))
    names = sorted(name for name, kinds in rows.items() if kinds["duty"] and (kinds["must"] or kinds["nice"]))
    random_ = composer.random
    random_.shuffle(names)
    for name in names[:count]:
        composer.english(False)
        fields = {kind: rows[name][field][:9] for field, kind in (("duty", "d"), ("apply", "a"), ("hours", "t"))}
        fields["t"] += rows[name]["condition"][:2]
        asks = rows[name]["must"][:6] + rows[name]["nice"][:9]
        random_.shuffle(asks)
        cut = random_.choice([0, len(asks) // 2, len(asks)])
        fields["m"], fields["n"] = asks[:cut], asks[cut:]
        order = list("dmnat")
        if random_.random() < 0.4:
            random_.shuffle(order)
        lines = [("T", composer.title)]
        if composer.real and random_.random() < 0.6:
            lines += [("", "")] + [("e", text) for text in composer.choose(composer.real, random_.choice([1, 2, 3]))]
        for kind in order:
            if fields[kind]:
                lines += [("", ""), ("H" + kind, composer.heading(kind))]
                lines += [(kind, composer.sign.replace("1", "- ") + text.lstrip("-*\u2022 ")) for text in fields[kind]]
        yield name, lines


ABOUT_WORK = re.compile(r"candidate|position|incumbent|responsib|dut(y|ies)|\bwill\b|seek|hir(e|ing)|\byou|apply|applica|vacanc|"
                        r"opening|salary|recruit|resume|qualif|announcement|eligib|\bselect|this job|employee|must", re.I)


def employers(folder):
    """Sentences about public employers, from the beginning of their descriptions."""
    found = set()
    for name, field in (("nyc", "description"), ("usajobs", "summary")):
        for posting in load(Path(folder) / f"{name}.jsonl.zst"):
            for text in re.split(r"(?<=[.!])\s+(?=[A-Z])|\s{2,}", posting[field])[:6]:
                text = " ".join(text.split()).strip("*")
                if ABOUT_WORK.search(text):
                    break
                if 7 <= len(text.split()) <= 45 and text.endswith("."):
                    found.add(text)
    return sorted(found)


def tasks(folder):
    """Tasks of O*NET occupations, a sample of them."""
    with open(Path(folder).parent / "onet" / "Task_DWA.csv", encoding="utf-8-sig", newline="") as file:
        texts = sorted({row["Task"].rstrip(".") for row in csv.DictReader(file)})
    return random.Random(5).sample(texts, 1500)


def write(file, name, lines):
    file.append(f"={name}")
    file += [f"{label}\t{text}" for label, text in lines]


def compose(folder, path):
    import zstandard

    trades, common, headings = read_pieces()
    composer = Composer(trades, common, headings, random.Random(19))
    composer.real, composer.tasks = employers(folder), tasks(folder)
    out = []
    for at in range(COMPOSED):
        write(out, f"composed-{at}", composer.compose(False))
    for at in range(COMPOSED_HELD_OUT):
        write(out, f"composed-held-{at}!", composer.compose(True))
    for name, lines in nyc(path, composer, NYC):
        write(out, name, lines)
    written = PIECES / "written.tsv"
    if written.exists():
        out += [line for line in written.read_text().split("\n") if line and not line.startswith("# ")]
    packed = zstandard.ZstdCompressor(level=19).compress("\n".join(out).encode())
    target = ROOT / "models" / "postings" / "lines.tsv.zst"
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(packed)
    print(f"{len(out)} lines, {len(packed)} bytes")


def load(path):
    import zstandard

    text = zstandard.ZstdDecompressor().stream_reader(path.open("rb")).read().decode()
    return [json.loads(line) for line in text.split("\n") if line]


def sources(folder, target):
    """Postings of sources that training never sees, with the headings that they have."""
    folder, out, random_ = Path(folder), [], random.Random(7)
    clean = lambda text: " ".join(text.split())

    def part(lines, heading, kind, texts, sign):
        texts = [clean(text) for text in texts if clean(text)]
        if not texts:
            return
        lines.append(("", ""))
        if heading:
            lines.append(("H", heading))
        for text in texts:
            # A line that introduces others is neither.
            lines.append(("?" if text.endswith(":") else kind, sign + text))

    for posting in load(folder / "google.jsonl.zst"):
        sign = random_.choice(["", "- ", "\u2022 "])
        lines = [("T", clean(posting["title"]))] if clean(posting["title"]) else []
        part(lines, "Minimum qualifications:", "m", posting["minimum"], sign)
        part(lines, "Preferred qualifications:", "n", posting["preferred"], sign)
        part(lines, "Responsibilities", "d", posting["responsibilities"], sign)
        write(out, posting["id"], lines)
    for at, posting in enumerate(load(folder / "emscad.jsonl.zst")):
        sign = random_.choice(["", "", "- ", "\u2022 "])
        headed = at % 2 == 0
        names = ["Company profile", "Job description", "Requirements", "Benefits"] if headed else [""] * 4
        lines = [("T", clean(posting["title"]))]
        for heading, kind, field in zip(names, "e?rt", ("company", "description", "requirements", "benefits")):
            part(lines, heading, kind, posting[field], "" if kind in "e?" else sign)
        write(out, posting["id"] if headed else posting["id"].replace("emscad-", "emscad_unheaded-"), lines)
    names = {"d": ["Responsibilities", "Essential duties", "Primary duties and responsibilities", "Duties"],
             "m": ["Qualifications", "Required qualifications", "Minimum qualifications", "Requirements"],
             "n": ["Preferred qualifications", "Desired qualifications", "Preferred skills", "Desirable"],
             "t": ["Physical demands", "Physical requirements", "Work environment"],
             "b": ["Benefits", "What we offer"], "p": ["Salary", "Compensation"]}
    for posting in load(folder / "museum.jsonl.zst"):
        sign = random_.choice(["", "- ", "\u2022 "])
        lines = [("T", clean(posting["title"])), ("?", clean(posting["employer"]))]
        part(lines, "", "?", posting["description"], "")
        for name, kind, field in (("d", "d", "duties"), ("m", "m", "required"), ("n", "n", "desired"),
                                  ("t", "t", "physical"), ("p", "t", "salary"), ("b", "t", "benefits")):
            part(lines, random_.choice(names[name]), kind, posting[field], sign)
        write(out, posting["id"], lines)
    kinds = {"pay": "t", "duty": "d", "must": "m", "nice": "n", "apply": "a", "process": "a", "legal": "l"}
    for posting in load(folder / "la.jsonl.zst"):
        lines = []
        for form, kind, text in posting["lines"]:
            label = {"title": "T", "heading": "H"}.get(form) or kinds.get(kind, "?")
            if form == "heading" and lines:
                lines.append(("", ""))
            lines.append((label, clean(text)))
        write(out, posting["id"], lines)
    Path(target).write_text("\n".join(out))
    print(f"{len(out)} lines")


if __name__ == "__main__":
    {"compose": compose, "sources": sources}[sys.argv[1]](*sys.argv[2:])
