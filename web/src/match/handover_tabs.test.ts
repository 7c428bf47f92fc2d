import { expect, test } from "vitest";

import { namesPair, offerPairs, requestPair } from "./handover_tabs";

const pair = { resume: { text: "a resume" }, job: { text: "a posting" } };

test("a pair is handed to another tab by the fragment of its address", async () => {
  const asked: string[] = [];
  const offer = offerPairs(async (name) => {
    asked.push(name);
    return name === "1.7" ? pair : undefined;
  });
  const other = offerPairs(async () => expect.fail("asked for the pair of another offer"));
  const hash = offer.hashOf("1.7");
  expect(namesPair(hash)).toBe(true);
  expect(await requestPair(hash)).toEqual(pair);
  expect(await requestPair(offer.hashOf("1.8"))).toBeUndefined();
  expect(asked).toEqual(["1.7", "1.8"]);
  offer.close();
  other.close();
});

test("a pair that no tab has, or cannot give, is undefined", async () => {
  const offer = offerPairs(() => Promise.reject(new Error("the job was removed")));
  const hash = offer.hashOf("0");
  expect(await requestPair(hash)).toBeUndefined();
  offer.close();
  expect(await requestPair(hash, 20)).toBeUndefined();
});

test("other fragments name no pair", () => {
  expect(["", "#from=", "#from=1-2", "#main"].some(namesPair)).toBe(false);
});
