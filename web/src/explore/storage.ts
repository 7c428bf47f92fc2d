// The storage of GraphiQL: in memory, so that what was typed is gone when the tab is closed or reloaded.
const entries = new Map<string, string>();

export const memory = {
  getItem: (key: string): string | null => entries.get(key) ?? null,
  setItem: (key: string, value: string): void => void entries.set(key, value),
  removeItem: (key: string): void => void entries.delete(key),
  clear: (): void => entries.clear(),
  get length(): number {
    return entries.size;
  },
};
