// New events at the top of a list that is being read.

interface Identified {
  readonly id: string;
}

/** The events of the newest first page that the shown page does not have yet: those before its first known event. */
export function newEvents<Event extends Identified>(shown: readonly Event[], newest: readonly Event[]): readonly Event[] {
  const known = new Set(shown.map(({ id }) => id));
  const end = newest.findIndex(({ id }) => known.has(id));
  return end < 0 ? newest : newest.slice(0, end);
}
