import { reducer } from "../clouds/reduce.ts";
import { Alike, isMembers } from "../documents/alike.ts";
import { ListReader, type TextsOf } from "../documents/list-reader.ts";

/** The door of long exports, opened only when a file is one. */
export function openList(file: string, textsOf: TextsOf): ListReader {
  const ofClouds = reducer();
  return new ListReader(file, {
    textsOf,
    kept: (value) => (isMembers(value) ? ofClouds.reduce(value) : value),
    alike: new Alike(ofClouds),
  });
}
