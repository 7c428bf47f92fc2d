// The seconds until another attempt is accepted, counted down.
import { onScopeDispose, ref } from "vue";

import { retrySeconds, type UserProblem } from "../../api/errors";

export function useRetryTime() {
  const seconds = ref(0);
  let until = 0;
  const timer = setInterval(() => {
    seconds.value = Math.max(0, Math.ceil((until - Date.now()) / 1000));
  }, 500);
  onScopeDispose(() => clearInterval(timer));

  /** Begins to count if one of the errors names a time. */
  function begin(errors: readonly UserProblem[]): void {
    seconds.value = retrySeconds(errors) ?? 0;
    until = Date.now() + seconds.value * 1000;
  }
  return { seconds, begin };
}
