// Attempts to reach the server: the first at once, and others after growing delays while they fail.

/** Milliseconds before an attempt, by the number of failures. */
const DELAYS = [0, 500, 1_000, 2_000, 4_000];

export function createAttempts(attempt: () => void) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;

  function next(): void {
    clearTimeout(timer);
    timer = setTimeout(attempt, DELAYS[Math.min(failures, DELAYS.length - 1)]);
  }

  function stop(): void {
    clearTimeout(timer);
    failures = 0;
  }

  return {
    next,
    failed(): void {
      failures += 1;
      next();
    },
    /** The next failure is the first again. */
    succeeded(): void {
      failures = 0;
    },
    stop,
  };
}
