import { existsSync, readFileSync } from "node:fs";
import {
  type Estate,
  type EstateMap,
  findSender,
  type Language,
  mapEstate,
  type Partner,
  type PartnerTarget,
  type Problem,
  parsePartnerTarget,
  parseTarget,
  readPartners,
  takeIn,
} from "@seenas/core";
import { loadInputs } from "../inputs.ts";
import { nobodyCalled, noConfig, unreadPartners, wrongPlace } from "./usage-problems.ts";

/** What narrows a map. */
export interface Narrowing {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly partners: string | undefined;
}

export interface MappedEstate {
  readonly map: EstateMap;
  readonly problems: readonly Problem[];
  /** Of each name of `--from`, the ids of its interfaces. */
  readonly sendersOf: ReadonlyMap<string, ReadonlySet<string>>;
  /** Of `--from`: names that this estate does not have. */
  readonly missing: readonly Problem[];
}

export type Mapping =
  | { readonly kind: "mapped"; readonly mapped: MappedEstate }
  | { readonly kind: "refused"; readonly problems: readonly Problem[] };

/** Reads an estate from files and maps it, or those of it that `--from` names. */
export async function mapFrom(
  config: readonly string[],
  from: readonly string[],
  quiet: boolean,
  language: Language,
): Promise<Mapping> {
  const { estate, fatal, problems } = await readFrom(config, quiet, language);
  if (fatal.length > 0) return { kind: "refused", problems: fatal };
  if (estate === null || estate.hosts.length === 0)
    return { kind: "refused", problems: [...problems, noConfig(config)] };
  const wanted = wantedOf(estate, from);
  if (wanted.ambiguous.length > 0) return { kind: "refused", problems: [...problems, ...wanted.ambiguous] };
  const spoiled = problems.some(({ level }) => level === "error");
  const map = mapEstate(estate, {
    spoiled,
    ...(from.length === 0 ? {} : { wanted: (_, one) => wanted.ids.has(one.id) }),
  });
  return { kind: "mapped", mapped: { map, problems, sendersOf: wanted.sendersOf, missing: wanted.missing } };
}

/** Of the files nothing is kept but what was made of them: while an estate is mapped, its export need not be in memory. */
async function readFrom(
  config: readonly string[],
  quiet: boolean,
  language: Language,
): Promise<{
  readonly estate: Estate | null;
  readonly fatal: readonly Problem[];
  readonly problems: readonly Problem[];
}> {
  const { files, fatal, problems } = await loadInputs(config, [], quiet, language);
  if (fatal.length > 0) return { estate: null, fatal, problems };
  const taken = await takeIn(files, () => null);
  return { estate: taken.estate, fatal, problems: [...problems, ...taken.problems] };
}

function wantedOf(
  estate: Estate,
  from: readonly string[],
): Pick<MappedEstate, "sendersOf" | "missing"> & {
  readonly ids: ReadonlySet<string>;
  readonly ambiguous: readonly Problem[];
} {
  const sendersOf = new Map<string, ReadonlySet<string>>();
  const missing: Problem[] = [];
  const ambiguous: Problem[] = [];
  for (const name of from) {
    const found = findSender(estate, name);
    if (found.kind === "none") missing.push(nobodyCalled(name, found.nearest));
    else if (found.kind === "several") ambiguous.push(nobodyCalled(name, found.candidates));
    else {
      const senders = found.kind === "group" ? found.members : [found.sender];
      const interfaces = senders.flatMap(({ host, interface: one }) => (one === null ? host.interfaces : [one]));
      sendersOf.set(name, new Set(interfaces.map(({ id }) => id)));
    }
  }
  const ids = new Set([...sendersOf.values()].flatMap((one) => [...one]));
  return { ids, sendersOf, missing, ambiguous };
}

/** The partners of `--partners`, and each `--to` as one of its own. Null: the whole space. */
export async function partnersOf({
  to,
  partners,
}: Narrowing): Promise<{ readonly value: readonly Partner[] | null; readonly problems: readonly Problem[] }> {
  const problems: Problem[] = [];
  const value: Partner[] = [];
  for (const file of [...to.filter((word) => isFile(word)), ...(partners === undefined ? [] : [partners])]) {
    const text = readOrNull(file);
    if (text === null) {
      problems.push(unreadPartners(file));
      continue;
    }
    const read = await readPartners(text, file);
    problems.push(...read.problems);
    value.push(...read.value);
  }
  for (const word of to.filter((one) => !isFile(one))) {
    const target: PartnerTarget | undefined = parsePartnerTarget(word);
    if (target === undefined) problems.push(wrongPlace(word));
    else value.push({ name: word, targets: [target] });
  }
  return { value: to.length === 0 && partners === undefined ? null : value, problems };
}

/** An address or a host, which `explain` can be asked about: no prefix, no file. */
export function isOneFlow(word: string): boolean {
  const cidr = parsePartnerTarget(word)?.cidr;
  if (cidr !== undefined) return cidr.endsWith(cidr.includes(":") ? "/128" : "/32");
  return !isFile(word) && parseTarget(word) !== undefined;
}

const isFile = (word: string): boolean => parsePartnerTarget(word) === undefined && existsSync(word);

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
