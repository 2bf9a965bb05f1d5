import type { Instance } from "./read/instance.ts";
import type { World } from "./world.ts";

/** How the resources of one provider become what its cloud's own export would hold. */
export interface Translator {
  /** Of its types' names. */
  readonly prefix: string;
  /** Provider addresses whose schemas are known. */
  readonly providers: RegExp;
  /** How others name an instance: its self link or id, or a stable stand-in for one that it will have. */
  linkOf(instance: Instance, world: World): string;
  /** The types that are translated, and a member that every known version of each has. */
  readonly needs: Readonly<Record<string, string>>;
  /** `TYPE.MEMBER` of links that say where a resource belongs: one that leads nowhere makes the whole file uncertain. */
  readonly placing: RegExp;
  /** Members that hold what a resource says, by type: as a whole known only after apply, they leave it empty. */
  readonly contents: Readonly<Record<string, string>>;
  /** Types that may change what a destination sees; one that is not translated is named. */
  readonly matters: RegExp;
  /** Of those, the types that change nothing after all. */
  readonly harmless: RegExp;
  /** Values in the shape of the cloud's export. */
  translate(world: World): readonly Readonly<Record<string, unknown>>[];
}
