#!/usr/bin/env python3
"""Makes models/skills/skills.tsv.zst: every skill that the matcher knows by name, one skill a line.

    python3 scripts/skills.py --esco esco/skills.csv --gazetteer gazetteer/skills.json --tools onet/tools.csv.zst \\
        --titles esco/occupations.csv --common onet/Task_DWA.csv onet/occupations.txt esco/occupations.csv \\
        --cased postings/nyc.jsonl.zst postings/usajobs.jsonl.zst --out models/skills

A line is `label TAB ESCO id or nothing TAB form|form|... TAB ESCO label, if it is not the label`. A form may begin with
flags:

    ^   an everyday word too (Go, Express, Chef): counts where it is written as a name or is an item of a list
    =   an acronym: counts in capitals, or as an item of a list
    '   a word that is a skill in this number only (electronics, securities)
    +   a common name that means little else
    !   shown as the label (PMP certification is PMP); other forms are shown as the text writes them

`skills/aliases.tsv` joins other names (`name TAB other|other`) and comes first; `skills/none.txt` holds words and
phrases that are no skill by themselves, and the names of occupations (--titles) are none either. Everyday words are those that occur in lower case in at least two lines of the files given
as --common (running text about work, `.zst` or plain); those of --cased too tell which words are acronyms. Needs the
`zstd` command. Order and content depend on the inputs alone.
"""

import argparse
import collections
import csv
import hashlib
import io
import json
import pathlib
import re
import subprocess

HERE = pathlib.Path(__file__).parent / "skills"
LONGEST_FORM = 7
TOKEN = re.compile(r"(?<![^\W_])\.?[^\W_](?:[^\W_]|[+#]|[.](?=[^\W_])|['\u2019](?=[^\W\d_]))*")
FUNCTION = set("a an and or of the in on at to for with by from as its their your our into via per & not no".split())
# Words that a label adds without narrowing the skill.
GENERIC = set(
    "use apply perform manage management handle operate operation conduct carry out maintain provide ensure make do execute work "
    "undertake have keep practise practice knowledge skill skills ability software system systems tool tools technique techniques "
    "principle principles technology technologies method methods methodology methodologies process processes procedure procedures "
    "programming computer programme program language application applications activity activities service services science "
    "task tasks issue issues type types field fields work and or of the in on at to for with by from as a an different various "
    "other others relevant appropriate specific general basic professional".split()
)
# Acronyms that are written in small letters too and are not words.
ANY_CASE = set(
    "api asp.net aws b2b b2c cnc crm css ec2 ehr emr erp gaap gcp haccp html hvac ios jquery json k8s linux m365 mssql mysql nosql "
    "numpy o365 php plsql psql quickbooks s3 sap scss seo sql svn tsql unix vba vhdl xhtml xml".split()
)
# Words that add nothing to a name.
ADDITIONS = set("advanced certification certified certificate skills skill card queries license licence compliance".split())
VENDORS = (
    "Adobe|Amazon|Apache|Apple|Atlassian|Autodesk|Bentley|Cisco|Citrix|Dassault Systemes|Epic Systems|ESRI|Google|IBM|Intuit|"
    "MathWorks|McAfee|Microsoft|Oracle|SAP|Siemens|Symantec|The MathWorks|Trimble|Unity Technologies|VMware"
).split("|")
# Singular words that an -ics word does not come from: electronics is a skill, electronic is not.
NUMBERED = {"securities", "news", "savings", "futures", "explosives"}


def read(path):
    data = pathlib.Path(path).read_bytes()
    if str(path).endswith(".zst"):
        data = subprocess.run(["zstd", "-dc"], input=data, capture_output=True, check=True).stdout
    return data.decode("utf-8-sig")


def tokens(text):
    return [token.lower() for token in TOKEN.findall(text)]


def singular(word):
    """As in src/matching/words.rs."""
    word = re.split("['\u2019]", word)[0]
    if len(word) < 4 or not word.isascii() or not word.endswith("s"):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word if word.endswith(("ss", "us", "is")) else word[:-1]


def stem(word):
    """As in src/matching/words.rs."""
    word = singular(word)
    if len(word) < 5 or not re.fullmatch("[a-z]+", word):
        return word
    for ending in ("ing", "ed"):
        root = word.removesuffix(ending)
        if root != word:
            break
    if root != word and len(root) >= 3 and re.search("[aeiouy]", root):
        if len(root) > 3 and root[-1] == root[-2] and root[-1] not in "lsz":
            root = root[:-1]
        return root.removesuffix("e")
    return word.removesuffix("e")


def content(text):
    return {stem(token) for token in tokens(text)} - GENERIC_STEMS


GENERIC_STEMS = {stem(word) for word in GENERIC}


def without_brackets(text):
    return " ".join(re.sub(r"\([^)]*\)", " ", text).split())


