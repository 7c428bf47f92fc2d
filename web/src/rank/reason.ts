// The reasons why a text of a ranking or a new job cannot be used, in plain words for the row of its file.
import { sentence } from "../api/errors";
import { bytes } from "../lib/format";
import { MAX_FILE_BYTES } from "../match/sources";

export { UNREADABLE_FILE } from "../match/sources";

const REASONS: Record<string, string> = {
  TOO_LARGE: `Too large: the limit is ${bytes(MAX_FILE_BYTES)}.`,
  TOO_MANY_PAGES: "Too long: the limit is 50 pages.",
  TOO_SLOW: "Reading it takes too long. Save it again from the program it was written in.",
  UNKNOWN_TYPE: "This type of file cannot be read. Use PDF, DOCX, HTML, Markdown or plain text.",
  MISLABELLED: "The content is of another type than the file claims. Save it again.",
  ENCRYPTED: "Protected with a password. Save it without one.",
  SCANNED: "Scanned: its pages are images without text. Export it from the program it was written in.",
  BROKEN: "Damaged: it cannot be read. Save it again.",
  NOT_TEXT: "It has no readable text. Use PDF, DOCX, HTML, Markdown or plain text.",
  EMPTY: "It has no visible text.",
};
const CODES: Record<string, string> = {
  OVERLOADED: "The server was too busy to read it.",
  INTERNAL: "The comparison failed on the server.",
};

export const EMPTY_FILE = "The file is empty.";

/** The error of a text, in words. */
export function reasonText(error: { readonly code: string; readonly message: string; readonly reason?: string | null }): string {
  const known = (error.reason && REASONS[error.reason]) || CODES[error.code];
  // The server names the argument first, which means nothing beside a file name.
  return known || sentence(error.message.replace(/^(?:input\.)?[\w.[\]]+: /, ""));
}

/** Whether comparing the same text again can succeed. */
export const canCompareAgain = (code: string): boolean => code in CODES;
