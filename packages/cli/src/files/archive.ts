import type { Problem } from "@seenas/core";
import * as problem from "./archive-problems.ts";
import { type Gathering, gathering, type Loaded, loadedFrom, type Reading } from "./content.ts";
import { isWantedName } from "./list.ts";
import { type Packing, packingOf } from "./packing.ts";
import { only, type Pieces } from "./pieces.ts";
import { partsOf } from "./unpack.ts";

export interface ArchiveLimits {
  /** Of one member that is text. */
  readonly memberBytes: number;
  /** Of all that is in memory at the end. */
  readonly keptBytes: number;
  /** Of all that is expanded, captures and what is passed over with it: what takes time, not memory. */
  readonly expandedBytes: number;
  readonly members: number;
}

export const archiveLimits = (memberBytes: number): ArchiveLimits => ({
  memberBytes,
  keptBytes: 2 * memberBytes,
  expandedBytes: 20_000_000_000,
  members: 10_000,
});

/** An archive in an archive is read, one in that is not. */
const DEEPEST = 2;

interface Unpacking {
  readonly name: string;
  readonly depth: number;
  readonly limits: ArchiveLimits;
  readonly reading: Reading;
  /** What archives in archives share. */
  readonly spent: { keptBytes: number; expandedBytes: number; members: number };
  /** By name: a tar that was added to holds the newer one last. */
  readonly loaded: Map<string, Loaded>;
  readonly problems: Problem[];
}

interface Member {
  readonly path: string;
  /** null: passed over. */
  readonly content: Gathering | null;
}

/**
 * Reads what is in an archive, member by member; nothing is written anywhere, so a path leads nowhere. Members are named
 * `archive.tar.gz!path`. Never throws for what the bytes are: of an archive that is cut or damaged the rest is read.
 */
export async function loadArchive(
  name: string,
  packing: Packing,
  pieces: Pieces,
  limits: ArchiveLimits,
  reading: Reading = {},
  outer: Pick<Unpacking, "depth" | "spent"> = { depth: 0, spent: { keptBytes: 0, expandedBytes: 0, members: 0 } },
): Promise<Loaded> {
  const { depth, spent } = outer;
  const unpacking: Unpacking = { name, depth: depth + 1, limits, reading, spent, loaded: new Map(), problems: [] };
  if (await unpack(unpacking, packing, pieces)) return { files: [], problems: [problem.planFile(name)] };
  const loaded = [...unpacking.loaded.values()];
  const problems = [...unpacking.problems, ...loaded.flatMap((one) => one.problems)];
  const files = loaded.flatMap((one) => one.files);
  return { files, problems: files.length + problems.length === 0 ? [problem.archiveEmpty(name)] : problems };
}

/** @returns whether it is a plan of Terraform */
async function unpack(unpacking: Unpacking, packing: Packing, pieces: Pieces): Promise<boolean> {
  const { name, spent, problems } = unpacking;
  let member: Member | null = null;
  for await (const part of partsOf(packing, pieces)) {
    if (part.kind === "member") {
      if (member !== null) await close(unpacking, member);
      if (packing === "zip" && part.path === "tfplan") return true;
      spent.members += 1;
      member = open(unpacking, part.path);
    } else if (part.kind === "bytes") {
      spent.expandedBytes += part.bytes.length;
      await member?.content?.push(part.bytes);
    } else {
      const told = part.fault === "cut" ? problem.archiveCut : problem.archiveDamaged;
      problems.push(told(name, member?.path ?? null));
    }
    const tooMuch = limitMet(unpacking, member);
    if (tooMuch !== null) {
      problems.push(tooMuch);
      return false;
    }
  }
  if (member !== null) await close(unpacking, member);
  return false;
}

const open = ({ name, limits, reading }: Unpacking, path: string): Member => ({
  path,
  content: isWantedPath(path) ? gathering(memberName(name, path), limits.memberBytes, reading) : null,
});

/** A file that is packed by itself is called as its archive is. */
const memberName = (archive: string, path: string): string => (path === "" ? archive : `${archive}!${path}`);

/** As in a folder: what is hidden, or for people, is passed over. A file that is packed by itself was named by the user. */
function isWantedPath(path: string): boolean {
  if (path === "") return true;
  // Of a folder's own entry the last part is empty.
  if (/[\\/]$/.test(path)) return false;
  return path.split(/[\\/]/).every((part) => NO_NAMES.includes(part) || isWantedName(part));
}

const NO_NAMES = ["", ".", ".."];

function limitMet({ name, limits, spent }: Unpacking, member: Member | null): Problem | null {
  if (spent.members > limits.members) return problem.archiveTooMany(name, limits.members);
  const keptBytes = spent.keptBytes + (member?.content?.keptBytes() ?? 0);
  if (keptBytes > limits.keptBytes) return problem.archiveTooLarge(name, limits.keptBytes);
  return spent.expandedBytes > limits.expandedBytes ? problem.archiveTooLarge(name, limits.expandedBytes) : null;
}

async function close({ name, depth, limits, reading, spent, loaded }: Unpacking, member: Member): Promise<void> {
  if (member.content === null) return;
  const keptBytes = member.content.keptBytes();
  const gathered = await member.content.end();
  const whole = memberName(name, member.path);
  const packing = gathered.kind === "bytes" && depth < DEEPEST ? packingOf(gathered.bytes) : null;
  if (gathered.kind === "bytes" && packing !== null) {
    loaded.set(whole, await loadArchive(whole, packing, only(gathered.bytes), limits, reading, { depth, spent }));
    return;
  }
  spent.keptBytes += keptBytes;
  loaded.set(whole, loadedFrom(gathered, whole, limits.memberBytes));
}
