import { assumptionsOf } from "../../say.ts";

export { blocked, type Named, say, step, translated, unknown, unpredictable } from "../../say.ts";

export const { open, byDefault } = assumptionsOf("aws");
