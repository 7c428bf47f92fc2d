// The page to which a sign-in returns.
import type { Router } from "vue-router";

const ORIGIN = "http://console.invalid";

/**
 * The path of a page of this console that `to` names; null for anything else, such as an address of another site or a
 * page that does not exist.
 */
export function pagePath(to: unknown, router: Pick<Router, "resolve">): string | null {
  if (typeof to !== "string" || !to.startsWith("/")) {
    return null;
  }
  let url: URL;
  try {
    // As browsers read it: `//host`, `/\host` and `/<tab>/host` name another site.
    url = new URL(to, ORIGIN);
  } catch {
    return null;
  }
  if (url.origin !== ORIGIN || url.pathname.startsWith("//")) {
    return null;
  }
  const path = `${url.pathname}${url.search}${url.hash}`;
  const [record] = router.resolve(path).matched;
  const isPage = record !== undefined && !record.path.includes(":path") && !["/", "/sign-in", "/register"].includes(record.path);
  return isPage ? path : null;
}
