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
  /** null: the program itself asks for every page. */
  readonly pages: Pages | null;
}

/** An answer that names its successor; all of them are one list in one file, which is written only if every one came. */
export interface Pages {
  readonly list: string;
  readonly token: string;
  /** Put behind the command; `{token}` is put in. */
  readonly argv: string;
}

export interface Each {
  /** The `id` of the other command. */
  readonly of: string;
  /** The member that holds its list; null: the answer is the list. */
  readonly list: string | null;
  /**
   * Members of an element, by the name they have in `argv` and `file`: `name`, or `resource.data.name` for one inside others. Of
   * a link its last part is taken, or the one behind a word: `name@projects`.
   */
  readonly fields: Readonly<Record<string, string>>;
  /** A member that an element must have for the command to make sense. */
  readonly needs: string | null;
  /** What a member must be. */
  readonly where: { readonly member: string; readonly is: string } | null;
  /** All answers are one list in one file, which is written only if every one of them came. */
  readonly merged: boolean;
}

export interface Provider {
  readonly program: string;
  /** The flag that names a scope, here and for the provider's program. */
  readonly scope: {
    readonly flag: string;
    readonly argv: readonly string[];
    /** What prints the one that the program is set to; null: it has to be named. */
    readonly ask: readonly string[] | null;
  };
  /** Put behind every command. */
  readonly always: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly login: string;
  readonly commands: readonly Command[];
  /** What this way does not run, whatever one is allowed: it is said to be missing. */
  readonly leftOut: readonly Command[];
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
  pages: null,
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
  each: { list: null, needs: null, where: null, merged: false, ...each },
  pages: null,
});

/** @param values by the name between the braces */
export const filled = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);

/** As one would type it. */
export const typed = (words: readonly string[]): string =>
  words.map((word) => (/[\s"$`|*]/.test(word) ? `"${word.replace(/["$`\\]/g, "\\$&")}"` : word)).join(" ");
