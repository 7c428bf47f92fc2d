// The entries of a ranking of files.
import type { Entry } from "./entries";
import { distinctNames } from "./names";

export function fileEntries(files: readonly File[]): Entry[] {
  const names = distinctNames(files.map(({ name }) => name));
  return files.map((file, id) => ({ id, name: names[id] ?? file.name, source: { file }, outcome: null }));
}
