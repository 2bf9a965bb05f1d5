/** A stretch of YAML that can be read by itself. */
export interface YamlPart {
  readonly text: string;
  /** 1-based. */
  readonly line: number;
}

/**
 * Cuts YAML at `---` and, where a document is a list, before each of its elements: then an error spoils one element
 * only, and the parser, which needs some hundred times the size of a text, never holds more than one.
 *
 * Safe by the grammar: `---` at the beginning of a line is a separator even inside a scalar, and what belongs to an
 * element of a list at the margin is indented. Only an anchor in one element cannot be named in another.
 *
 * @see https://yaml.org/spec/1.2.2/#9-document-stream-productions
 */
export function* yamlParts(text: string, firstLine: number): Generator<YamlPart> {
  let part = { start: 0, line: firstLine };
  let line = firstLine;
  // A dash at the margin is an element only in a list: `key:` and then `- x` at the margin is the value of the key.
  let document: "not begun" | "list" | "other" = "not begun";
  for (let at = 0; at < text.length; line += 1) {
    const kind = lineKind(text, at);
    if (kind === "separator" || (kind === "element" && document === "list")) {
      if (at > part.start) yield { text: text.slice(part.start, at), line: part.line };
      part = { start: at, line };
    }
    if (kind === "separator") document = "not begun";
    else if (document === "not begun" && kind !== "nothing") document = kind === "element" ? "list" : "other";
    at = nextLine(text, at);
  }
  if (part.start < text.length) yield { text: text.slice(part.start), line: part.line };
}

type LineKind = "separator" | "element" | "nothing" | "other";

function lineKind(text: string, at: number): LineKind {
  const first = text.charAt(at);
  if (first === "-") {
    if (isBlank(text.charAt(at + 1))) return "element";
    return text.startsWith("---", at) && isBlank(text.charAt(at + 3)) ? "separator" : "other";
  }
  return first === "#" || first === "%" || /^[ \t\r]*\n/.test(text.slice(at, at + 100)) ? "nothing" : "other";
}

const isBlank = (character: string): boolean => character === "" || /\s/.test(character);

function nextLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end + 1;
}
