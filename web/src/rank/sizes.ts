// The sizes of texts in a message to the server.
import type { MatchSource } from "../match/sources";
import type { Entry } from "./entries";
import { encodedSize, type SizedText } from "./plan";

/** The size of the text that all others are compared with. */
export const subjectSize = (one: MatchSource): number =>
  "file" in one ? encodedSize(one.file.size) : new TextEncoder().encode(JSON.stringify(one.text)).length;

/** The files to send, with their sizes. Empty ones are not sent. */
export const sizedTexts = (entries: readonly Entry[]): SizedText[] =>
  entries.flatMap(({ id, source }) => ("file" in source && source.file.size > 0 ? [{ id, size: encodedSize(source.file.size) }] : []));
