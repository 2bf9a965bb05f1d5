import type { Line } from "./part.ts";

export interface JsonElement {
  readonly value: unknown;
  readonly line: Line;
}

export interface JsonBlock {
  readonly elements: readonly JsonElement[];
  /** 0-based index of the first line after the block. */
  readonly end: number;
  /** False: the text stops inside the block. */
  readonly complete: boolean;
}

/**
 * Reads one JSON value that begins at a line, element by element, so that a cut file still gives what came before the
 * cut. undefined: the line does not begin a JSON list or object.
 */
export function readJsonBlock(lines: readonly Line[], start: number): JsonBlock | undefined {
  const first = lines[start]?.text.trimStart() ?? "";
  if (!/^(\[\s*([{\]]|$)|\{\s*("|$|\}))/.test(first)) return undefined;
  const scan = newScan(first.startsWith("["));
  for (let index = start; index < lines.length; index += 1) {
    const line = lines[index];
    if (line === undefined) break;
    scanLine(scan, line);
    if (scan.done) return { elements: scan.elements, end: index + 1, complete: !scan.broken };
  }
  return { elements: scan.elements, end: lines.length, complete: false };
}

interface Scan {
  readonly elementDepth: number;
  readonly elements: JsonElement[];
  depth: number;
  inString: boolean;
  escaped: boolean;
  pieces: string[];
  from: Line | null;
  done: boolean;
  broken: boolean;
}

const newScan = (list: boolean): Scan => ({
  elementDepth: list ? 1 : 0,
  elements: [],
  depth: 0,
  inString: false,
  escaped: false,
  pieces: [],
  from: null,
  done: false,
  broken: false,
});

function scanLine(scan: Scan, line: Line): void {
  const { text } = line;
  let from = 0;
  for (let at = 0; at < text.length && !scan.done; at += 1) {
    const code = text.charCodeAt(at);
    if (scan.inString) stepInString(scan, code);
    else if (code === 34) scan.inString = true;
    else if (code === 123 || code === 91) {
      if (scan.depth === scan.elementDepth && code === 123) {
        scan.from = line;
        scan.pieces = [];
        from = at;
      }
      scan.depth += 1;
    } else if (code === 125 || code === 93) {
      scan.depth -= 1;
      if (scan.depth === scan.elementDepth && scan.from !== null) {
        scan.pieces.push(text.slice(from, at + 1));
        closeElement(scan);
      }
      scan.done = scan.depth <= 0;
    }
  }
  if (scan.from !== null) scan.pieces.push(text.slice(from));
}

function stepInString(scan: Scan, code: number): void {
  if (scan.escaped) scan.escaped = false;
  else if (code === 92) scan.escaped = true;
  else if (code === 34) scan.inString = false;
}

function closeElement(scan: Scan): void {
  const { from } = scan;
  scan.from = null;
  if (from === null) return;
  try {
    scan.elements.push({ value: JSON.parse(scan.pieces.join("\n")), line: from });
  } catch {
    scan.broken = true;
  }
}
