import type { Unpackers } from "./archive.ts";
import type { Loaded } from "./content.ts";
import type { Packing } from "./packing.ts";
import type { Pieces } from "./pieces.ts";

/**
 * Reads what is in an archive, member by member; nothing is written anywhere, so a path leads nowhere. Members are named
 * `archive.tar.gz!path`. Never throws for what the bytes are: of an archive that is cut or damaged the rest is read.
 * Loaded only for an archive, with the libraries that unpack.
 */
export const loadArchive = async (
  name: string,
  packing: Packing,
  pieces: Pieces,
  unpackers: Unpackers,
): Promise<Loaded> => (await import("./archive.ts")).loadArchive(name, packing, pieces, unpackers);