def initials(name, short):
    """Whether these are the first letters of the words of a name, with or without the small words."""
    words = tokens(name)
    short = re.sub(r"[^a-z0-9]", "", short.lower())
    full = "".join(word.lstrip(".")[0] for word in words)
    main = "".join(word.lstrip(".")[0] for word in words if word not in FUNCTION)
    return len(words) > 1 and short in (full, main)


def usable(form):
    words = tokens(form)
    if not 0 < len(words) <= LONGEST_FORM or not any(c.isalpha() for c in form) or re.search(r"[|\t]|--|\*", form):
        return False
    if len(words) == 1:
        return form.lower() not in NONE and (len(words[0]) > 1)
    return key(form) not in NO_PHRASES and words[0] not in FUNCTION and words[-1] not in FUNCTION and any(len(word) > 1 for word in words)


def read_none():
    words, phrases = set(), set()
    for line in (HERE / "none.txt").read_text().splitlines():
        if line.startswith("- "):
            phrases.add(key(line[2:]))
        elif not line.startswith("#"):
            words.update(line.split())
    return words, phrases


class Marker:
    """Decides which forms need capitals or a list."""

    def __init__(self, common, cased, names):
        self.lines = collections.Counter()
        self.written = collections.defaultdict(lambda: [0, 0])
        for path in common:
            for line in read(path).split("\n"):
                self.lines.update({m.group() for m in re.finditer(r"(?<![\w.+#])[a-z][a-z'-]*(?![\w+#])", line)})
        for path in [*common, *cased]:
            for line in read(path).split("\n"):
                self.see(line)
        for name in names:
            self.see(name)

    def see(self, line):
        if line.isupper():
            return
        for word in re.findall(r"[A-Za-z][A-Za-z0-9]+", line):
            self.written[word.lower()][0 if word.isupper() else 1] += 1

    def is_everyday(self, word):
        return any(self.lines[form] >= 2 for form in {word, singular(word), word + "s"})

    def is_acronym(self, form, cased):
        letters = re.sub(r"[^A-Za-z]", "", form)
        if {form.lower(), form.lower().removesuffix("s")} & ANY_CASE or not letters or len(form) > 6 or not form.replace("&", "").isalnum():
            return False
        if cased:
            return form.upper() == form or form[-1:] == "s" and form[:-1].isupper()
        upper, other = self.written[form.lower()]
        return upper > other or not re.search("[aeiouy]", letters.lower())

    def mark(self, form, cased, bare=False):
        """The form with its flags. A bare form is a label that counts in small letters although it is an everyday word."""
        words = tokens(form)
        if len(words) > 1:
            return "=" + form if all(len(word) == 1 for word in words) else form
        word = words[0]
        numbered = "'" if word.endswith("ics") or word in NUMBERED else ""
        acronym = self.is_acronym(form, cased)
        short = len(word) <= (1 if acronym else 2) and word.isalpha()
        everyday = "^" if (short or self.is_everyday(word)) and not bare else ""
        return numbered + everyday + ("=" if acronym else "") + form


    def mark_common(self, form):
        """The form of a common name: the table itself tells which are everyday words."""
        marked = self.mark(form, True, bare=not self.is_acronym(form, True))
        return marked if "^" in marked else "+" + marked


def key(form):
    flags, words = re.match(r"[+!^=']*", form).group(), tokens(form.lstrip("+!^='"))
    if len(words) > 1:
        return " ".join(map(stem, words))
    last = form[-2:-1].isupper() and form.endswith("s")
    return ("=" + (words[0][:-1] if last else words[0]) if "=" in flags else "'" + words[0] if "'" in flags else "1" + singular(words[0]))


NONE, NO_PHRASES = read_none()


class Skills:
    """The entries, each form held by the first that has it."""

    def __init__(self):
        self.entries = []
        self.taken = {}
        # How many entries are of the table of other names.
        self.common = 0

    def take(self, form, at):
        """Whether the form is that of the entry, now or before. A common name is not an acronym of another skill too, and
        the reverse."""
        name = key(form)
        other = {"1": "=" + name[1:], "=": "1" + singular(name[1:])}.get(name[0])
        if self.taken.get(other, len(self.entries)) < self.common and other != name:
            return False
        return self.taken.setdefault(name, at) == at

    def add(self, label, concept, forms, preferred=""):
        at, fresh = len(self.entries), []
        for form in forms:
            if self.take(form, at) and form not in fresh:
                fresh.append(form)
        if fresh:
            self.entries.append([label, concept, fresh, preferred])

    def extend(self, name, forms):
        """Adds forms to the skill of a name, if there is one."""
        at = self.taken.get(name)
        if at is None:
            return False
        for form in forms:
            if self.take(form, at) and form not in self.entries[at][2]:
                self.entries[at][2].append(form)
        return True

    def lines(self):
        for label, concept, forms, preferred in self.entries:
            columns = [label, concept, "|".join(forms)] + [preferred] * (preferred not in ("", label))
            yield "\t".join(columns)


