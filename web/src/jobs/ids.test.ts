import { expect, it } from "vitest";

import { createIds } from "./ids";

/** As `JobInput.id` of the schema: 1 to 128 letters, digits and the characters `._:-`. */
const ID = /^[A-Za-z0-9._:-]{1,128}$/;

it("gives a file the same id each time", () => {
  const ids = createIds();
  const [first, second] = [new File(["a"], "a.txt"), new File(["a"], "a.txt")];
  expect(ids.ofFile(first)).toMatch(ID);
  expect(ids.ofFile(first)).toBe(ids.ofFile(first));
  expect(ids.ofFile(second)).not.toBe(ids.ofFile(first));
});

it("gives a text the same id until it was answered", () => {
  const ids = createIds();
  const before = ids.ofText("Title", "Text");
  expect(before).toMatch(ID);
  expect(ids.ofText("Title", "Text")).toBe(before);
  expect(ids.ofText("Title", "Text, changed")).not.toBe(before);
  expect(ids.ofText("", "TitleText")).not.toBe(ids.ofText("Title", "Text"));
  ids.forgetTexts();
  expect(ids.ofText("Title", "Text")).not.toBe(before);
});
