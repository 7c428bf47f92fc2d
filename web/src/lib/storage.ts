// Storage of small preferences. A browser that blocks cookies refuses access to its storage, too; the values then last
// until the page is closed.
const memory = new Map<string, string>();

function storage(): Storage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}

export function readStored(key: string): string | null {
  try {
    return storage()?.getItem(key) ?? memory.get(key) ?? null;
  } catch {
    return memory.get(key) ?? null;
  }
}

/** Stores a value; null removes it. */
export function store(key: string, value: string | null): void {
  try {
    if (value === null) {
      memory.delete(key);
      storage()?.removeItem(key);
    } else {
      memory.set(key, value);
      storage()?.setItem(key, value);
    }
  } catch {
    // The value in memory is used.
  }
}
