// The inputs of a batch, read from pasted lines or CSV.
import { bytes, number } from "../lib/format";
import { MESSAGE_BYTES } from "../rank/limits";
import { type Csv, CsvError, parseCsv, type Separator } from "./csv";
import { fits } from "./plan";

/** The largest number of inputs. They are sent in several requests. */
export const MAXIMUM = 20_000;

export interface ModelShape {
  readonly task: string;
  readonly inputSize?: number | null;
  readonly features: readonly string[];
}

export type Instance = { readonly text: string } | { readonly features: readonly number[] };

export interface Input {
  /** The line in which the input begins, from 1. */
  readonly line: number;
  readonly instance: Instance;
}

/** A problem of one line. */
export interface LineProblem {
  readonly line: number;
  readonly message: string;
}

export interface Inputs {
  readonly inputs: readonly Input[];
  readonly problems: readonly LineProblem[];
}

/** The names of the features; numbered if the model does not name them. */
export const featureNames = ({ features, inputSize }: ModelShape): readonly string[] =>
  features.length > 0 ? features : Array.from({ length: inputSize ?? 0 }, (_, index) => `Feature ${index + 1}`);

export function readInputs(text: string, model: ModelShape): Inputs {
  try {
    const read = model.task === "TABULAR_CLASSIFICATION" ? readRows(parseCsv(text), featureNames(model)) : readTexts(text);
    const tooMany = read.inputs[MAXIMUM];
    const tooLarge = read.inputs.filter((input) => !fits(input));
    if (tooLarge.length > 0) {
      const message = `the text is too long; at most ${bytes(MESSAGE_BYTES)} can be sent`;
      return { inputs: read.inputs.filter(fits), problems: [...read.problems, ...tooLarge.map(({ line }) => ({ line, message }))] };
    }
    return tooMany
      ? { ...read, problems: [...read.problems, { line: tooMany.line, message: `${number(read.inputs.length)} inputs; at most ${number(MAXIMUM)} are allowed` }] }
      : read;
  } catch (error) {
    if (error instanceof CsvError) {
      return { inputs: [], problems: [{ line: error.line, message: error.message }] };
    }
    throw error;
  }
}

/** Texts: one a line, or CSV if the first line names a column `text`. */
function readTexts(text: string): Inputs {
  const header = names(text);
  const column = header.indexOf("text");
  if (column < 0) {
    const lines = text.replace(/^\uFEFF/u, "").split(/\r\n|\r|\n/u);
    const inputs = lines.map((line, index) => ({ line: index + 1, instance: { text: line.trim() } }));
    return { inputs: inputs.filter(({ instance }) => instance.text !== ""), problems: [] };
  }
  const inputs: Input[] = [];
  const problems: LineProblem[] = [];
  for (const { line, cells } of parseCsv(text).records.slice(1)) {
    const cell = cells[column]?.trim() ?? "";
    if (cells.length !== header.length) {
      problems.push({ line, message: countProblem(cells.length, header.length) });
    } else if (cell === "") {
      problems.push({ line, message: "the text is empty" });
    } else {
      inputs.push({ line, instance: { text: cell } });
    }
  }
  return { inputs, problems };
}

/** Rows of numbers, by the names in the header; without a header, in the order of the features. */
function readRows({ records, separator }: Csv, features: readonly string[]): Inputs {
  const [first] = records;
  if (!first) {
    return { inputs: [], problems: [] };
  }
  const hasHeader = first.cells.some((cell) => cell.trim() !== "" && numberOf(cell, separator) === undefined);
  const header = hasHeader ? first.cells.map(normalized) : features.map(normalized);
  const columns = features.map((feature) => header.indexOf(normalized(feature)));
  const missing = features.filter((_, index) => columns[index] === -1);
  if (missing.length > 0) {
    const some = missing.slice(0, 3).join(", ");
    const more = missing.length > 3 ? ` and ${missing.length - 3} more` : "";
    return { inputs: [], problems: [{ line: first.line, message: `the header lacks the columns ${some}${more}` }] };
  }
  const twice = features.find((feature) => header.indexOf(normalized(feature)) !== header.lastIndexOf(normalized(feature)));
  if (twice !== undefined) {
    return { inputs: [], problems: [{ line: first.line, message: `the header has the column ${twice} twice` }] };
  }
  const inputs: Input[] = [];
  const problems: LineProblem[] = [];
  for (const { line, cells } of hasHeader ? records.slice(1) : records) {
    const row = columns.map((column) => numberOf(cells[column] ?? "", separator));
    const bad = row.indexOf(undefined);
    if (cells.length !== header.length) {
      problems.push({ line, message: countProblem(cells.length, header.length) });
    } else if (bad >= 0) {
      const isEmpty = (cells[columns[bad] ?? 0] ?? "").trim() === "";
      problems.push({ line, message: `${features[bad]} ${isEmpty ? "is empty" : "is not a number"}; write numbers as 12.5, 12,5 or 1e-3` });
    } else {
      inputs.push({ line, instance: { features: row.filter((value) => value !== undefined) } });
    }
  }
  return { inputs, problems };
}

const countProblem = (found: number, expected: number): string =>
  `${found} ${found === 1 ? "value" : "values"}; ${expected} ${expected === 1 ? "is" : "are"} expected`;

const normalized = (name: string): string => name.trim().toLowerCase().replace(/[\s_]+/gu, " ");

/** The names in the header, if the text is CSV. */
function names(text: string): readonly string[] {
  const [first = "", second = ""] = text.split(/\r\n|\r|\n/u, 2);
  try {
    // The first line may name the separator instead.
    const { records } = parseCsv(first);
    return (records[0] ?? parseCsv(`${first}\n${second}`).records[0])?.cells.map(normalized) ?? [];
  } catch {
    return [];
  }
}

/** A comma that may be a decimal comma or separate thousands, such as in `1,234`. */
const AMBIGUOUS = /^[+-]?[1-9]\d{0,2},\d{3}$/u;

/**
 * The number that a text is; undefined for any other text. The decimal separator may be a comma, as many languages write
 * it; where cells are separated by semicolons, it always is.
 */
export function numberOf(text: string, separator: Separator = ","): number | undefined {
  const isDecimal = separator === ";" || !AMBIGUOUS.test(text.trim());
  const trimmed = isDecimal ? text.trim().replace(/^([+-]?\d*),(\d+)(?=$|e)/iu, "$1.$2") : text.trim();
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/iu.test(trimmed)) {
    return undefined;
  }
  const value = Number(trimmed);
  // The server computes with numbers of 32 bits.
  return Number.isFinite(Math.fround(value)) ? value : undefined;
}

/** The line of the input that an error of the server names, such as `input 3: the text is empty`. */
export function lineOfError(message: string, inputs: readonly Input[]): LineProblem | undefined {
  const [, index, reason] = /^input (\d+): (.*)$/su.exec(message) ?? [];
  const input = index === undefined ? undefined : inputs[Number(index)];
  return input && { line: input.line, message: reason ?? "" };
}
