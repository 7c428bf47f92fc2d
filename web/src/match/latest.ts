/**
 * Runs work for the newest input: at once when idle, otherwise after the run in progress. Inputs between are skipped, so
 * at most one run is in progress.
 */
export function latestOnly<Input>(work: (input: Input) => Promise<void>): (input: Input) => Promise<void> {
  let waiting: { input: Input } | undefined;
  let running: Promise<void> | undefined;

  async function drain(): Promise<void> {
    try {
      while (waiting) {
        const { input } = waiting;
        waiting = undefined;
        await work(input);
      }
    } finally {
      running = undefined;
    }
  }

  return (input) => {
    waiting = { input };
    running ??= drain();
    return running;
  };
}
