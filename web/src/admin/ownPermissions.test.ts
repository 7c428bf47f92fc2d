import { expect, test } from "vitest";

import { lostPermissions } from "./ownPermissions";

test("a permission is lost if no role grants it any more", () => {
  expect(lostPermissions(["MANAGE_ROLES", "PREDICT"], [["PREDICT"]])).toEqual(["MANAGE_ROLES"]);
  expect(lostPermissions(["MANAGE_ROLES", "PREDICT"], [["PREDICT"], ["READ_AUDIT", "MANAGE_ROLES"]])).toEqual([]);
  expect(lostPermissions(["PREDICT"], [])).toEqual(["PREDICT"]);
});
