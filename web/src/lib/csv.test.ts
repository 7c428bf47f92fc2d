import { describe, expect, test } from "vitest";

import { csv } from "./csv";

describe("csv", () => {
  test("separates fields with commas and lines with CR LF", () => {
    expect(csv([["a", "b"], [1, null]])).toBe("a,b\r\n1,\r\n");
    expect(csv([])).toBe("");
  });

  test("quotes commas, quotes and line breaks", () => {
    expect(csv([['say "hi"', "a,b", "a\nb", "a\r\nb", "plain text"]])).toBe('"say ""hi""","a,b","a\nb","a\r\nb",plain text\r\n');
  });

  test("never begins a text like a formula", () => {
    for (const text of ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "＋1", "－1", "＠1"]) {
      expect(csv([[text]])).toBe(`'${text}\r\n`);
    }
    expect(csv([["\r=1"]])).toBe('"\'\r=1"\r\n');
    expect(csv([['=HYPERLINK("http://example.org")']])).toBe('"\'=HYPERLINK(""http://example.org"")"\r\n');
  });

  test("leaves numbers and other texts as they are", () => {
    expect(csv([[-1.5, 0, "a=b", "李小龙", "محمد"]])).toBe("-1.5,0,a=b,李小龙,محمد\r\n");
  });
});
