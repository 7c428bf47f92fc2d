import { expect, test } from "vitest";

import { usePages } from "./usePages";

test("pages go forwards by cursor and back the same way", () => {
  const pages = usePages();
  expect([pages.after.value, pages.index.value]).toEqual([null, 0]);
  pages.next("a");
  pages.next("b");
  expect([pages.after.value, pages.index.value]).toEqual(["b", 2]);
  pages.next(null);
  expect(pages.index.value).toBe(2);
  pages.previous();
  expect(pages.after.value).toBe("a");
  pages.previous();
  pages.previous();
  expect([pages.after.value, pages.index.value]).toEqual([null, 0]);
  pages.next("c");
  pages.first();
  expect(pages.after.value).toBeNull();
});
