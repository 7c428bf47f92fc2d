/** One side of a match as a person gives it: a text, or a file. */
export type MatchSource = { readonly text: string } | { readonly file: File };

/** A side of a match, named as in the errors of the server. */
export type Side = "resume" | "job";

/** The maximum size of a file, in bytes. In base64 it fits into a message to the server, beside a text of usual length. */
export const MAX_FILE_BYTES = 4_500_000;

export const isEmpty = (source: MatchSource): boolean => "text" in source && source.text.trim() === "";

export const UNREADABLE_FILE = "The file cannot be read: it was moved, renamed or changed after it was chosen. Choose it again.";

/** A file that the browser can no longer read. */
export class UnreadableFile extends Error {
  constructor(readonly side: Side | undefined) {
    super(UNREADABLE_FILE);
  }
}

/**
 * The input of the API: the text, or the file in base64. The server detects the type from the content. `side` is that of the error
 * if the file cannot be read.
 */
export async function sourceInput(source: MatchSource, side?: Side): Promise<{ text: string } | { document: { base64: string } }> {
  if ("text" in source) {
    return { text: source.text };
  }
  const bytes = await source.file.arrayBuffer().catch(() => {
    throw new UnreadableFile(side);
  });
  return { document: { base64: base64(new Uint8Array(bytes)) } };
}

/** Encodes bytes in base64, in pieces that fit the argument limit of `fromCharCode`. */
export function base64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let start = 0; start < bytes.length; start += 0x8000) {
    pieces.push(String.fromCharCode(...bytes.subarray(start, start + 0x8000)));
  }
  return btoa(pieces.join(""));
}
