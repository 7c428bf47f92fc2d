// Resumes by the PDF and DOCX libraries of Node: reads [{tool, target, columns}] from standard input.
import fs from 'node:fs';
import PDFDocument from 'pdfkit';
import { PDFDocument as Lib, StandardFonts, rgb } from 'pdf-lib';
import * as Docx from 'docx';
import PdfPrinter from 'pdfmake';

const SANS = '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf';
const BOLD = '/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf';
const FIXED = new Date('2026-11-01T00:00:00Z');
const finish = (stream, target) => new Promise((done) => stream.pipe(fs.createWriteStream(target)).on('finish', done));

// One column with an embedded font; ligatures are shaped.
async function pdfkit({ columns, target }) {
  const doc = new PDFDocument({ size: 'A4', margin: 50, info: { CreationDate: FIXED } });
  const done = finish(doc, target);
  for (const block of columns.flat()) {
    const at = (font, size) => doc.font(font).fontSize(size);
    if (block.kind === 'name') at(BOLD, 20).text(block.text);
    else if (block.kind === 'heading') at(BOLD, 12).moveDown(0.6).text(block.text);
    else if (block.kind === 'entry') {
      at(BOLD, 10).text(block.text, { continued: !!block.firm });
      if (block.firm) at(SANS, 10).text(`  ${block.firm}`);
      if (block.dates) at(SANS, 9).fillColor('#666').text(block.dates).fillColor('#000');
    } else if (block.kind === 'bullet') at(SANS, 10).list([block.text], { bulletRadius: 1.5 });
    else at(SANS, 10).text(block.text);
  }
  doc.end();
  await done;
}

// Columns of the layout engine that many resume builders use.
async function pdfmake({ columns, target }) {
  const printer = new PdfPrinter({ Sans: { normal: SANS, bold: BOLD } });
  const flow = (column) => column.map((block) => {
    if (block.kind === 'name') return { text: block.text, fontSize: 20, bold: true };
    if (block.kind === 'heading') return { text: block.text, fontSize: 12, bold: true, margin: [0, 8, 0, 2] };
    if (block.kind === 'bullet') return { ul: [block.text] };
    if (block.kind === 'entry') return { columns: [{ width: '*', stack: [{ text: block.text, bold: true }, block.firm].filter(Boolean) }, { width: 130, text: block.dates || '', alignment: 'right' }] };
    return { text: block.text };
  });
  const stack = (column) => flow(column).map((one) => one);
  const narrow = (column) => column.flatMap((b) => (b.kind === 'entry' ? [b.text, b.firm, b.dates].filter(Boolean).map((text) => ({ kind: 'p', text })) : [b]));
  const content = columns.length === 2 ? flow(columns.flat()) : [...flow(columns[0]), { columns: [{ width: 160, stack: stack(columns[1]) }, { width: '*', stack: stack(narrow(columns[2])) }], columnGap: 18 }];
  const doc = printer.createPdfKitDocument({ content, defaultStyle: { font: 'Sans', fontSize: 9.5 }, info: { creationDate: FIXED } });
  const done = finish(doc, target);
  doc.end();
  await done;
}

// Lines drawn at their places in a standard font, each word wrapped by its width.
async function pdflib({ columns, target }) {
  const doc = await Lib.create();
  doc.setCreationDate(FIXED);
  doc.setModificationDate(FIXED);
  const [plain, bold] = [await doc.embedFont(StandardFonts.TimesRoman), await doc.embedFont(StandardFonts.TimesRomanBold)];
  const page = doc.addPage([595, 842]);
  let y = 790;
  const draw = (text, font, size, x = 56) => {
    let line = '';
    const put = () => { page.drawText(line, { x, y, size, font, color: rgb(0, 0, 0) }); y -= size * 1.3; };
    for (const word of text.split(' ')) {
      const next = line ? `${line} ${word}` : word;
      if (font.widthOfTextAtSize(next, size) > 480 - (x - 56)) { put(); line = word; } else line = next;
    }
    put();
  };
  for (const block of columns.flat()) {
    if (block.kind === 'name') draw(block.text, bold, 18);
    else if (block.kind === 'heading') { y -= 8; draw(block.text, bold, 11); }
    else if (block.kind === 'entry') { draw([block.text, block.firm].filter(Boolean).join(', '), bold, 10.5); if (block.dates) draw(block.dates, plain, 10.5); }
    else if (block.kind === 'bullet') { page.drawText('\u2022', { x: 60, y, size: 10.5, font: plain }); draw(block.text, plain, 10.5, 72); }
    else draw(block.text, plain, 10.5);
  }
  fs.writeFileSync(target, await doc.save());
}

async function docx({ columns, target }) {
  const { Paragraph, TextRun, HeadingLevel, Tab, TabStopType, Document, Packer, Table, TableRow, TableCell, WidthType } = Docx;
  const flow = (column) => column.flatMap((block) => {
    if (block.kind === 'name') return [new Paragraph({ text: block.text, heading: HeadingLevel.TITLE })];
    if (block.kind === 'heading') return [new Paragraph({ text: block.text, heading: HeadingLevel.HEADING_2 })];
    if (block.kind === 'bullet') return [new Paragraph({ text: block.text, bullet: { level: 0 } })];
    if (block.kind === 'entry') {
      const first = new Paragraph({ tabStops: [{ type: TabStopType.RIGHT, position: 9000 }], children: [new TextRun({ text: block.text, bold: true }), ...(block.dates ? [new TextRun({ children: [new Tab(), block.dates] })] : [])] });
      return block.firm ? [first, new Paragraph({ children: [new TextRun({ text: block.firm, italics: true })] })] : [first];
    }
    return [new Paragraph(block.text)];
  });
  const cell = (column, size) => new TableCell({ width: { size, type: WidthType.PERCENTAGE }, children: flow(column) });
  const children = columns.length === 2 ? flow(columns.flat()) : [...flow(columns[0]), new Table({ rows: [new TableRow({ children: [cell(columns[1], 35), cell(columns[2], 65)] })] })];
  fs.writeFileSync(target, await Packer.toBuffer(new Document({ sections: [{ children }] })));
}

const TOOLS = { pdfkit, pdfmake, 'pdf-lib': pdflib, docx };
for (const file of JSON.parse(fs.readFileSync(0, 'utf8'))) await TOOLS[file.tool](file);
