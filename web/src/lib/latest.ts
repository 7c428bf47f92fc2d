// The newest of several requests. A newer request cancels the older one, whose result is dropped.

export interface Latest {
  /** Sends a request. The result is undefined if a newer request has begun, or `cancel` was called. */
  run<Result>(read: (signal: AbortSignal) => Promise<Result>): Promise<Result | undefined>;
  cancel(): void;
}

export function latest(): Latest {
  let current: AbortController | undefined;
  const cancel = (): void => {
    current?.abort();
    current = undefined;
  };
  return {
    cancel,
    async run(read) {
      cancel();
      const own = new AbortController();
      current = own;
      try {
        const result = await read(own.signal);
        return current === own ? result : undefined;
      } catch (error) {
        if (current === own) {
          throw error;
        }
        return undefined;
      }
    },
  };
}
