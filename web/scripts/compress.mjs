// Replaces the built files that compress well by brotli, as the server embeds and sends them. The argument is the folder
// of the build.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const folder = join(process.argv[2], "console");
for (const name of readdirSync(folder)) {
  if (/\.(js|css|svg|json)$/.test(name)) {
    const bytes = readFileSync(join(folder, name));
    const packed = brotliCompressSync(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    });
    writeFileSync(join(folder, `${name}.br`), packed);
    rmSync(join(folder, name));
  }
}