def read_esco(path):
    preferred, alternatives = {}, collections.defaultdict(list)
    for row in csv.DictReader(io.StringIO(read(path))):
        text = " ".join(row["description"].split())
        if row["type"] == "preferredLabel":
            preferred[row["id"]] = text
        elif row["type"] == "altLabels":
            alternatives[row["id"]].append(text)
    return preferred, alternatives


def add_aliases(skills, marker, preferred):
    """The table of other names; a skill takes the ESCO concept whose label is among its names."""
    concepts = {without_brackets(label).lower(): concept for concept, label in sorted(preferred.items(), reverse=True)}
    for line in (HERE / "aliases.tsv").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        label, _, others = line.partition("\t")
        names = [without_brackets(label), *filter(None, others.split("|"))]
        names = [name for name in names if "^" + name not in names]
        concept = next((concepts[name.lower()] for name in names if name.lower() in concepts), "")
        forms = [name if name.startswith("^") else marker.mark_common(name) for name in names]
        shown = lambda name: "!" if len(tokens(name)) > 1 and ADDITIONS & set(tokens(name)) else ""
        skills.add(without_brackets(label), concept, [shown(form) + form for form in forms], preferred.get(concept, ""))


def add_esco(skills, marker, preferred, alternatives, named):
    """One entry a concept. An alternative that says less than the label, or that belongs to several concepts, is a skill
    of its own: "marketing plan" is not the planning of footwear marketing."""
    owners = collections.Counter()
    for concept, others in alternatives.items():
        owners.update({key(without_brackets(other)) for other in others if usable(without_brackets(other))})
    held = {entry[1]: number for number, entry in enumerate(skills.entries) if entry[1]}
    apart = []
    for first in (True, False):
        for concept in sorted(preferred):
            label = preferred[concept]
            bare = without_brackets(label)
            forms = []
            if first:
                if usable(bare):
                    # A label that had brackets is a name that needs them to be told apart.
                    forms.append(marker.mark(bare, True, bare=bare == label and bare == bare.lower()))
                skills.add(bare, concept, forms, label) if concept not in held else None
                if concept not in held and forms and skills.taken.get(key(forms[0])) == len(skills.entries) - 1:
                    held[concept] = len(skills.entries) - 1
                continue
            core = content(bare)
            for other in map(without_brackets, alternatives[concept]):
                if not usable(other):
                    continue
                single = len(tokens(other)) == 1
                if single and other == other.lower() and (marker.is_everyday(other) or len(other) <= 3):
                    continue
                form = marker.mark(other, True)
                own = content(other)
                if "=" in form:
                    if not any(initials(name, other) for name in [bare, *alternatives[concept]]):
                        continue
                    # An acronym of two skills names neither.
                    if owners[key(other)] == 1:
                        forms.append(form)
                elif own == core and own:
                    forms.append(form)
                elif own < core or key(other) in named or owners[key(other)] > 1:
                    apart.append((other.lower() if single is False and other[1:] == other[1:].lower() else other, form))
                else:
                    forms.append(form)
            if concept in held:
                entry = skills.entries[held[concept]]
                for form in forms:
                    if skills.take(form, held[concept]) and form not in entry[2]:
                        entry[2].append(form)
            else:
                skills.add(bare, concept, forms, label)
    return apart


def read_titles(path):
    """The keys of the names of occupations."""
    titles = set()
    for row in csv.DictReader(io.StringIO(read(path))):
        titles.update(key(name) for name in [row["preferredLabel"], *row["altLabels"].split("\n")] if tokens(name))
    return titles


def read_gazetteer(path, common):
    """Strings of postings, and the acronyms of `long name (LN)`."""
    strings = [" ".join(text.split()) for text in json.loads(read(path))]
    alone = {" ".join(text.lower().split()) for text in strings}
    acronyms = collections.defaultdict(set)
    entries = {}
    for text in strings:
        found = re.fullmatch(r"([^()]+?)\s*\(([a-z0-9&+.-]{2,8})\)", text)
        if found and initials(*found.groups()):
            acronyms[found.group(2)].add(found.group(1))
        parts = [part.strip() for part in re.split(r"/|,| & ", text)]
        if len(parts) > 1 and all(part.lower() in alone or part.lower() in common or len(part) < 2 for part in parts):
            continue
        bare = without_brackets(text).rstrip("!")
        if text.isascii() and len(text.split()) <= 5 and not text.isdigit() and usable(bare):
            entries.setdefault(" ".join(bare.lower().split()), bare)
    return entries, acronyms


