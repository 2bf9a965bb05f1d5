/** The first few of a list, and how many more there are. */
export function fewOf(words: readonly string[], count: number): string {
  const more = words.length - count;
  return words.slice(0, count).join(", ") + (more > 0 ? ` +${more}` : "");
}
