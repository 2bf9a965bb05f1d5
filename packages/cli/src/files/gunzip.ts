import { createGunzip } from "node:zlib";
import { type Gunzip, slicesOf } from "@seenas/core";

/** Not piped: a stream that fails throws away what it has expanded before. */
export const gunzip: Gunzip = async function* (pieces, tell) {
  const expander = createGunzip();
  const ready: Uint8Array[] = [];
  const failures: unknown[] = [];
  expander.on("data", (bytes: Uint8Array) => void ready.push(bytes));
  const failed = new Promise<void>((resolve) => {
    expander.on("error", (error) => {
      failures.push(error);
      resolve();
    });
  });
  try {
    for await (const slice of slicesOf(pieces)) {
      // What failed calls nobody back.
      await Promise.race([failed, new Promise((resolve) => expander.write(slice, resolve))]);
      yield* ready.splice(0);
      if (failures.length > 0) break;
    }
    if (failures.length === 0)
      await Promise.race([failed, new Promise((resolve) => expander.once("end", resolve).end())]);
    yield* ready.splice(0);
    for (const failure of failures) tell(isCut(failure) ? "cut" : "damaged");
  } finally {
    expander.destroy();
  }
};

const isCut = (failure: unknown): boolean =>
  failure instanceof Error && "code" in failure && failure.code === "Z_BUF_ERROR";
