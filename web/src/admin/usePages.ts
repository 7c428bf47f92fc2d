// The pages of a connection that is read forwards: the cursors of the pages before remain known.
import { computed, type ComputedRef, ref } from "vue";

export interface Pages {
  /** The cursor after which the page begins; null for the first page. */
  readonly after: ComputedRef<string | null>;
  /** The number of the page, from 0. */
  readonly index: ComputedRef<number>;
  next(endCursor: string | null): void;
  previous(): void;
  first(): void;
}

export function usePages(): Pages {
  const cursors = ref<readonly string[]>([]);
  return {
    after: computed(() => cursors.value.at(-1) ?? null),
    index: computed(() => cursors.value.length),
    next(endCursor) {
      if (endCursor !== null) {
        cursors.value = [...cursors.value, endCursor];
      }
    },
    previous() {
      cursors.value = cursors.value.slice(0, -1);
    },
    first() {
      cursors.value = [];
    },
  };
}
