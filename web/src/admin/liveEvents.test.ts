import { expect, test } from "vitest";

import { newEvents } from "./liveEvents";

const events = (ids: string) => [...ids].map((id) => ({ id }));
const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id).join("");

test("new events are those above the ones that are shown", () => {
  expect(ids(newEvents(events("cba"), events("edc")))).toBe("ed");
  expect(ids(newEvents(events("cba"), events("cba")))).toBe("");
  expect(ids(newEvents(events("cba"), events("zyx")))).toBe("zyx");
  expect(ids(newEvents(events(""), events("ba")))).toBe("ba");
  expect(ids(newEvents(events("ba"), events("")))).toBe("");
});

test("events that a filter or the retention removed do not make others new", () => {
  expect(ids(newEvents(events("edcba"), events("dcb")))).toBe("");
});
