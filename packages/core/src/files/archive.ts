import type { Problem } from "../problem.ts";
import type { ArchiveLimits } from "./archive-limits.ts";
import * as problem from "./archive-problems.ts";
import { type Gathering, gathering, type Loaded, loadedFrom, type Reading } from "./content.ts";
import { gunzip as ownGunzip } from "./gunzip.ts";
import { type Packing, packingOf } from "./packing.ts";
import { only, type Pieces } from "./pieces.ts";
import type { Gunzip } from "./runtime.ts";
import { partsOf } from "./unpack.ts";
import { isWantedPath } from "./wanted.ts";

/** An archive in an archive is read, one in that is not. */
const DEEPEST = 2;

/** What an archive in an archive is unpacked with too. */
export interface Unpackers {
  readonly limits: ArchiveLimits;
  readonly reading: Reading;
  /** The runtime's own, where it is faster. */
  readonly gunzip?: Gunzip;
}

interface Unpacking extends Unpackers {
  readonly name: string;
  readonly depth: number;
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

export async function loadArchive(
  name: string,
  packing: Packing,
  pieces: Pieces,
  unpackers: Unpackers,
  outer: Pick<Unpacking, "depth" | "spent"> = { depth: 0, spent: { keptBytes: 0, expandedBytes: 0, members: 0 } },
): Promise<Loaded> {
  const { depth, spent } = outer;
  const unpacking: Unpacking = { ...unpackers, name, depth: depth + 1, spent, loaded: new Map(), problems: [] };
  if (await unpack(unpacking, packing, pieces)) return { files: [], problems: [problem.planFile(name)] };
  const loaded = [...unpacking.loaded.values()];
  const problems = [...unpacking.problems, ...loaded.flatMap((one) => one.problems)];
  const files = loaded.flatMap((one) => one.files);
  return { files, problems: files.length + problems.length === 0 ? [problem.archiveEmpty(name)] : problems };
}

/** @returns whether it is a plan of Terraform */
async function unpack(unpacking: Unpacking, packing: Packing, pieces: Pieces): Promise<boolean> {
  const { name, spent, problems, reading, gunzip = ownGunzip } = unpacking;
  let member: Member | null = null;
  for await (const part of partsOf(packing, pieces, reading.texts, gunzip)) {
    if (part.kind === "member") {
      if (member !== null) await close(unpacking, member);
      if (packing === "zip" && part.path === "tfplan") return true;
      spent.members += 1;
      member = open(unpacking, part.path);
    } else if (part.kind === "bytes") {
      spent.expandedBytes += part.bytes.length;
      await member?.content?.push(part.bytes);
      // Behind the one file that was packed by itself comes no other.
      if (member?.path === "" && member.content?.isOver() === true) break;
    } else if (part.kind === "passed") {
      spent.expandedBytes += part.length;
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
  // A file that is packed by itself was named by the user.
  content: path === "" || isWantedPath(path) ? gathering(memberName(name, path), limits.memberBytes, reading) : null,
});

/** A file that is packed by itself is called as its archive is. */
const memberName = (archive: string, path: string): string => (path === "" ? archive : `${archive}!${path}`);

function limitMet({ name, limits, spent }: Unpacking, member: Member | null): Problem | null {
  if (spent.members > limits.members) return problem.archiveTooMany(name, limits.members);
  const keptBytes = spent.keptBytes + (member?.content?.keptBytes() ?? 0);
  if (keptBytes > limits.keptBytes) return problem.archiveTooLarge(name, limits.keptBytes);
  return spent.expandedBytes > limits.expandedBytes ? problem.archiveTooLarge(name, limits.expandedBytes) : null;
}

async function close(unpacking: Unpacking, member: Member): Promise<void> {
  const { name, depth, limits, reading, spent, loaded } = unpacking;
  if (member.content === null) return;
  const keptBytes = member.content.keptBytes();
  const gathered = await member.content.end();
  const whole = memberName(name, member.path);
  const packing = gathered.kind === "bytes" && depth < DEEPEST ? packingOf(gathered.bytes) : null;
  if (gathered.kind === "bytes" && packing !== null) {
    loaded.set(whole, await loadArchive(whole, packing, only(gathered.bytes), unpacking, { depth, spent }));
    return;
  }
  spent.keptBytes += keptBytes;
  loaded.set(whole, loadedFrom(gathered, whole, limits.memberBytes, reading.texts));
}
