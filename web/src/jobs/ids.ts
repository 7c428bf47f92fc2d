// Ids of new jobs. The same file, or the same text, has the same id when it is sent again.

export function createIds() {
  const files = new WeakMap<File, string>();
  const texts = new Map<string, string>();
  const random = (): string => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return {
    ofFile(file: File): string {
      const id = files.get(file) ?? random();
      files.set(file, id);
      return id;
    },
    ofText(title: string, text: string): string {
      const key = JSON.stringify([title, text]);
      const id = texts.get(key) ?? random();
      texts.set(key, id);
      return id;
    },
    /** The postings were answered: the same text is another posting from now on. */
    forgetTexts: (): void => texts.clear(),
  };
}
