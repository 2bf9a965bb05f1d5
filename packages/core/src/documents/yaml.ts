import { type Document, isMap, isScalar, isSeq, LineCounter, parseDocument, visit, type YAMLMap } from "yaml";
import type { ConfigDocument } from "../clouds/document.ts";
import type { Problem, Read } from "../problem.ts";
import { afterChatter, withoutAnsi } from "./chatter.ts";
import { type YamlPart, yamlParts } from "./yaml-parts.ts";
import * as problem from "./yaml-problems.ts";

/** YAML takes some fifty times longer to read than JSON, and as much more memory. */
const MAX_CHARACTERS = 16 * 1024 * 1024;
const MAX_PART = 2 * 1024 * 1024;

/** Aliases repeat what they name; nested ones grow without end ("billion laughs"). Exports hold none. */
const MAX_ALIASES = 100;

/** Deep enough for any export, far from what would overflow the parser's stack. */
const MAX_FLOW_DEPTH = 200;
const MAX_INDENT = 1000;

const MAX_ERRORS = 20;

interface Reader {
  readonly file: string;
  readonly documents: ConfigDocument[];
  readonly problems: Problem[];
}

/**
 * Reads YAML: several documents between `---`, a list as its elements, each by itself. An element with an error is left
 * out and the others are kept. A cut in YAML seldom shows: only a missing end of the last line gives it away, which is a
 * warning.
 *
 * Problems: `yaml/too-large`, `yaml/too-deep`, `yaml/malformed`, `yaml/duplicate-key`, `yaml/aliases`, `yaml/warning`,
 * `yaml/maybe-truncated`, `yaml/not-yaml`, `yaml/too-many-errors`.
 */
export function readYamlDocuments(text: string, file: string): Read<readonly ConfigDocument[]> {
  const reader: Reader = { file, documents: [], problems: [] };
  if (text.length > MAX_CHARACTERS) reader.problems.push(problem.tooLarge(file, text.length));
  else readParts(reader, withoutAnsi(text));
  return { value: reader.documents, problems: reader.problems };
}

function readParts(reader: Reader, text: string): void {
  const { file, documents, problems } = reader;
  const start = afterChatter(text);
  const firstLine = text.slice(0, start).split("\n").length;
  let last = firstLine;
  for (const part of yamlParts(text.slice(start), firstLine)) {
    if (problems.length >= MAX_ERRORS) {
      problems.push(problem.tooManyErrors(file, MAX_ERRORS));
      return;
    }
    last = part.line;
    readPart(reader, part);
  }
  if (documents.length === 0 && problems.length === 0) problems.push(problem.notYaml(file, firstLine));
  else if (!text.endsWith("\n")) problems.push(problem.maybeTruncated(file, last));
}

function readPart(reader: Reader, part: YamlPart): void {
  const { file, problems } = reader;
  const deep = tooDeepLine(part);
  if (part.text.length > MAX_PART) problems.push(problem.partTooLarge(file, part.line));
  else if (deep !== undefined) problems.push(problem.tooDeep(file, deep));
  else {
    try {
      readParsed(reader, part);
    } catch (error) {
      // The parser recurses, and so does what makes plain values of its result; aliases are counted only there.
      const reason = error instanceof RangeError ? problem.tooDeep : problem.aliases;
      problems.push(reason(file, part.line));
    }
  }
}

function readParsed(reader: Reader, part: YamlPart): void {
  const { file, problems } = reader;
  const counter = new LineCounter();
  const lineAt: LineAt = (position) => part.line + Math.max(1, counter.linePos(position).line) - 1;
  // The parser's own check for equal keys compares each with each: 100,000 keys take minutes.
  const parsed = parseDocument(part.text, {
    lineCounter: counter,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
  });
  const [error] = parsed.errors;
  if (error !== undefined) {
    if (!isDirectivesOnly(part)) problems.push(unreadable(file, lineAt(error.pos[0]), error.message));
    return;
  }
  for (const warning of parsed.warnings.slice(0, 1))
    problems.push(problem.warned(file, lineAt(warning.pos[0]), warning.message));
  const repeated = repeatedKey(parsed);
  if (repeated !== undefined) problems.push(problem.duplicateKey(file, lineAt(repeated.at), repeated.key));
  else addContents(reader, parsed, lineAt);
}

