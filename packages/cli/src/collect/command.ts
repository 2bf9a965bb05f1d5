import type { Text } from "@seenas/core";

export type ProviderName = "gcp" | "azure" | "aws";

/** One read-only command of a cloud's command line, and what becomes of its answer. */
export interface Command {
  readonly id: string;
  /** Behind the program's name; `{scope}` and the fields of `each` are put in. */
  readonly argv: readonly string[];
  /** Below the scope's folder. Readers go by it where an answer does not say of what it is. */
  readonly file: string;
  /** What the one who runs it must be allowed, in the provider's words. */
  readonly rights: readonly string[];
  /** What nobody can know without the answer. */
  readonly unknown: Text;
  /** Once for every element of another command's answer; null: once. */
  readonly each: Each | null;
}

export interface Each {
  /** The `id` of the other command. */
  readonly of: string;
  /** The member that holds its list; null: the answer is the list. */
  readonly list: string | null;
  /** Members of an element, by the name they have in `argv` and `file`. Of a link its last part is taken. */
  readonly fields: Readonly<Record<string, string>>;
  /** A member that an element must have for the command to make sense. */
  readonly needs: string | null;
  /** All answers are one list in one file, which is written only if every one of them came. */
  readonly merged: boolean;
}

export interface Provider {
  readonly program: string;
  /** The flag that names a scope, here and for the provider's program. */
  readonly scope: { readonly flag: string; readonly argv: readonly string[]; readonly ask: readonly string[] };
  /** Put behind every command. */
  readonly always: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly login: string;
  readonly commands: readonly Command[];
}

export const once = (
  id: string,
  command: string,
  rights: string,
  [en, zh]: readonly [en: string, zh: string],
): Command => ({
  id,
  argv: command.split(" "),
  file: `${id}.json`,
  rights: rights.split(" "),
  unknown: { en, zh },
  each: null,
});

export const forEach = (
  each: Pick<Each, "of" | "fields"> & Partial<Each>,
  file: string,
  [command, rights]: readonly [command: string, rights: string],
  [en, zh]: readonly [en: string, zh: string],
): Command => ({
  id: file.replace(/\.json$/, ""),
  argv: command.split(" "),
  file,
  rights: rights.split(" "),
  unknown: { en, zh },
  each: { list: null, needs: null, merged: false, ...each },
});

/** @param values by the name between the braces */
export const filled = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
