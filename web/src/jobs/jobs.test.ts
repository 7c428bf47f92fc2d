import { expect, it } from "vitest";

import { firstLines, jobIndex, relevanceText } from "./words";

it("finds the job that an error is about", () => {
  expect(jobIndex({ path: ["input", "jobs", "3", "source", "document"] })).toBe(3);
  expect(jobIndex({ path: ["input", "jobs"] })).toBeNull();
  expect(jobIndex({ path: [] })).toBeNull();
  expect(jobIndex({ path: ["3"] })).toBeNull();
});

it("says the relevance in words", () => {
  expect(relevanceText({ words: 2.5, similarity: 0.7 })).toBe("Very close in meaning, with words of your search");
  expect(relevanceText({ words: 0, similarity: 0.35 })).toBe("Related");
  expect(relevanceText({ words: 0, similarity: -0.2 })).toBe("Loosely related");
});

it("shows the beginning of a posting without its title, cut at a word", () => {
  expect(firstLines({ title: "Baker", text: "Baker\n\nWe  bake bread.\n" })).toBe("We bake bread.");
  expect(firstLines({ title: "Baker", text: "We bake bread every morning." }, 12)).toBe("We bake…");
});
