import { describe, expect, it } from "vitest";
import { createMemoryHistory, createRouter } from "vue-router";

import { pagePath } from "./target";

const component = { template: "<p />" };
const paths = ["/", "/sign-in", "/register", "/match", "/admin/users", "/admin/users/:id", "/:path(.*)*"];
const router = createRouter({ history: createMemoryHistory("/prefix/"), routes: paths.map((path) => ({ path, component })) });

describe("pagePath", () => {
  it.each(["/match", "/match?a=b#c", "/admin/users/ann", "/admin/users?search=a%2Fb"])("allows the page %j", (path) => {
    expect(pagePath(path, router)).toBe(path);
  });

  it.each([
    "https://example.org/match",
    "//example.org/match",
    "/\\example.org/match",
    "\\\\example.org/match",
    "/\t/example.org/match",
    "/\n//example.org",
    "/./\\example.org",
    "/.//example.org/match",
    "/%2F/example.org",
    "javascript:alert(1)",
    "data:text/html,x",
    " /match",
    "match",
    "",
    "/",
    "/sign-in",
    "/register?to=/match",
    "/unknown",
    "//",
    "http:match",
    null,
    undefined,
    ["/match"],
  ])("refuses %j", (to) => {
    expect(pagePath(to, router)).toBeNull();
  });

  it("resolves dots before it decides", () => {
    expect(pagePath("/admin/../match", router)).toBe("/match");
    expect(pagePath("/match/../sign-in", router)).toBeNull();
  });
});
