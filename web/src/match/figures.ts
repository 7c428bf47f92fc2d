// The numbers of a match, on the scale of the server: 0 to 1 with two decimals, as in its sentences.
/** A zero has no sign, also where the server adds up nothing to -0. */
const formatOf = (digits: number) =>
  new Intl.NumberFormat("en", { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: "negative" });
const format = formatOf(2);
const fineFormat = formatOf(4);

/** A score, weight or contribution, such as "0.44". */
export const figure = (value: number): string => format.format(value);

/** A score with four decimals, to tell two apart that look the same. */
export const fineFigure = (value: number): string => fineFormat.format(value);

/** The number of hundredths that `figure` shows. */
const shownHundredths = (value: number): number => Math.round(100 * Number(figure(value)));

/**
 * The difference between two numbers as `figure` shows them, such as "+0.06" for 0.768 and 0.8347, which are shown as 0.77 and
 * 0.83. "0" if they are equal.
 */
export function difference(from: number, to: number): string {
  const hundredths = shownHundredths(to) - shownHundredths(from);
  if (hundredths !== 0) {
    return `${hundredths > 0 ? "+" : "−"}${figure(Math.abs(hundredths) / 100)}`;
  }
  return to === from ? "0" : `under 0.01 ${to > from ? "more" : "less"}`;
}

/**
 * Rounds numbers to hundredths so that they add up to their rounded sum: those with the largest remainders are rounded
 * up. Each differs from its exact value by less than one hundredth.
 */
export function addingUp(values: readonly number[]): number[] {
  const exact = values.map((value) => value * 100);
  // The tolerance keeps 29.000000000000004 a 29, and 28.999999999999996 as well.
  const floors = exact.map((value) => Math.floor(value + 1e-9));
  const total = shownHundredths(values.reduce((sum, value) => sum + value, 0));
  const order = exact
    .map((value, index) => ({ index, rest: value - (floors[index] ?? 0) }))
    .sort((a, b) => b.rest - a.rest || a.index - b.index);
  const missing = total - floors.reduce((sum, value) => sum + value, 0);
  const raised = new Set(order.slice(0, missing).map(({ index }) => index));
  return floors.map((value, index) => (value + (raised.has(index) ? 1 : 0)) / 100);
}
