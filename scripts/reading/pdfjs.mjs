// Prints the text of each PDF named on standard input by pdf.js, as JSON lines; lines end where pdf.js says so.
import fs from 'node:fs';
import readline from 'node:readline';
import { getDocument, VerbosityLevel } from 'pdfjs-dist/legacy/build/pdf.mjs';

for await (const path of readline.createInterface({ input: process.stdin })) {
  let text = '';
  try {
    const pdf = await getDocument({ data: new Uint8Array(fs.readFileSync(path)), verbosity: VerbosityLevel.ERRORS }).promise;
    for (let page = 1; page <= pdf.numPages; page += 1) {
      const { items } = await (await pdf.getPage(page)).getTextContent();
      for (const item of items) text += (item.str ?? '') + (item.hasEOL ? '\n' : '');
      text += '\n';
    }
  } catch (error) {
    text = '';
  }
  console.log(JSON.stringify({ path, text }));
}
