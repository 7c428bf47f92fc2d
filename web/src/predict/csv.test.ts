import { describe, expect, it } from "vitest";

import { CsvError, parseCsv } from "./csv";

const cells = (text: string) => parseCsv(text).records.map((record) => record.cells);

describe("parseCsv", () => {
  it.each<[string, string[][]]>([
    ["", []],
    ["a", [["a"]]],
    ["a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]]],
    ["a,b\nc,d", [["a", "b"], ["c", "d"]]],
    ["a,b\rc,d\r", [["a", "b"], ["c", "d"]]],
    ["a,,c\n,,\n", [["a", "", "c"], ["", "", ""]]],
    ["a,\n", [["a", ""]]],
    ["a,", [["a", ""]]],
    ['"a,b","c ""d"" e"\n', [["a,b", 'c "d" e']]],
    ['"two\r\nlines",b', [["two\r\nlines", "b"]]],
    ['""', [[""]]],
    ['a b "c", d ', [['a b "c"', " d "]]],
    ["\uFEFFa,b", [["a", "b"]]],
    ["a\n\n\r\nb\n", [["a"], ["b"]]],
    ["a;b;c\n1,5;2;3", [["a", "b", "c"], ["1,5", "2", "3"]]],
    ["a\tb\n1, 2\t3", [["a", "b"], ["1, 2", "3"]]],
    ['"a;b",c\n1,2', [["a;b", "c"], ["1", "2"]]],
    ["日本,語\n😀,é", [["日本", "語"], ["😀", "é"]]],
  ])("parses %j", (text, expected) => {
    expect(cells(text)).toEqual(expected);
  });

  it("knows the lines at which records begin", () => {
    const text = 'head,er\r\n"one\ntwo\r\nthree",x\r\n\r\nlast,y';
    expect(parseCsv(text).records.map(({ line }) => line)).toEqual([1, 2, 6]);
  });

  it.each<[string, number]>([
    ['a,b\n"c,d\ne', 2],
    ['a\n"b"c,d', 2],
    ['"a\nb" ,c', 2],
  ])("refuses %j in line %i", (text, line) => {
    expect(() => parseCsv(text)).toThrow(CsvError);
    expect(() => parseCsv(text)).toThrow(expect.objectContaining({ line }));
  });

  it("reads what a spreadsheet program writes", () => {
    const rows = [["id", "text"], ["1", 'She said "no", twice'], ["2", "line\nbreak"], ["3", ""]];
    const text = rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",")).join("\r\n");
    expect(cells(text)).toEqual(rows);
  });
});
