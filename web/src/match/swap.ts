// Replaces what identifies the person of a resume by the data of an invented one. The spans that the server did not
// compare tell what identifies the person; the form of each piece tells its kind.
import { PEOPLE, type Person } from "./people";
import { PRONOUNS } from "./pronouns";

export type PieceKind = "name" | "pronoun" | "title" | "e-mail" | "link" | "phone" | "address" | "age" | "date of birth" | "personal detail";

export interface Replacement {
  readonly kind: PieceKind;
  readonly was: string;
  readonly now: string;
}

export interface Swapped {
  readonly text: string;
  /** Each different replacement once, in text order. */
  readonly replacements: readonly Replacement[];
  /** Identifying pieces for which there is no replacement, so that they stay. */
  readonly kept: readonly string[];
}

interface Span {
  readonly start: number;
  readonly end: number;
}

const TITLES: Record<string, string> = { mr: "Ms", mrs: "Mr", ms: "Mr", miss: "Mr", mx: "Ms", dr: "Prof", prof: "Dr", professor: "Dr", sir: "Madam", madam: "Sir", herr: "Frau", frau: "Herr" };
const DETAILS: Record<string, string> = { male: "female", female: "male", man: "woman", woman: "man", single: "married", married: "single", divorced: "married", widowed: "single" };

/** Words before a colon, a dash or a tab, with the kind of what follows. */
const LABELS: readonly [RegExp, PieceKind][] = [
  [/\b(?:e-?mails?|mail)\b/i, "e-mail"],
  [/\b(?:phone|telephone|telefon|tel|mobile|mobil|mob|cell|fax)\b/i, "phone"],
  [/\b(?:address|residence|city|town|location)\b/i, "address"],
  [/\b(?:birth|born|dob|birthday)\b/i, "date of birth"],
  [/\bage\b/i, "age"],
  [/\bname\b/i, "name"],
  [/\b(?:linkedin|github|web ?site|url|site)\b/i, "link"],
  [/\b(?:nationality|citizenship|gender|sex|marital|family status|religion|pronouns?)\b/i, "personal detail"],
];

