// A parser of CSV (RFC 4180). The separator may also be a semicolon or a tab, as spreadsheets export and copy it.

export interface CsvRecord {
  /** The line of the text in which the record begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** The text is not CSV. */
export class CsvError extends Error {
  constructor(
    readonly line: number,
    message: string,
  ) {
    super(message);
  }
}

export type Separator = "," | ";" | "\t";

export interface Csv {
  readonly separator: Separator;
  readonly records: readonly CsvRecord[];
}

/** A line before the header by which spreadsheets name the separator. */
const NAMED = /^sep=([,;\t])(\r\n|\r|\n|$)/iu;

/**
 * Parses a text into records. Empty lines are left out.
 *
 * @throws CsvError if a quoted value does not end, or is followed by something other than a separator.
 */
export function parseCsv(text: string): Csv {
  const whole = text.replace(/^\uFEFF/u, "");
  const named = NAMED.exec(whole);
  const source = named ? whole.slice(named[0].length) : whole;
  const separator = (named?.[1] as Separator | undefined) ?? separatorOf(source);
  const records: CsvRecord[] = [];
  let cells: string[] = [];
  let line = named ? 2 : 1;
  let start = line;
  let position = 0;
  let isQuoted = false;

  const endRecord = (): void => {
    const isEmpty = cells.length === 1 && cells[0] === "" && !isQuoted;
    if (!isEmpty) {
      records.push({ line: start, cells });
    }
    cells = [];
    isQuoted = false;
  };

  while (position < source.length || cells.length > 0) {
    if (source[position] === '"') {
      const { value, end } = quoted(source, position, line);
      isQuoted = true;
      cells.push(value);
      line += lineEnds(source.slice(position, end));
      position = end;
    } else {
      const end = nextOf(source, position, separator);
      cells.push(source.slice(position, end));
      position = end;
    }
    if (source[position] === separator) {
      position += 1;
      continue;
    }
    if (position < source.length && !/[\r\n]/u.test(source[position] ?? "")) {
      throw new CsvError(line, "a quoted value is followed by other characters; write a quote inside of it twice");
    }
    position += source.startsWith("\r\n", position) ? 2 : 1;
    endRecord();
    line += 1;
    start = line;
  }
  return { separator, records };
}

/** The value of a quoted cell, and the position after its last quote. */
function quoted(source: string, start: number, line: number): { value: string; end: number } {
  let value = "";
  let from = start + 1;
  for (;;) {
    const quote = source.indexOf('"', from);
    if (quote < 0) {
      throw new CsvError(line, "a quoted value does not end");
    }
    value += source.slice(from, quote);
    if (source[quote + 1] !== '"') {
      return { value, end: quote + 1 };
    }
    value += '"';
    from = quote + 2;
  }
}

/** The position of the next separator or line end. */
function nextOf(source: string, start: number, separator: Separator): number {
  let position = start;
  while (position < source.length && source[position] !== separator && source[position] !== "\r" && source[position] !== "\n") {
    position += 1;
  }
  return position;
}

const lineEnds = (text: string): number => text.match(/\r\n|\r|\n/gu)?.length ?? 0;

/** The separator of the first line, with what is between quotes left out: a tab or a semicolon if it has one. */
function separatorOf(source: string): Separator {
  const [first = ""] = source.replace(/"[^"]*"/gu, "").split(/[\r\n]/u, 1);
  return first.includes("\t") ? "\t" : first.includes(";") ? ";" : ",";
}
