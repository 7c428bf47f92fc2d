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

  /** Says when to try again, if that is one of the errors; empty otherwise. */
  function waitText(errors: readonly UserProblem[], reason = "Too many attempts"): string {
    if (!errors.some(({ code }) => code === "TOO_MANY_ATTEMPTS")) {
      return "";
    }
    return seconds.value > 0 ? `${reason}. Try again in ${seconds.value} s.` : "You can try again now.";
  }
  return { begin, waitText };
}
