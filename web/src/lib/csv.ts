// Tables as CSV (RFC 4180), safe to open in a spreadsheet.

export type CsvValue = string | number | null;

/** The characters with which spreadsheets begin a formula, full-width forms included. */
const FORMULA = /^[=+\-@\t\r＝＋－＠]/u;

function field(value: CsvValue): string {
  if (value === null) {
    return "";
  }
  // An apostrophe makes spreadsheets show the text instead of evaluating it. Numbers are never formulas.
  const text = typeof value === "string" && FORMULA.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The rows as CSV, each with a line end of CR LF. */
export const csv = (rows: readonly (readonly CsvValue[])[]): string => rows.map((row) => `${row.map(field).join(",")}\r\n`).join("");

/** Saves a CSV text as a file. The byte order mark makes spreadsheets read it as UTF-8. */
export function saveCsv(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob(["\uFEFF", text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
