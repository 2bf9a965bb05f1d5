import {
  type Evidence,
  type Explained,
  explain,
  type Language,
  needsResolver,
  type Problem,
  parseIp,
  parseTarget,
  takeIn,
} from "@seenas/core";
import { loadInputs } from "../inputs.ts";
import type { AskedFlow, Stored } from "../logs/stored-evidence.ts";
import { isTime } from "../time.ts";
import { wrongAt, wrongLanguage, wrongSource, wrongTarget } from "./usage-problems.ts";
import { vantagesOf } from "./vantage.ts";

/** What a question about one flow is made of, as typed. */
export interface Flags {
  readonly from?: string | undefined;
  readonly source?: string | undefined;
  readonly to?: string | undefined;
  readonly config?: readonly string[] | undefined;
  readonly evidence?: readonly string[] | undefined;
  readonly vantage?: readonly string[] | undefined;
  readonly at?: string | undefined;
  readonly experimental?: boolean | undefined;
  readonly store?: string | undefined;
  readonly lang?: string | undefined;
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly verbose?: boolean | undefined;
  readonly "no-color"?: boolean | undefined;
}

export type Answered =
  | {
      readonly kind: "explained";
      readonly explained: Explained;
      readonly evidence: readonly Evidence[];
      readonly problems: readonly Problem[];
    }
  | { readonly kind: "refused"; readonly problems: readonly Problem[] };

/** Reads what was given, and puts the question of one flow. */
export async function ask(flags: Flags, language: Language): Promise<Answered> {
  const to = flags.to === undefined ? null : parseTarget(flags.to);
  const source = flags.source === undefined ? null : parseIp(flags.source);
  const vantages = vantagesOf(flags.vantage ?? []);
  const wrong: Problem[] = [...vantages.problems];
  if (to === undefined) wrong.push(wrongTarget(flags.to ?? ""));
  if (source === undefined) wrong.push(wrongSource(flags.source ?? ""));
  if (flags.at !== undefined && !isTime(flags.at)) wrong.push(wrongAt(flags.at));
  if (flags.lang !== undefined && flags.lang !== "en" && flags.lang !== "zh") wrong.push(wrongLanguage(flags.lang));
  if (wrong.length > 0 || to === undefined || source === undefined) return { kind: "refused", problems: wrong };

  const loaded = await loadInputs(
    flags.config ?? [],
    flags.evidence ?? [],
    flags.quiet === true,
    language,
    vantages.of,
    to,
  );
  const unread = [...loaded.fatal, ...vantages.strays(loaded.files.map(({ name }) => name))];
  if (unread.length > 0) return { kind: "refused", problems: unread };
  const taken = await takeIn(loaded.files, vantages.of);
  const hasQuestion =
    to !== null && (taken.estate !== null || flags.store !== undefined) && needsResolver(to, taken.evidence);
  const resolved = hasQuestion && to.name !== null ? await (await import("../resolver.ts")).lookUp(to.name) : [];
  const stored =
    flags.store === undefined || to === null
      ? null
      : await inStore(flags.store, {
          estate: taken.estate,
          from: flags.from ?? null,
          source,
          to,
          resolved,
          at: flags.at ?? null,
        });
  const unasked = stored?.problems.filter(({ level }) => level === "error") ?? [];
  if (unasked.length > 0) return { kind: "refused", problems: unasked };
  const problems = [...loaded.problems, ...taken.problems, ...(stored?.problems ?? [])];
  const explained = explain({
    estate: taken.estate ?? (flags.config === undefined ? null : { hosts: [], groups: [] }),
    guests: taken.guests,
    evidence: [...taken.evidence, ...(stored?.evidence ?? [])],
    from: flags.from ?? null,
    source,
    to,
    at: flags.at ?? null,
    resolved,
    problems,
  });
  return { kind: "explained", explained, evidence: taken.evidence, problems };
}

/** Most questions come without a store. */
const inStore = async (where: string, flow: AskedFlow): Promise<Stored> =>
  (await import("../logs/stored-evidence.ts")).storedFor(where, flow);
