import { type Command, type Each, filled, type Provider } from "./command.ts";

/** What is asked about, and the folder for it. */
export interface Place {
  readonly scope: string;
  readonly folder: string;
}

/** One run of a command: for a scope, and for an element of another answer where it is of that kind. */
export interface Task {
  readonly command: Command;
  readonly place: Place;
  readonly argv: readonly string[];
  /** Below the export's folder, with forward slashes. */
  readonly file: string;
}

/** @param values of the fields of an element */
export function taskOf(
  provider: Provider,
  command: Command,
  place: Place,
  values: Readonly<Record<string, string>> = {},
): Task {
  const all = { ...values, scope: place.scope };
  const words = [...command.argv, ...provider.scope.argv, ...provider.always];
  const names = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, asFileName(value)]));
  return {
    command,
    place,
    argv: words.map((word) => filled(word, all)),
    file: `${asFileName(place.folder)}/${filled(command.file, names)}`,
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
  const { needs, where } = each;
  return list.filter(isMembers).flatMap((element) => {
    if (needs !== null && (memberAt(element, needs) ?? null) === null) return [];
    if (where !== null && memberAt(element, where.member) !== where.is) return [];
    const fields = Object.entries(each.fields).map(([name, field]) => [name, fieldOf(element, field)] as const);
    // A name that begins with a hyphen would be taken for a flag.
    return fields.every(([, value]) => /^[^-\s]/.test(value)) ? [Object.fromEntries(fields)] : [];
  });
}

const memberAt = (element: Members, path: string): unknown =>
  path.split(".").reduce<unknown>((value, name) => (isMembers(value) ? value[name] : undefined), element);

function fieldOf(element: Members, field: string): string {
  const [path = "", behind] = field.split("@");
  const value = memberAt(element, path);
  const parts = typeof value === "string" ? value.split("/") : [];
  if (behind === undefined) return parts.at(-1) ?? "";
  const at = parts.indexOf(behind);
  return at < 0 ? "" : (parts[at + 1] ?? "");
}

export function listIn(answer: unknown, member: string): readonly unknown[] {
  const list = isMembers(answer) ? answer[member] : undefined;
  return Array.isArray(list) ? list : [];
}

/** Empty where no page follows. */
export function tokenIn(answer: unknown, member: string): string {
  const token = isMembers(answer) ? answer[member] : undefined;
  return typeof token === "string" ? token : "";
}

/** How many elements an answer lists; null: it is no list. */
export function countOf(answer: unknown): number | null {
  if (Array.isArray(answer)) return answer.length;
  const list = isMembers(answer) ? Object.values(answer).find(Array.isArray) : undefined;
  return list === undefined ? null : list.length;
}
