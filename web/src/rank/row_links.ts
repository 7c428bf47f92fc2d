// Addresses of the matches of a ranking, for a new tab.
import { offerPairs } from "../match/handover_tabs";
import type { Entry } from "./entries";
import { pairOf } from "./pair";
import type { Ranking } from "./ranking";

const offers = new WeakMap<Ranking, ReturnType<typeof offerPairs>>();

/** The fragment by which a match page in another tab gets the texts of this row. */
export function rowHash(ranking: Ranking, { id }: Entry): string {
  let offer = offers.get(ranking);
  if (!offer) {
    offer = offerPairs(async (name) => {
      const { run, subject, entries } = ranking.state;
      const entry = entries.find((other) => name === `${run}.${other.id}`);
      return subject && entry ? pairOf(subject, entry) : undefined;
    });
    offers.set(ranking, offer);
  }
  return offer.hashOf(`${ranking.state.run}.${id}`);
}
