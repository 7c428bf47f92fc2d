/** Names in their order, with a number behind each name that occurred before: `cv.pdf`, `cv.pdf (2)`. */
export function distinctNames(names: readonly string[]): string[] {
  const given = new Set(names);
  const used = new Set<string>();
  return names.map((name) => {
    let distinct = name;
    for (let number = 2; used.has(distinct) || (distinct !== name && given.has(distinct)); number += 1) {
      distinct = `${name} (${number})`;
    }
    used.add(distinct);
    return distinct;
  });
}