def read_tools(path):
    """The names of technologies, and the acronyms that O*NET writes behind the words they stand for."""
    names, acronyms = {}, collections.defaultdict(set)
    for row in csv.DictReader(io.StringIO(read(path))):
        name = " ".join(row["name"].split())
        for found in re.finditer(r"\b([A-Z]{2,6})\b", name):
            words = name[: found.start()].split()
            for count in range(2, len(words) + 1):
                if initials(" ".join(words[-count:]), found.group(1)):
                    acronyms[found.group(1).lower()].add(" ".join(words[-count:]).lower())
        if row["kind"] == "technology" and not re.search(r"(software|systems?|tools?|applications?)$", name, re.I):
            names[name] = names.get(name, False) or row["hot"] == "Y"
    return names, acronyms


def version_of(name):
    """The name without its version, where it has one."""
    shorter = re.sub(r"[ -]?v?\d+(\.\d+)*[+x]?$|( \d+(\.\d+)*\+?)$", "", name)
    return shorter if shorter != name and len(shorter) > 2 else None


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--esco", required=True)
    options.add_argument("--gazetteer", required=True)
    options.add_argument("--tools", required=True)
    options.add_argument("--titles", required=True)
    options.add_argument("--common", nargs="+", required=True)
    options.add_argument("--cased", nargs="*", default=[])
    options.add_argument("--out", required=True)
    given = options.parse_args()
    preferred, alternatives = read_esco(given.esco)
    rows = [line.replace("\t", "|").split("|") for line in (HERE / "aliases.tsv").read_text().splitlines()]
    common = {without_brackets(name).lstrip("^").lower() for row in rows for name in row}
    entries, acronyms = read_gazetteer(given.gazetteer, common)
    tools, shorter = read_tools(given.tools)
    marker = Marker(given.common, given.cased, [*tools, *preferred.values(), *(name for names in alternatives.values() for name in names)])

    skills = Skills()
    add_aliases(skills, marker, preferred)
    skills.common = len(skills.entries)
    named = {key(marker.mark(name, False)) for name in entries}
    apart = add_esco(skills, marker, preferred, alternatives, named)
    for short, names in shorter.items():
        acronyms[short] |= names

    titles = read_titles(given.titles)
    for name in sorted(entries):
        if key(name) in titles:
            continue
        # Two letters without their words are too often a state, a unit or a word.
        if len(name) == 2 and name not in acronyms:
            continue
        plain = version_of(name)
        form = marker.mark(entries[name], False)
        if name in acronyms and len(acronyms[name]) == 1:
            # Joined with its words below.
            continue
        if plain and plain in entries and skills.extend(key(marker.mark(plain, False)), ["!" + form]):
            continue
        skills.add(entries[name], "", [form])
    hot = set()
    for name in sorted(tools):
        vendor = next((vendor for vendor in VENDORS if name.startswith(vendor + " ")), None)
        short = name[len(vendor) + 1 :] if vendor else ""
        forms = [form for form in [name, short] if form and usable(form) and len(tokens(form)) <= 5]
        forms = [marker.mark(form, True) for form in forms if len(tokens(form)) > 1 or form != form.lower()]
        forms = [form for form in forms if "^" not in form or not short]
        if tools[name]:
            # O*NET's hot technologies are widely known by these names.
            hot.update(key(form) for form in forms if "^" not in form)
        known = next((form for form in forms if key(form) in skills.taken), None)
        if not (known and skills.extend(key(known), forms)):
            skills.add(name, "", forms)
    for text, form in apart:
        skills.add(text, "", [form])
    for short, names in sorted(acronyms.items()):
        joined = sorted({skills.taken[key(name)] for name in names if key(name) in skills.taken})
        if len(joined) == 1 and usable(short):
            everyday = "^" if len(short) <= 2 or marker.is_everyday(short) else ""
            form = short if short in ANY_CASE else everyday + "=" + short
            if skills.take(form, joined[0]):
                skills.entries[joined[0]][2].append(form)
        elif not joined and len(names) == 1 and usable(short):
            name = next(iter(names))
            skills.add(name, "", [name, "=" + short])

    for entry in skills.entries:
        entry[2] = ["+" + form if key(form) in hot and form[0] not in "+^" else form for form in entry[2]]
    lines = list(skills.lines())
    text = "\n".join(lines) + "\n"
    out = pathlib.Path(given.out)
    out.mkdir(parents=True, exist_ok=True)
    packed = subprocess.run(["zstd", "-19", "--no-check", "-q", "-c"], input=text.encode(), capture_output=True, check=True).stdout
    (out / "skills.tsv.zst").write_bytes(packed)
    print(f"skills = {len(lines)}\nforms = {len(skills.taken)}\nsha256 = \"{hashlib.sha256(packed).hexdigest()}\"")


if __name__ == "__main__":
    main()
