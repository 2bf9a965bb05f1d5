import FLAGS from "./compile-late.json" with { type: "json" };

/**
 * By V8's major version: a function runs four times as often as usual before it is compiled once more. Of a whole estate,
 * and of a capture, more is compiled on other cores than is won by it (ADR 17).
 */
const COMPILE_LATE: Readonly<Record<string, string>> = FLAGS;

/** For the rest of the process. */
export function compileLate(): void {
  const flag = COMPILE_LATE[`${Number.parseInt(process.versions.v8, 10)}`];
  if (flag !== undefined) process.getBuiltinModule?.("node:v8").setFlagsFromString(flag);
}
