// Compares two builds, given by their folders, and fails if a file differs. Compressed files are compared by content,
// because another version of brotli compresses differently.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";

const [committed, built] = process.argv.slice(2).map((folder) => {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, "/").length));
  return new Map(
    names.map((name) => {
      const bytes = readFileSync(join(folder, name));
      return [name, name.endsWith(".br") ? brotliDecompressSync(bytes) : bytes];
    }),
  );
});

const differing = [...new Set([...committed.keys(), ...built.keys()])]
  .filter((name) => !committed.get(name)?.equals(built.get(name) ?? Buffer.from("missing")))
  .sort();
if (differing.length > 0) {
  console.error(`web/dist differs from a build of the sources (${differing.join(", ")}): run "just web" and commit web/dist`);
  process.exit(1);
}
console.log(`web/dist is a build of the sources: ${committed.size} files`);
