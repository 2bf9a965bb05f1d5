import { scanValue, skipSpace } from "./json-scan.ts";
import { lineCounter } from "./lines.ts";

/** Where the value of a key directly inside an object begins; found also when an error or a cut comes after it. */
export function memberOf(text: string, object: number, key: string): number | undefined {
  let at = skipSpace(text, object + 1);
  while (text.charAt(at) === '"') {
    const name = scanValue(text, at);
    if (name.kind !== "complete") return undefined;
    const colon = skipSpace(text, name.end);
    if (text.charAt(colon) !== ":") return undefined;
    const value = skipSpace(text, colon + 1);
    if (text.slice(at + 1, name.end - 1) === key) return value;
    const scan = scanValue(text, value);
    if (scan.kind !== "complete") return undefined;
    at = afterComma(text, scan.end);
  }
  return undefined;
}

/** 1-based lines of the elements of the list that stands under a key directly inside an object; empty without one. */
export function linesInside(text: string, object: number, key: string): readonly number[] {
  const list = memberOf(text, object, key);
  if (list === undefined || text.charAt(list) !== "[") return [];
  const lineAt = lineCounter(text);
  return elementStarts(text, list).map((position) => lineAt(position));
}

/** Where the elements of a list begin that are whole. */
export function elementStarts(text: string, list: number): readonly number[] {
  const starts: number[] = [];
  let at = skipSpace(text, list + 1);
  while (at < text.length && text.charAt(at) !== "]") {
    const scan = scanValue(text, at);
    if (scan.kind !== "complete") return starts;
    starts.push(at);
    at = afterComma(text, scan.end);
  }
  return starts;
}

function afterComma(text: string, from: number): number {
  const at = skipSpace(text, from);
  return text.charAt(at) === "," ? skipSpace(text, at + 1) : at;
}
