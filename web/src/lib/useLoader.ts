// Data of the server for a page, with its loading and error states.
import { onScopeDispose, type Ref, ref, type ShallowRef, shallowRef, watch } from "vue";

import { type Problem, problemOf } from "../api/errors";
import { session } from "../api/session";
import { latest } from "./latest";

export interface Loader<Data> {
  /** The newest answer; it stays while another one is loaded. */
  readonly data: ShallowRef<Data | null>;
  readonly problem: ShallowRef<Problem | null>;
  readonly isLoading: Ref<boolean>;
  /** Loads, and drops the answer of an older call. */
  load(): Promise<void>;
  /** Drops the answer that is being waited for. */
  cancel(): void;
}

/**
 * Loads by `read`. When the connection is back or the person has signed in again, it loads what could not be loaded; with
 * `isRenewed`, in any case.
 */
export function useLoader<Data>(read: (signal: AbortSignal) => Promise<Data>, { isRenewed = false } = {}): Loader<Data> {
  const requests = latest();
  const data = shallowRef<Data | null>(null);
  const problem = shallowRef<Problem | null>(null);
  const isLoading = ref(false);
  let run = 0;

  const cancel = (): void => {
    run += 1;
    requests.cancel();
    isLoading.value = false;
  };
  async function load(): Promise<void> {
    run += 1;
    const own = run;
    isLoading.value = true;
    try {
      const result = await requests.run(read);
      if (result !== undefined) {
        data.value = result;
        problem.value = null;
      }
    } catch (error) {
      problem.value = problemOf(error);
    } finally {
      if (own === run) {
        isLoading.value = false;
      }
    }
  }

  watch(
    () => session.isConnected && (session.status === "signed-in" || session.status === "guest"),
    (isUsable) => {
      if (isUsable && (isRenewed || problem.value)) {
        void load();
      }
    },
  );
  onScopeDispose(cancel);
  return { data, problem, isLoading, load, cancel };
}
