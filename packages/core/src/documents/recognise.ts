import { afterChatter, withoutAnsi } from "./chatter.ts";

export type Syntax = "json" | "yaml" | "text" | "empty" | "binary";

const LOOKED_AT = 16_384;
const LINES_LOOKED_AT = 60;

/** Control characters that no text holds, and what stands for a byte that was none of its encoding. */
const ODD = new RegExp(`[${range(1, 8)}${range(11, 11)}${range(14, 26)}${range(28, 31)}\ufffd]`, "g");

/** A bracket alone is no JSON: a log line may start with `[12.345]`, and an SMTP greeting with `[10.0.0.1]`. */
const JSON_START =
  /^(?:\{\s*(?:["}]|$)|\[\s*(?:[{["\]]|$|(?:-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)\s*(?:,|\]\s*(?:[\r\n]|$)|$)))/;

const YAML_LINE =
  /^\s*(?:#.*|---.*|\.\.\.|%YAML.*|-|(?:- +)*(?:"[^"]*"|'[^']*'|[A-Za-z_][\w./@ -]{0,100}):(?:\s.*)?|- .*)$/;

/** Mail and HTTP headers have the shape of YAML. */
const HEADER = /^(?:[A-Z][\w]*(?:-[A-Z]\w*)+|Received|From|To|Subject|Date|Host|Server|Via|Location):/;

/** What a text is written in, from its first bytes. Cheap, and no promise that the rest is well formed. */
export function syntaxOf(text: string): Syntax {
  const head = withoutAnsi(text.slice(0, LOOKED_AT));
  if (head.includes("\0")) return "binary";
  if (looksLikeJson(head.trimStart())) return "json";
  if (isBinary(head)) return "binary";
  const start = afterChatter(head);
  const rest = head.slice(start).trimStart();
  if (rest === "") return withoutAnsi(text).trim() === "" ? "empty" : "text";
  if (looksLikeJson(rest)) return "json";
  return looksLikeYaml(rest) ? "yaml" : "text";
}

export const looksLikeJson = (text: string): boolean => JSON_START.test(text);

function isBinary(head: string): boolean {
  const odd = head.match(ODD)?.length ?? 0;
  return odd > 8 && odd * 10 > head.length;
}

/** Exports have a key on nearly every line; prose and logs do not. */
function looksLikeYaml(text: string): boolean {
  const lines = text.split(/\r?\n/, LINES_LOOKED_AT).filter((line) => line.trim() !== "");
  const [first] = lines;
  if (
    first === undefined ||
    HEADER.test(first) ||
    !YAML_LINE.test(first) ||
    lines.some((line) => line.startsWith("\t"))
  )
    return false;
  const shaped = lines.filter((line) => YAML_LINE.test(line.slice(0, 400))).length;
  return lines.some((line) => /:(?:\s|$)/.test(line)) && shaped * 10 >= lines.length * 8;
}

function range(first: number, last: number): string {
  return `${String.fromCharCode(first)}-${String.fromCharCode(last)}`;
}
