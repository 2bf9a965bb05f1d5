import type { Intake, Problem, TakenFile } from "@seenas/core";
import type { FileView, Inventory, Side } from "../protocol.ts";
import type { Held } from "./session.ts";

export function inventoryOf(
  held: readonly Held[],
  now: Intake,
  after: Intake,
  problems: readonly Problem[],
): Inventory {
  const hosts = now.estate?.hosts ?? [];
  const named = new Set(held.map(({ name }) => name));
  const all = [...now.problems, ...after.problems, ...problems];
  return {
    files: [...viewsOf(held, "now", now), ...viewsOf(held, "after", after)],
    problems: all.filter(({ file }) => file === null || !named.has(file)),
    hosts: hosts.length,
    interfaces: hosts.reduce((sum, { interfaces }) => sum + interfaces.length, 0),
    hostsAfter: after.estate?.hosts.length ?? 0,
    onlyHost: hosts.length === 1 ? (hosts[0]?.name ?? null) : null,
    twoExports: pairOf(held),
  };
}

function viewsOf(held: readonly Held[], side: Side, intake: Intake): readonly FileView[] {
  const taken = new Map<string, TakenFile>(intake.taken.map((one) => [one.file, one]));
  const evidence = new Map(intake.evidence.map((one) => [one.file, one]));
  const problems = new Map<string, Problem[]>();
  for (const one of [...intake.problems, ...intake.evidence.flatMap((read) => read.problems)])
    if (one.file !== null) problems.set(one.file, [...(problems.get(one.file) ?? []), one]);
  return held
    .filter((one) => one.side === side)
    .map(({ name, content, members }) => {
      const as = taken.get(name);
      const read = evidence.get(name);
      return {
        name,
        side,
        sizeBytes: content?.size ?? null,
        as: as?.as ?? (members === null ? "unread" : "archive"),
        kind: as?.as === "configuration" ? null : (read?.kind ?? null),
        count:
          as?.as === "configuration"
            ? as.documents
            : (members ?? (read?.observations.length ?? 0) + (read?.paths.length ?? 0)),
        problems: distinct(problems.get(name) ?? []),
      };
    });
}

const distinct = (problems: readonly Problem[]): readonly Problem[] => [
  ...new Map(problems.map((one) => [`${one.code} ${one.line} ${one.text.en}`, one])).values(),
];

/** The folder or the archive that a file was in; empty: it was given by itself. */
function topOf(name: string): string {
  const archive = name.indexOf("!");
  return archive >= 0 ? name.slice(0, archive) : name.slice(0, Math.max(0, name.indexOf("/")));
}

/** What a file is called inside; of an archive without the one folder that was packed. */
const insideOf = (name: string, top: string): string => {
  const inside = name.slice(top.length + 1);
  return name[top.length] === "!" ? inside.replace(/^(?:\.\/)?[^/]+\//, "") : inside;
};

export const isUnder = (name: string, top: string): boolean =>
  name === top || name.startsWith(`${top}/`) || name.startsWith(`${top}!`);

/** Two folders or archives of which one holds what the other does: two exports of one estate, the later by its name as the estate after. */
export function twoExportsIn(held: readonly Held[]): { readonly now: string; readonly after: string } | null {
  const folders = new Map<string, Set<string>>();
  for (const { name } of held) {
    const top = topOf(name);
    if (top !== "") folders.set(top, (folders.get(top) ?? new Set()).add(insideOf(name, top)));
  }
  const [one, other, ...more] = [...folders];
  if (one === undefined || other === undefined || more.length > 0) return null;
  const shared = [...one[1]].filter((name) => other[1].has(name)).length;
  if (shared < 2 || shared * 2 < Math.min(one[1].size, other[1].size)) return null;
  const isLater = (name: string): boolean => /after|new|plan|next|target|proposed/i.test(name);
  const [now, after] = isLater(one[0]) && !isLater(other[0]) ? [other[0], one[0]] : [one[0], other[0]];
  return { now, after };
}

/** What was parted: told beside the files, so that it can be undone. */
function pairOf(held: readonly Held[]): Inventory["twoExports"] {
  const topsOf = (side: Side): ReadonlySet<string> =>
    new Set(held.filter((one) => one.side === side && one.members === null).map(({ name }) => topOf(name)));
  const [now] = topsOf("now");
  const [after] = topsOf("after");
  return now === undefined || after === undefined || now === "" || after === "" ? null : { now, after };
}
