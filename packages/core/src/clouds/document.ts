import type { Origin } from "../problem.ts";

/**
 * One value of a configuration file: an element of a JSON list, a line of NDJSON, a YAML document, or a whole file
 * that holds one object. `value` is an empty list for a file that holds an empty list (then only its name tells what
 * there is none of).
 */
export interface ConfigDocument {
  readonly origin: Origin;
  readonly value: unknown;
  /** 1-based lines of the elements of a list directly inside `value`, for example of `items`; empty when unknown. */
  readonly linesOf: (key: string) => readonly number[];
  /** Present in a `FormedDocument`. */
  readonly form?: Form;
}

/**
 * What documents of one file say that are alike in all but texts that are each one's own: its name, its addresses, when
 * it was made. What does not rest on those can be told once for all of them.
 */
export interface Form {
  /** What the first of them says, its own texts too. */
  readonly value: Members;
  /** Where the own texts stand, in the order of their numbers; none of them is empty. */
  readonly own: readonly Path[];
  /** The number of its name, which holds no slash. */
  readonly name: number;
  /** The member that links to it, and what that says before its name. */
  readonly link: string;
  readonly head: string;
  /** Stands for all of them where their own texts do not count; null: none has come yet. */
  first: ConfigDocument | null;
}

/** One of many that are alike. Its `value` is made whenever it is asked for. */
export interface FormedDocument extends ConfigDocument {
  readonly form: Form;
  readonly ownText: (number: number) => string;
}

/** Keys and indices from a value down to one in it. */
export type Path = readonly (string | number)[];

export type Members = Readonly<Record<string, unknown>>;

/** What is left of the elements of a long list, member by member. */
export interface Reducer {
  /** What is left of an element; the element itself where nobody knows what of it is read. */
  readonly reduce: (element: Members) => Members;
  /** The member that says of what kind an element is, so what of it is left. */
  readonly decidedBy: string;
  /** Members of which what is left depends on what they say. */
  readonly readAnew: ReadonlySet<string>;
  /** Where what is read of a text begins: nothing else of it is kept. */
  readonly startOf: (member: string, text: string) => number;
  /** One text for all that are alike, unless the member's are each its own. */
  readonly shared: (member: string, text: string) => string;
  /** Texts that are each element's own, by their keys from the element down: `networkInterfaces.networkIP`. */
  readonly own: ReadonlySet<string>;
  /** The member that names an element, one of the own, and the one that links to it and ends with that name. */
  readonly itself: { readonly name: string; readonly link: string };
}

export const isFormed = (document: ConfigDocument): document is FormedDocument => document.form !== undefined;

/** Of each form the first document, and those that have none: enough for what does not rest on their own texts. */
export const unlikeIn = (documents: readonly ConfigDocument[]): readonly ConfigDocument[] =>
  documents.filter((document) => document.form === undefined || document.form.first === document);

/** Asks once of all documents of one form what does not rest on their own texts. */
export function oncePerForm<T>(ask: (document: ConfigDocument) => T): (document: ConfigDocument) => T {
  const known = new Map<Form, { readonly answer: T }>();
  return (document) => {
    const { form } = document;
    if (form === undefined) return ask(document);
    const before = known.get(form);
    if (before !== undefined) return before.answer;
    // What the first of them says does for all.
    const answer = ask({ origin: document.origin, value: form.value, linesOf: document.linesOf });
    known.set(form, { answer });
    return answer;
  };
}

/** What a document says that is of a form, given its own texts. */
export function formedValue(form: Form, like: Members, ownText: (number: number) => string): Members {
  const copy = copyOf(like);
  for (const [number, path] of form.own.entries()) put(copy, path, ownText(number));
  if (Object.hasOwn(copy, form.link)) put(copy, [form.link], form.head + ownText(form.name));
  return copy;
}

const isNested = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

export function copyOf<T>(value: T): T;
export function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((element: unknown) => copyOf(element));
  if (!isNested(value)) return value;
  const copy = { ...value };
  for (const key in copy) if (isNested(copy[key])) copy[key] = copyOf(copy[key]);
  return copy;
}

export function put(value: unknown, path: Path, text: string): void {
  let inside = value;
  for (const [index, key] of path.entries()) {
    if (!isNested(inside)) return;
    if (index === path.length - 1) inside[key] = text;
    else inside = inside[key];
  }
}
