// Values of features compared with the training data.

export interface Range {
  readonly name: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly mean: number;
}

/** Whether a value is outside of the range of the training data. The card rounds to 32 bits. */
export const isOutside = (value: number, { minimum, maximum }: Range): boolean =>
  Math.fround(value) < Math.fround(minimum) || Math.fround(value) > Math.fround(maximum);

/** The names of the features whose values are outside of their ranges. */
export function outside(names: readonly string[], values: readonly number[], ranges: readonly Range[]): readonly string[] {
  const known = new Map(ranges.map((range) => [range.name, range]));
  return names.filter((name, index) => {
    const range = known.get(name);
    const value = values[index];
    return range !== undefined && value !== undefined && isOutside(value, range);
  });
}

/** A mean as an example value, with four significant digits. */
export const exampleOf = ({ mean }: Range): string => String(Number(mean.toPrecision(4)));

const figures = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 4 });

/** The range in words. Features can be small, so that a fixed number of decimals would hide them. */
export const rangeText = ({ minimum, maximum }: Range): string => `${figures.format(minimum)} to ${figures.format(maximum)} in training`;
