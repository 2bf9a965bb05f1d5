import type { Origin } from "../../../problem.ts";
import { assumptionsOf } from "../../say.ts";
import type { Resource } from "../read/resource.ts";

export { blocked, say, step, translated, unknown, unpredictable } from "../../say.ts";

/** A resource, or only its id and name where it was not exported. */
export type Named = Pick<Resource, "id" | "name"> & { readonly origin?: Origin };

export const { open, byDefault } = assumptionsOf("azure");
