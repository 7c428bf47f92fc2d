import { CombinedError } from "@urql/core";
import { expect, test } from "vitest";

import { checkPair, checkSource, sourceProblem } from "./source_problem";
import { base64, MAX_FILE_BYTES, sourceInput, UNREADABLE_FILE } from "./sources";

const refusal = (message: string, extensions: Record<string, unknown> = {}) => new CombinedError({ graphQLErrors: [{ message, extensions }] });

test("an error of the server is shown beside the text it is about", () => {
  expect(sourceProblem(refusal("resume: the document is encrypted; save it without a password", { code: "UNSUPPORTED_DOCUMENT", reason: "ENCRYPTED" }))).toEqual({
    side: "resume",
    message: "This file is protected with a password. Save it without one, or paste its text.",
  });
  expect(sourceProblem(refusal("job: the document contains no text", { code: "BAD_USER_INPUT" }))).toEqual({
    side: "job",
    message: "The document contains no text.",
  });
  expect(sourceProblem(refusal("input.resume.document.base64: not base64"))?.side).toBe("resume");
  expect(sourceProblem(refusal("job: unheard of", { reason: "NEW_REASON" }))).toEqual({ side: "job", message: "Unheard of." });
});

test("other errors are about neither text", () => {
  expect(sourceProblem(refusal("the server is busy; try again later"))).toBeUndefined();
  expect(sourceProblem(refusal("jobs: too many"))).toBeUndefined();
  expect(sourceProblem(new Error("resume: no"))).toBeUndefined();
});

test("empty texts and large files are found before they are sent", () => {
  expect(checkSource("resume", { text: " \n" })).toContain("Paste a resume");
  expect(checkSource("job", { text: "Cook" })).toBe("");
  expect(checkSource("job", { file: new File([new Uint8Array(MAX_FILE_BYTES)], "a.pdf") })).toBe("");
  expect(checkSource("job", { file: new File([new Uint8Array(MAX_FILE_BYTES + 1)], "a.pdf") })).toContain("larger than 4.5 MB");
  expect(checkSource("job", { file: new File([], "a.pdf") })).toContain("empty");
});

test("two texts that are too large together are told at the larger one", () => {
  const file = (size: number) => ({ file: new File([new Uint8Array(size)], "a.pdf") });
  expect(checkPair(file(2_000_000), file(2_000_000))).toBeUndefined();
  const problem = checkPair(file(2_000_000), file(4_000_000));
  expect(problem?.side).toBe("job");
  const most = /at most ([\d.]+) MB/.exec(problem?.message ?? "")?.[1];
  expect(checkPair(file(2_000_000), file(Math.floor(Number(most) * 1_000_000) - 50_000))).toBeUndefined();
  expect(checkPair({ text: "a".repeat(7_000_000) }, file(10))).toMatchObject({ side: "resume", message: expect.stringMatching(/^This text is too large/) });
});

test("a file that has gone since it was chosen is told beside it", async () => {
  const file = { arrayBuffer: () => Promise.reject(new DOMException("gone", "NotFoundError")) } as unknown as File;
  const told = (side?: "resume" | "job") => sourceInput({ file }, side).then(() => expect.fail(), sourceProblem);
  expect(await told("job")).toEqual({ side: "job", message: UNREADABLE_FILE });
  expect(await told()).toBeUndefined();
});

test("bytes are encoded in base64 across pieces", () => {
  const bytes = Uint8Array.from({ length: 100_001 }, (_, index) => (index * 7) % 256);
  expect(base64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
  expect(base64(new Uint8Array())).toBe("");
});
