// Problems with one of the two texts, in words for the person who gave it.
import { CombinedError } from "@urql/core";

import { sentence } from "../api/errors";
import { bytes } from "../lib/format";
import { MESSAGE_BYTES } from "../rank/limits";
import { largestFile } from "../rank/plan";
import { subjectSize } from "../rank/sizes";
import { isEmpty, MAX_FILE_BYTES, type MatchSource, type Side, UnreadableFile } from "./sources";

export interface SourceProblem {
  readonly side: Side;
  readonly message: string;
}

const NAMES: Record<Side, string> = { resume: "resume", job: "job posting" };
const LARGE = `This file is larger than ${bytes(MAX_FILE_BYTES)}, the limit. Save it with smaller images, or paste its text.`;

/** The reasons of `UNSUPPORTED_DOCUMENT` for which the page has plainer words than the server. */
const REASONS: Record<string, string> = {
  TOO_LARGE: LARGE,
  TOO_MANY_PAGES: "This file has more than 50 pages, the limit. Save only the pages that matter, or paste their text.",
  TOO_SLOW: "This file takes too long to read. Save it again from the program it was written in, or paste its text.",
  UNKNOWN_TYPE: "This type of file cannot be read. Use PDF, DOCX, HTML, Markdown or plain text, or paste the text.",
  MISLABELLED: "The content of this file is of another type than it claims. Save it again, or paste its text.",
  ENCRYPTED: "This file is protected with a password. Save it without one, or paste its text.",
  SCANNED: "This file has scanned pages, which are images without text. Export it from the program it was written in, or paste its text.",
  BROKEN: "This file is damaged and cannot be read. Save it again, or paste its text.",
  NOT_TEXT: "This file has no readable text. Use PDF, DOCX, HTML, Markdown or plain text, or paste the text.",
  EMPTY: "This file has no visible text. Check that it is the right one, or paste its text.",
};

/** Problems that are known before anything is sent. */
export function checkSource(side: Side, source: MatchSource): string {
  if ("file" in source) {
    return source.file.size > MAX_FILE_BYTES ? LARGE : source.file.size === 0 ? "This file is empty." : "";
  }
  return isEmpty(source) ? `Paste a ${NAMES[side]}, or choose a file.` : "";
}

/** The larger of two texts that cannot be sent together; undefined if they can. */
export function checkPair(resume: MatchSource, job: MatchSource): SourceProblem | undefined {
  const sizes = { resume: subjectSize(resume), job: subjectSize(job) };
  if (sizes.resume + sizes.job <= MESSAGE_BYTES) {
    return undefined;
  }
  const [side, other]: readonly [Side, Side] = sizes.resume > sizes.job ? ["resume", "job"] : ["job", "resume"];
  const isFile = "file" in { resume, job }[side];
  const most = isFile ? largestFile(sizes[other]) : MESSAGE_BYTES - sizes[other];
  return {
    side,
    message: `This ${isFile ? "file" : "text"} is too large to be sent together with the ${NAMES[other]}: at most ${bytes(most)}. ${
      isFile ? "Save it with smaller images, or paste its text." : "Paste only what belongs to it."
    }`,
  };
}

/** The text that an error of the server is about, and the problem; undefined for any other error. */
export function sourceProblem(error: unknown): SourceProblem | undefined {
  if (error instanceof UnreadableFile) {
    return error.side && { side: error.side, message: error.message };
  }
  const first = error instanceof CombinedError ? error.graphQLErrors[0] : undefined;
  const found = first && /^(?:input\.)?(resume|job)(?:\.[\w.]+)?: (.*)$/s.exec(first.message);
  if (!first || !found) {
    return undefined;
  }
  const side: Side = found[1] === "job" ? "job" : "resume";
  const reason = first.extensions["reason"];
  const plain = typeof reason === "string" ? REASONS[reason] : undefined;
  return { side, message: plain ?? sentence(found[2] ?? "") };
}
