// The limits of the server on a ranking.

/** Files that are chosen for one ranking. */
export const MAX_FILES = 200;

/** The cost of one text. The text that all others are compared with costs the same. */
export const TEXT_COST = 20;

/** The maximum size of a message to the server, less the space for everything but the texts. */
export const MESSAGE_BYTES = 6 * 1024 * 1024 - 64 * 1024;

/** The size of a message that is aimed at: the upload of one must not take longer than the server's answer to a ping. */
export const USUAL_MESSAGE_BYTES = 3 * 1024 * 1024;
