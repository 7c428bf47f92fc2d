import { expect, test } from "vitest";

import { personFor, swapPerson } from "./swap";

/** Spans of the pieces, in text order. */
function spansOf(text: string, pieces: readonly string[]) {
  let from = 0;
  return pieces.map((piece) => {
    const start = text.indexOf(piece, from);
    expect(start, piece).toBeGreaterThanOrEqual(0);
    from = start + piece.length;
    return { start, end: from };
  });
}

const swap = (text: string, pieces: readonly string[], turn = 0) => swapPerson(text, spansOf(text, pieces), turn);

test("name, contact, birth and pronouns become those of another person; labels and all other text stay", () => {
  const text = `Tobias Anselm Okoro, RN
Address: 84 Alder Court, Columbus, OH 43215
Phone: (614) 555-0147   Email: t.okoro@example.com
Date of birth: 14 July 1990
He is calm. Okoro's team knows him.`;
  const { text: now, replacements, kept } = swap(text, [
    "Tobias Anselm Okoro",
    "Address: 84 Alder Court, Columbus, OH 43215",
    "Phone: (614) 555-0147   Email: t.okoro@example.com",
    "Date of birth: 14 July 1990",
    "He",
    "Okoro's",
    "him",
  ]);
  expect(now).toBe(`Amina A. Diallo, RN
Address: 27 Orchard Way, Milbrook MB3 8DZ
Phone: (555) 014-2837   Email: amina.diallo@example.org
Date of birth: 2 November 1969
She is calm. Diallo's team knows her.`);
  expect(replacements.map(({ kind, was }) => [kind, was])).toEqual([
    ["name", "Tobias Anselm Okoro"],
    ["address", "84 Alder Court, Columbus, OH 43215"],
    ["phone", "(614) 555-0147"],
    ["e-mail", "t.okoro@example.com"],
    ["date of birth", "14 July 1990"],
    ["pronoun", "He"],
    ["name", "Okoro's"],
    ["pronoun", "him"],
  ]);
  expect(kept).toEqual([]);
});

test("a line of several kinds is replaced piece by piece", () => {
  const text = "Quill Placeholder 12 Mill Lane, Lanewick LS1 4ZZ Phone: 020 7946 0958 | quill@placeholder.example | linkedin.com/in/quill";
  expect(swap(text, [text]).text).toBe(
    "Amina Diallo 27 Orchard Way, Milbrook MB3 8DZ Phone: 555 0142 8375 | amina.diallo@example.org | linkedin.com/in/amina-diallo-example",
  );
});

test("a phone number behind a word without a colon is not part of an address", () => {
  expect(swap("cell 555.0177", ["cell 555.0177"]).text).toBe("cell 555.0142");
  const german = ["Jörg Beispiel", "Beispielweg 4, 20095 Hamburg - Tel. 0151 5550 1234"];
  expect(swap(german.join("\n"), german).text).toBe("Amina Diallo\n27 Orchard Way, Milbrook MB3 8DZ - Tel. 5550 1428 3755");
});

test("names in capitals, reversed and single keep their form", () => {
  expect(swap("QUILL PLACEHOLDER", ["QUILL PLACEHOLDER"]).text).toBe("AMINA DIALLO");
  expect(swap("Placeholder, Quill\nQuill wrote.", ["Placeholder, Quill", "Quill"]).text).toBe("Diallo, Amina\nAmina wrote.");
  expect(swap("Name: Quill Placeholder", ["Name: Quill Placeholder"]).text).toBe("Name: Amina Diallo");
});

test("ages, places and personal details have replacements", () => {
  expect(swap("Age: 42", ["Age: 42"]).text).toBe("Age: 57");
  expect(swap("a 42-year-old cook", ["42-year-old"]).text).toBe("a 57-year-old cook");
  expect(swap("Quill Placeholder\nLeeds, United Kingdom", ["Quill Placeholder", "Leeds, United Kingdom"]).text).toBe("Amina Diallo\nLagos, Nigeria");
  expect(swap("Nationality\tRuritanian", ["Nationality\tRuritanian"]).text).toBe("Nationality\tNigerian");
  expect(swap("Gender: Female", ["Gender: Female"]).text).toBe("Gender: Male");
  expect(swap("Born: 14.07.1990", ["Born: 14.07.1990"]).text).toBe("Born: 02.11.1969");
  expect(swap("Quill Placeholder (she/her)", ["Quill Placeholder (she/her"]).text).toBe("Amina Diallo (he/his)");
});

test("a text without identifying spans stays", () => {
  expect(swapPerson("Cook at a school.", [])).toEqual({ text: "Cook at a school.", replacements: [], kept: [] });
});

test("each turn has another person, and none that shares a name with the resume", () => {
  expect(personFor("Quill", 0).given).not.toBe(personFor("Quill", 1).given);
  expect(personFor("Amina Mensah", 0).given).toBe("Tomasz");
});