/** The pieces of a span, tried in this order at each place. */
const PIECES =
  /(?<mail>[\p{L}\d._%+-]+@[\p{L}\d.-]+\p{L})|(?<link>(?:https?:\/\/|www\.)[^\s|,;]+|[\p{L}\d-]+(?:\.[\p{L}\d-]+)*\.(?:com|org|net|io|dev|me|example)(?:\/[^\s|,;]*)?)|(?<label>(?:[Cc]ell|[Pp]hone|[Tt]el(?:ephone|efon)?|[Mm]ob(?:ile?)?|[Ff]ax)\.?\s+(?=[+(]?\d)|\p{L}[\p{L}. -]{1,28}?\s?(?::|\t|\s[-–]\s)\s*)|(?<years>\d{1,3}[ -]years?[ -]old)|(?<phone>\+?\(?\d[\d\s().\/-]{5,}\d(?!\p{L})(?:\s?ext\.?\s?\d+)?)|(?<word>[\p{L}\p{M}\d][\p{L}\p{M}\d'’.#-]*)/gu;

/** The words of the person's name, in lower case and in the order of the text; empty if no span looks like a name. */
function nameWords(spans: readonly string[]): { words: string[]; isReversed: boolean } {
  for (const text of spans) {
    const label = /^\s*(?:full |first |last |sur)?name\s*[:\t–-]\s*/i.exec(text);
    const value = (label ? text.slice(label[0].length) : text).split(/[\d@|·(\n\t:;/]/)[0] ?? "";
    const words = (value.match(/[\p{L}\p{M}][\p{L}\p{M}'’.-]*/gu) ?? []).filter((word) => !Object.hasOwn(TITLES, bare(word)));
    const isPlain = words.length > 0 && words.length <= 5 && !words.every((word) => Object.hasOwn(PRONOUNS, word.toLowerCase()));
    const lead = /^\s*\p{L}[\p{L} -]{0,28}(?=:|\t|\s[-–]\s)/u.exec(text)?.[0] ?? "";
    const isLabelled = LABELS.some(([pattern, kind]) => kind !== "name" && pattern.test(lead));
    if (isPlain && words.some((word) => /^[\p{Lu}\p{Lo}]/u.test(word)) && !isLabelled) {
      return { words: words.map((word) => word.toLowerCase()), isReversed: /^\s*[^\s,]+\s*,\s*\S/u.test(value) };
    }
  }
  return { words: [], isReversed: false };
}

const bare = (word: string): string => word.toLowerCase().replace(/\.$/, "");

/** Copies the case of a word: all capitals, a first capital, or none. */
function cased(like: string, word: string): string {
  if (like.length > 1 && like === like.toUpperCase() && like !== like.toLowerCase()) {
    return word.toUpperCase();
  }
  return /^\p{Lu}/u.test(like) ? `${word[0]?.toUpperCase()}${word.slice(1)}` : word;
}

function birthday(like: string, [day, month, year]: Person["born"]): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const numeric = /^\s*(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})\s*$/.exec(like);
  if (numeric) {
    const parts = (numeric[1] ?? "").length === 4 ? [String(year), two(month), two(day)] : [two(day), two(month), String(year)];
    return parts.join(numeric[2]);
  }
  return `${day} ${new Date(Date.UTC(year, month - 1, day)).toLocaleString("en", { month: "long", timeZone: "UTC" })} ${year}`;
}

/** Keeps the form of a number, and its country code. */
function digits(like: string): string {
  const code = /^\+\d{1,3}(?=[\s(/-])/.exec(like)?.[0] ?? "";
  let index = 0;
  return code + like.slice(code.length).replace(/\d/g, () => "5550142837"[index++ % 10] ?? "0");
}

/** A person whose name shares no word with the resume's; `turn` selects among them. */
export function personFor(text: string, turn: number): Person {
  const lower = text.toLowerCase();
  const others = PEOPLE.filter(({ given, family }) => !lower.includes(given.toLowerCase()) && !lower.includes(family.toLowerCase()));
  const pool = others.length > 0 ? others : PEOPLE;
  return pool[turn % pool.length] as Person;
}

export function swapPerson(text: string, spans: readonly Span[], turn = 0): Swapped {
  const person = personFor(text, turn);
  const name = nameWords(spans.map(({ start, end }) => text.slice(start, end)));
  const replacements = new Map<string, Replacement>();
  const kept = new Set<string>();
  let result = "";
  let at = 0;
  for (const { start, end } of spans) {
    const { text: changed, pieces, rest } = swapSpan(text.slice(start, end), person, name);
    for (const piece of pieces) {
      replacements.set(`${piece.kind}\n${piece.was}\n${piece.now}`, piece);
    }
    rest.forEach((piece) => kept.add(piece));
    result += text.slice(at, start) + changed;
    at = end;
  }
  return { text: result + text.slice(at), replacements: [...replacements.values()], kept: [...kept] };
}

function swapSpan(span: string, person: Person, name: { words: string[]; isReversed: boolean }) {
  const pieces: Replacement[] = [];
  const rest: string[] = [];
  const parts: string[] = [];
  let labelled: PieceKind | undefined;
  let at = 0;
  /** A stretch of words of one kind that is replaced as a whole, such as an address. */
  let open: { kind: PieceKind; start: number; end: number } | undefined;

  const put = (kind: PieceKind, start: number, end: number, now: string): void => {
    const was = span.slice(start, end);
    parts.push(span.slice(at, start), now);
    at = end;
    if (was !== now) {
      pieces.push({ kind, was, now });
    } else {
      rest.push(was);
    }
  };
  const close = (): void => {
    if (open) {
      const { kind, start, end } = open;
      open = undefined;
      put(kind, start, end, whole(kind, span.slice(start, end), person, name));
    }
  };

  for (const match of span.matchAll(PIECES)) {
    const { mail, link, label, years, phone, word } = match.groups as Record<string, string | undefined>;
    const start = match.index;
    const known = label !== undefined ? LABELS.find(([pattern]) => pattern.test(label)) : undefined;
    // What looks like a label but is none, such as "Hamburg - ", does not include the dash.
    const end = start + (known ? match[0] : match[0].replace(/[\s:–-]+$/, "")).length;
    if (known) {
      close();
      labelled = known[1];
      continue;
    }
    if (open && /[|·;\n\t]/.test(span.slice(open.end, start))) {
      close();
      labelled = undefined;
    }
    if (mail !== undefined) {
      close();
      put("e-mail", start, end, person.mail);
    } else if (link !== undefined) {
      close();
      put("link", start, end, person.link);
    } else if (years !== undefined) {
      close();
      put("age", start, end, years.replace(/\d+/, String(person.age)));
    } else if (phone !== undefined && labelled !== "date of birth" && !(open?.kind === "address" && !/^[+(]/.test(phone))) {
      close();
      put("phone", start, end, digits(phone));
    } else {
      const kind = kindOf(word ?? match[0], labelled, name.words, open?.kind);
      if (open?.kind !== kind || kind === "pronoun" || kind === "title") {
        close();
      }
      if (kind === "pronoun" || kind === "title") {
        const now = (kind === "pronoun" ? PRONOUNS[bare(match[0])] : TITLES[bare(match[0])]) ?? "";
        put(kind, start, end, cased(match[0], now) + (match[0].endsWith(".") && kind === "title" ? "." : ""));
      } else {
        open = { kind, start: open?.start ?? start, end };
      }
    }
  }
  close();
  parts.push(span.slice(at));
  return { text: parts.join(""), pieces, rest };
}

function kindOf(word: string, labelled: PieceKind | undefined, name: readonly string[], open: PieceKind | undefined): PieceKind {
  const lower = word.toLowerCase();
  if (Object.hasOwn(PRONOUNS, lower)) {
    return "pronoun";
  }
  const root = lower.replace(/['’]s?$/, "");
  if (name.includes(lower) || name.includes(root) || (name.includes(bare(word)) && open === "name")) {
    return "name";
  }
  if (labelled && labelled !== "name") {
    return labelled;
  }
  if (Object.hasOwn(TITLES, bare(word))) {
    return "title";
  }
  if (labelled === "name") {
    return "name";
  }
  return /^(?:aged?|born|years?|old)$/i.test(word) ? "age" : open === "age" && /^\d{1,2}$/.test(word) ? "age" : "address";
}

/** The replacement of a stretch of words. */
function whole(kind: PieceKind, was: string, person: Person, name: { words: string[]; isReversed: boolean }): string {
  switch (kind) {
    case "name":
      return fullName(was, person, name);
    case "address":
      return /\d/.test(was) ? person.address : was.includes(",") ? person.place : (person.place.split(",")[0] ?? was);
    case "age":
      return was.replace(/\d+/, String(person.age));
    case "date of birth":
      return birthday(was, person.born);
    case "phone":
      return digits(was);
    case "personal detail":
      return Object.hasOwn(DETAILS, was.toLowerCase()) ? cased(was, DETAILS[was.toLowerCase()] ?? was) : person.nationality;
    default:
      return was;
  }
}

/** The words of a name one by one: the first is the given name, the last the family name, others become initials. */
function fullName(was: string, person: Person, { words, isReversed }: { words: string[]; isReversed: boolean }): string {
  if (words.length === 1) {
    return cased(was, `${person.given} ${person.family}`);
  }
  const [given, family] = isReversed ? [words.at(-1), words[0]] : [words[0], words.at(-1)];
  return was.replace(/[\p{L}\p{M}][\p{L}\p{M}'’.-]*/gu, (word) => {
    const lower = word.toLowerCase();
    const possessive = /['’]s$/.exec(lower)?.[0] ?? "";
    const root = possessive ? lower.slice(0, -possessive.length) : lower;
    const now = root === given ? person.given : root === family ? person.family : `${person.given[0] ?? ""}.`;
    return cased(word, now) + possessive;
  });
}
