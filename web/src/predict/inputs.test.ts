import { describe, expect, it } from "vitest";

import { lineOfError, numberOf, readInputs } from "./inputs";

const texts = { task: "TEXT_CLASSIFICATION", inputSize: null, features: [] };
const rows = { task: "TABULAR_CLASSIFICATION", inputSize: 3, features: ["mean radius", "area", "worst area"] };

describe("texts", () => {
  it("are one a line, without empty lines", () => {
    expect(readInputs("\uFEFFfirst\r\n\n  second, with a comma \n", texts)).toEqual({
      inputs: [
        { line: 1, instance: { text: "first" } },
        { line: 3, instance: { text: "second, with a comma" } },
      ],
      problems: [],
    });
  });

  it("are a column of CSV if the header names it", () => {
    const csv = 'id,Text\n1,"two\nlines, ""quoted"""\n2,\n3\n4,last';
    expect(readInputs(csv, texts)).toEqual({
      inputs: [
        { line: 2, instance: { text: 'two\nlines, "quoted"' } },
        { line: 6, instance: { text: "last" } },
      ],
      problems: [
        { line: 4, message: "the text is empty" },
        { line: 5, message: "1 value; 2 are expected" },
      ],
    });
  });

  it("with quotes are lines like others without that header", () => {
    expect(readInputs('"quoted" and\n"not closed', texts).inputs.map(({ instance }) => instance)).toEqual([
      { text: '"quoted" and' },
      { text: '"not closed' },
    ]);
  });

  it("are at most 20,000", () => {
    const lines = (count: number) => Array.from({ length: count }, (_, index) => `text ${index}`).join("\n");
    expect(readInputs(lines(20_000), texts).problems).toEqual([]);
    expect(readInputs(lines(20_500), texts).problems).toEqual([{ line: 20_001, message: "20,500 inputs; at most 20,000 are allowed" }]);
  });
});

describe("rows", () => {
  it("are read by the header, in any order and with other columns", () => {
    const csv = "id;Worst_Area;mean radius;area\n7;3;1;2e0\n8;-.5;0;+4.";
    expect(readInputs(csv, rows)).toEqual({
      inputs: [
        { line: 2, instance: { features: [1, 2, 3] } },
        { line: 3, instance: { features: [0, 4, -0.5] } },
      ],
      problems: [],
    });
  });

  it("may have decimal commas", () => {
    const read = (csv: string) => readInputs(csv, rows).inputs.map(({ instance }) => instance);
    const features = [{ features: [1.5, 1.234, -0.5] }];
    expect(read("mean radius;area;worst area\n1,5;1,234;-0,5\n")).toEqual(features);
    expect(read("1,5;1,234;-0,5\n")).toEqual(features);
    expect(read('mean radius,area,worst area\n"1,5",1.234,"-0,5"\n')).toEqual(features);
  });

  it("refuse a comma that may separate thousands", () => {
    const message = "area is not a number; write numbers as 12.5, 12,5 or 1e-3";
    expect(readInputs('mean radius,area,worst area\n1,"1,234",3', rows)).toEqual({ inputs: [], problems: [{ line: 2, message }] });
  });

  it("may follow a line that names the separator", () => {
    expect(readInputs("\uFEFFsep=;\r\nmean radius;area;worst area\r\n1;2;3\r\n", rows)).toEqual({
      inputs: [{ line: 3, instance: { features: [1, 2, 3] } }],
      problems: [],
    });
    expect(readInputs("sep=;\nid;text\n1;one, two\n", texts).inputs).toEqual([{ line: 3, instance: { text: "one, two" } }]);
  });

  it("without a header are in the order of the features", () => {
    expect(readInputs("1\t2\t3\n4\t5\t6\n", rows).inputs).toEqual([
      { line: 1, instance: { features: [1, 2, 3] } },
      { line: 2, instance: { features: [4, 5, 6] } },
    ]);
  });

  it.each([
    ["mean radius,area\n1,2", 1, "the header lacks the columns worst area"],
    ["a,b,c\n1,2,3", 1, "the header lacks the columns mean radius, area, worst area"],
    ["mean radius,area,worst area,area\n1,2,3,4", 1, "the header has the column area twice"],
    ["mean radius,area,worst area\n\n1,x,3", 3, "area is not a number; write numbers as 12.5, 12,5 or 1e-3"],
    ["mean radius,area,worst area\n1,,3", 2, "area is empty; write numbers as 12.5, 12,5 or 1e-3"],
    ["mean radius,area,worst area\n1,2", 2, "2 values; 3 are expected"],
    ["1,2,3,4", 1, "4 values; 3 are expected"],
    ['mean radius,area,worst area\n1,"2', 2, "a quoted value does not end"],
  ])("name the line of a problem: %j", (csv, line, message) => {
    expect(readInputs(csv, rows)).toEqual({ inputs: [], problems: [{ line, message }] });
  });

  it("may be missing", () => {
    expect(readInputs(" \n", texts)).toEqual({ inputs: [], problems: [] });
    expect(readInputs("", rows)).toEqual({ inputs: [], problems: [] });
    expect(readInputs("mean radius,area,worst area\n", rows)).toEqual({ inputs: [], problems: [] });
  });
});

it.each([
  ["12.5", 12.5],
  [" -1e-3 ", -0.001],
  ["", undefined],
  ["1,5", 1.5],
  ["-0,25e3", -250],
  [",5", 0.5],
  ["1,234", undefined],
  ["0,123", 0.123],
  ["1,2,3", undefined],
  ["1.234,5", undefined],
  ["0x10", undefined],
  ["Infinity", undefined],
  ["NaN", undefined],
  ["1e39", undefined],
])("the number of %j is %j", (text, value) => {
  expect(numberOf(text)).toBe(value);
});

it("an error of the server is one of a line", () => {
  const { inputs } = readInputs("a\n\nb", texts);
  expect(lineOfError("input 1: the text is empty", inputs)).toEqual({ line: 3, message: "the text is empty" });
  expect(lineOfError("input 9: the text is empty", inputs)).toBeUndefined();
  expect(lineOfError("the server is busy", inputs)).toBeUndefined();
});
