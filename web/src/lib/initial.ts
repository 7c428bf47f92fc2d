const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** The first character of a name as a person sees it, in upper case. */
export function initial(name: string): string {
  const [first] = graphemes.segment(name.trim());
  return first?.segment.toLocaleUpperCase() ?? "";
}
