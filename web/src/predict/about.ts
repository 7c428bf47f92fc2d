// A model in plain words.
import { count } from "../lib/format";
import type { ModelShape } from "./inputs";

export interface ModelFacts extends ModelShape {
  readonly name: string;
  readonly version: string;
  readonly labels: readonly string[];
}

/** The name by which exactly this version is run. */
export const exactName = ({ name, version }: Pick<ModelFacts, "name" | "version">): string => `${name}@${version}`;

/** A sentence about the task of a model. */
export function taskOf({ task, labels, inputSize }: ModelFacts): string {
  const some = labels.length <= 4 ? `: ${labels.join(", ")}` : "";
  switch (task) {
    case "TEXT_CLASSIFICATION":
      return `Reads a text and gives each of ${count(labels.length, "label")} a probability${some}.`;
    case "TABULAR_CLASSIFICATION":
      return `Reads a row of ${count(inputSize ?? 0, "number")} and gives each of ${count(labels.length, "label")} a probability${some}.`;
    case "EMBEDDING":
      return "Maps a text to a vector. Texts of similar meaning have similar vectors; Match and the search for jobs compare them.";
    default:
      return "";
  }
}

/** A text to try a text classifier with. */
export const EXAMPLE_TEXT =
  "Diagnoses and repairs faults in the engines, brakes and electrical systems of motor vehicles.";
