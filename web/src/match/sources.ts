/** One side of a match as a person gives it: a text, or a file. */
export type MatchSource = { readonly text: string } | { readonly file: File };

/** A side of a match, named as in the errors of the server. */
export type Side = "resume" | "job";

/** The maximum size of a file, in bytes; the server refuses larger ones. */
export const MAX_FILE_BYTES = 5 * 1024 * 1024;

export const isEmpty = (source: MatchSource): boolean => "text" in source && source.text.trim() === "";

/** The input of the API: the text, or the file in base64. The server detects the type from the content. */
export async function sourceInput(source: MatchSource): Promise<{ text: string } | { document: { base64: string } }> {
  return "text" in source ? { text: source.text } : { document: { base64: base64(new Uint8Array(await source.file.arrayBuffer())) } };
}

/** Encodes bytes in base64, in pieces that fit the argument limit of `fromCharCode`. */
export function base64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let start = 0; start < bytes.length; start += 0x8000) {
    pieces.push(String.fromCharCode(...bytes.subarray(start, start + 0x8000)));
  }
  return btoa(pieces.join(""));
}
