/** Numbers, times and durations in the language of the browser. */
const percentFormat = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 0 });
const finePercentFormat = new Intl.NumberFormat(undefined, { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
const numberFormat = new Intl.NumberFormat(undefined, { maximumFractionDigits: 3 });
const dateTimeFormat = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const preciseDateTimeFormat = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const dateFormat = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const timeFormat = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const relativeFormat = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

/** A proportion of 0 to 1 as whole percent. */
export const percent = (value: number): string => percentFormat.format(value);
/** A proportion of 0 to 1 as percent with one decimal. */
export const finePercent = (value: number): string => finePercentFormat.format(value);
export const number = (value: number): string => numberFormat.format(value);
export const dateTime = (iso: string): string => dateTimeFormat.format(new Date(iso));
/** As `dateTime`, with seconds. */
export const preciseDateTime = (iso: string): string => preciseDateTimeFormat.format(new Date(iso));
export const date = (iso: string): string => dateFormat.format(new Date(iso));
export const time = (iso: string): string => timeFormat.format(new Date(iso));

const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 365 * 86_400],
  ["month", 30 * 86_400],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** A time relative to now, such as "5 minutes ago". */
export function relativeTime(iso: string, now: number = Date.now()): string {
  const seconds = (new Date(iso).getTime() - now) / 1000;
  const unit = UNITS.find(([, length]) => Math.abs(seconds) >= length);
  return unit ? relativeFormat.format(Math.trunc(seconds / unit[1]), unit[0]) : relativeFormat.format(0, "second");
}

/** A count with its noun, such as "1 resume" and "2 resumes". */
export function count(value: number, singular: string, plural: string = `${singular}s`): string {
  return `${number(value)} ${value === 1 ? singular : plural}`;
}

/** An amount of bytes, such as "1.2 MB". */
export function bytes(value: number): string {
  const units = ["byte", "kilobyte", "megabyte"] as const;
  const index = Math.min(value < 1000 ? 0 : value < 1_000_000 ? 1 : 2, 2);
  return new Intl.NumberFormat(undefined, {
    style: "unit",
    unit: units[index] ?? "byte",
    unitDisplay: "short",
    maximumFractionDigits: 1,
  }).format(value / 1000 ** index);
}
