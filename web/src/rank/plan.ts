// The division of a ranking into requests that the server accepts: by their size, and by the cost of each.
import { MAX_FILES, MESSAGE_BYTES, TEXT_COST, USUAL_MESSAGE_BYTES } from "./limits";

export interface SizedText {
  readonly id: number;
  /** The size in the message, in bytes. */
  readonly size: number;
}

export interface Plan {
  /** The ids of the texts of each request, in their order. */
  readonly batches: readonly (readonly number[])[];
  /** Texts that do not fit into a message. */
  readonly tooLarge: readonly number[];
  /** The total cost of all requests. */
  readonly cost: number;
}

/** The length of bytes in base64, with space for the JSON around them. */
export const encodedSize = (bytes: number): number => 4 * Math.ceil(bytes / 3) + 64;

/** The largest file that fits into a message beside a text of this size, in bytes. */
export const largestFile = (one: number): number => Math.max(0, Math.floor((MESSAGE_BYTES - one - 64) / 4) * 3);

/**
 * Divides the texts into requests of at most `maxTexts`. Each also contains the text of size `one`, which is charged
 * again.
 */
export function planRequests(one: number, texts: readonly SizedText[], maxTexts = MAX_FILES): Plan {
  const room = MESSAGE_BYTES - one;
  const usual = Math.min(room, USUAL_MESSAGE_BYTES);
  const tooLarge: number[] = [];
  const batches: number[][] = [];
  let left = 0;
  for (const { id, size } of texts) {
    if (size > room) {
      tooLarge.push(id);
      continue;
    }
    const last = batches.at(-1);
    if (last && size <= left && last.length < maxTexts) {
      last.push(id);
      left -= size;
    } else {
      batches.push([id]);
      left = usual - size;
    }
  }
  const sent = texts.length - tooLarge.length;
  return { batches, tooLarge, cost: TEXT_COST * (sent + batches.length) };
}

/** The most texts of one request whose cost is allowed; less than 1 if not even one is. */
export const textsWithin = (maximumCost: number): number => Math.floor(maximumCost / TEXT_COST) - 1;
