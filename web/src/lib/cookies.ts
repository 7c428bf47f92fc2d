// Whether this browser keeps the cookies of a session, which are sent over secure connections only.

/** `insecure` for plain http, except on the machine itself; `blocked` if the browser refuses cookies. */
export type CookieSupport = "kept" | "insecure" | "blocked";

/** Whether a cookie with these attributes is kept. */
function keeps(name: string, attributes: string): boolean {
  try {
    document.cookie = `${name}=1; Path=/; Max-Age=10; SameSite=Strict${attributes}`;
    const isKept = document.cookie.includes(`${name}=1`);
    document.cookie = `${name}=; Path=/; Max-Age=0; SameSite=Strict${attributes}`;
    return isKept;
  } catch {
    return false;
  }
}

/** Tries a cookie with the attributes of those of the session. */
export function cookieSupport(): CookieSupport {
  if (keeps("__Host-portcullis-test", "; Secure")) {
    return "kept";
  }
  // Some browsers consider http://localhost secure, but drop its secure cookies.
  return !isSecureContext || keeps("portcullis-test", "") ? "insecure" : "blocked";
}
