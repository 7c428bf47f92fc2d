// The numbers of a match, on the scale of the server: 0 to 1 with two decimals, as in its sentences.
const format = new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** A score, weight or contribution, such as "0.44". */
export const figure = (value: number): string => format.format(value);

/** A difference of scores with its sign, such as "+0.12"; "0" if there is none, and more decimals if it is small. */
export function difference(value: number): string {
  if (value === 0) {
    return "0";
  }
  const size = Math.abs(value);
  if (size < 0.00005) {
    return "less than 0.0001";
  }
  return `${value > 0 ? "+" : "−"}${size.toFixed(size >= 0.005 ? 2 : 4)}`;
}

/**
 * Rounds numbers to hundredths so that they add up to their rounded sum: those with the largest remainders are rounded
 * up. Each differs from its exact value by less than one hundredth.
 */
export function addingUp(values: readonly number[]): number[] {
  const exact = values.map((value) => value * 100);
  // The tolerance keeps 29.000000000000004 a 29, and 28.999999999999996 as well.
  const floors = exact.map((value) => Math.floor(value + 1e-9));
  const total = Math.round(exact.reduce((sum, value) => sum + value, 0));
  const order = exact
    .map((value, index) => ({ index, rest: value - (floors[index] ?? 0) }))
    .sort((a, b) => b.rest - a.rest || a.index - b.index);
  const missing = total - floors.reduce((sum, value) => sum + value, 0);
  const raised = new Set(order.slice(0, missing).map(({ index }) => index));
  return floors.map((value, index) => (value + (raised.has(index) ? 1 : 0)) / 100);
}
