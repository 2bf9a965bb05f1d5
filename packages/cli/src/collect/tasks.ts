import { type Command, type Each, filled, type Provider } from "./command.ts";

/** One run of a command: for a scope, and for an element of another answer where it is of that kind. */
export interface Task {
  readonly command: Command;
  readonly scope: string;
  readonly argv: readonly string[];
  /** Below the export's folder, with forward slashes. */
  readonly file: string;
}

/** @param values of the fields of an element */
export function taskOf(
  provider: Provider,
  command: Command,
  scope: string,
  values: Readonly<Record<string, string>> = {},
): Task {
  const all = { ...values, scope };
  const words = [...command.argv, ...provider.scope.argv, ...provider.always];
  const names = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, asFileName(value)]));
  return {
    command,
    scope,
    argv: words.map((word) => filled(word, all)),
    file: `${asFileName(scope)}/${filled(command.file, names)}`,
  };
}

const asFileName = (text: string): string => text.replace(/[^\w.-]+/g, "_").replace(/^\.+/, "_");

type Members = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The fields of each element of an answer that a following command needs. */
export function elementsOf(each: Each, answer: unknown): readonly Readonly<Record<string, string>>[] {
  const list = each.list === null ? answer : isMembers(answer) ? answer[each.list] : undefined;
  if (!Array.isArray(list)) return [];
  return list.filter(isMembers).flatMap((element) => {
    const { needs } = each;
    if (needs !== null && (element[needs] === undefined || element[needs] === null)) return [];
    const fields = Object.entries(each.fields).map(([name, member]) => [name, lastPart(element[member])] as const);
    // A name that begins with a hyphen would be taken for a flag.
    return fields.every(([, value]) => /^[^-\s]/.test(value)) ? [Object.fromEntries(fields)] : [];
  });
}

const lastPart = (value: unknown): string => (typeof value === "string" ? (value.split("/").at(-1) ?? "") : "");

/** How many elements an answer lists; null: it is no list. */
export function countOf(answer: unknown): number | null {
  if (Array.isArray(answer)) return answer.length;
  const list = isMembers(answer) ? Object.values(answer).find(Array.isArray) : undefined;
  return list === undefined ? null : list.length;
}
