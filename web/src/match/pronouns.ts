/** English pronouns of a person, each with that of another person. */
export const PRONOUNS: Record<string, string> = {
  he: "she", him: "her", his: "her", himself: "herself", "he's": "she's",
  she: "he", her: "his", hers: "his", herself: "himself", "she's": "he's",
  they: "she", them: "her", their: "her", theirs: "hers", themself: "herself", themselves: "herself", "they're": "she's",
};

/** Whether a text is a pronoun and nothing else. */
export const isPronoun = (text: string): boolean => Object.hasOwn(PRONOUNS, text.trim().toLowerCase().replaceAll("’", "'"));
