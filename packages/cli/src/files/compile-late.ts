import FLAGS from "./compile-late.json" with { type: "json" };

/**
 * By V8's major version: a function runs four times as often as usual before it is compiled once more. Of a whole estate,
 * and of a capture, more is compiled on other cores than is won by it (ADR 17).
 */
const COMPILE_LATE: Readonly<Record<string, string>> = FLAGS;

/** Undefined: of a version that we do not know, nothing is set; what it does not know itself it would tell the user. */
const LATE = COMPILE_LATE[`${Number.parseInt(process.versions.v8, 10)}`];

/** For the rest of the process. */
export const compileLate = (): void => set(LATE);

/**
 * While it works, the heap may grow to five times what was in use before it is gone through again, instead of up to four
 * times: for what is known not to be large, so that it is not gone through once more at the end.
 */
export async function withRoom<T>(work: () => Promise<T>): Promise<T> {
  set(GROW_FIVEFOLD);
  try {
    return await work();
  } finally {
    set(GROW_AS_EVER);
  }
}

const GROW_FIVEFOLD = "--heap-growing-percent=400";
const GROW_AS_EVER = "--heap-growing-percent=0";

function set(flag: string | undefined): void {
  if (flag !== undefined && LATE !== undefined) process.getBuiltinModule?.("node:v8").setFlagsFromString(flag);
}