type LineAt = (position: number) => number;

/** `%YAML 1.2`: the separator after it begins a part of its own. */
const isDirectivesOnly = ({ text }: YamlPart): boolean =>
  text.startsWith("%") && text.length < 1000 && text.split("\n").every((line) => /^(?:[%#]|\s*$)/.test(line));

/** The parser reports its own full stack as a mistake in the text. */
const unreadable = (file: string, line: number, message: string): Problem =>
  /call stack/i.test(message) ? problem.tooDeep(file, line) : problem.malformed(file, line, message);

function addContents(reader: Reader, parsed: Document.Parsed, lineAt: LineAt): void {
  const { contents } = parsed;
  if (contents === null || (isScalar(contents) && contents.value === null)) return;
  if (isSeq(contents) && contents.items.length > 0)
    for (const item of contents.items) addNode(reader, parsed, item, lineAt);
  else if (isSeq(contents) || isMap(contents)) addNode(reader, parsed, contents, lineAt);
  else reader.problems.push(problem.notYaml(reader.file, lineAt(startOf(contents))));
}

function addNode(reader: Reader, parsed: Document.Parsed, node: unknown, lineAt: LineAt): void {
  const value = plainValue(parsed, node);
  const origin = { file: reader.file, line: lineAt(startOf(node)) };
  reader.documents.push({ origin, value, linesOf: linesInside(node, lineAt) });
}

function plainValue(parsed: Document.Parsed, node: unknown): unknown {
  if (node === null || typeof node !== "object" || !("toJS" in node) || typeof node.toJS !== "function") return null;
  return node.toJS(parsed, { maxAliasCount: MAX_ALIASES });
}

function linesInside(node: unknown, lineAt: LineAt): ConfigDocument["linesOf"] {
  const lines = new Map<string, readonly number[]>();
  for (const { key, value } of isMap(node) ? node.items : []) {
    if (!isScalar(key) || !isSeq(value)) continue;
    const starts = value.items.map((item) => lineAt(startOf(item)));
    lines.set(String(key.value), starts);
  }
  return (key) => lines.get(key) ?? [];
}

function startOf(node: unknown): number {
  if (node === null || typeof node !== "object" || !("range" in node) || !Array.isArray(node.range)) return 0;
  return Number(node.range[0]);
}

interface RepeatedKey {
  readonly key: string;
  readonly at: number;
}

function repeatedKey(parsed: Document.Parsed): RepeatedKey | undefined {
  let found: RepeatedKey | undefined;
  visit(parsed, {
    Map: (_, map) => {
      found = repeatedIn(map);
      return found === undefined ? undefined : visit.BREAK;
    },
  });
  return found;
}

function repeatedIn(map: YAMLMap): RepeatedKey | undefined {
  const keys = new Set<string>();
  for (const { key } of map.items) {
    if (!isScalar(key)) continue;
    const name = String(key.value);
    if (keys.has(name)) return { key: name, at: startOf(key) };
    keys.add(name);
  }
  return undefined;
}

/** An upper bound, and cheap: brackets opened and not closed again, and how far a line is indented. */
function tooDeepLine(part: YamlPart): number | undefined {
  let { line } = part;
  let depth = 0;
  let indent = 0;
  for (let at = 0; at < part.text.length; at += 1) {
    const code = part.text.charCodeAt(at);
    if (code === 10) {
      line += 1;
      indent = 0;
    } else if (indent >= 0 && " -?".includes(part.text.charAt(at))) indent += 1;
    else {
      indent = -1;
      if (code === 91 || code === 123) depth += 1;
      else if (code === 93 || code === 125) depth = Math.max(0, depth - 1);
    }
    if (depth > MAX_FLOW_DEPTH || indent > MAX_INDENT) return line;
  }
  return undefined;
}
