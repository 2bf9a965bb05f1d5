import { mergeCidrs, parseCidr } from "@seenas/core";
import { randomNumbers } from "./estate.mjs";
import { paired, rounded } from "./statistics.mjs";

const SEED = 20241220;
const RUNS = 9;
const SPACE = 2 ** 23;

/**
 * Addresses merged into the fewest prefixes a second, from text to text. Beside a sort of the same numbers, already read,
 * which is the least that any merging does.
 */
export async function merges(name, count) {
  const random = randomNumbers(SEED);
  const numbers = Uint32Array.from({ length: count }, () => 2 ** 30 + random(SPACE));
  const cidrs = [...numbers].map((value) =>
    parseCidr([24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".")),
  );
  const merge = () => perSecond(count, () => mergeCidrs(cidrs).length);
  const sort = () => perSecond(count, () => Uint32Array.from(numbers).sort().length);
  merge();
  sort();
  const { value, ratio } = paired(merge, sort, RUNS);
  const against = "sort of the same numbers (Uint32Array)";
  return [{ name, value: Math.round(value), unit: "1/s", against, ratio: rounded(ratio, 3), runs: RUNS }];
}

function perSecond(count, work) {
  const start = process.hrtime.bigint();
  if (work() <= 0) throw new Error("nothing was merged");
  return count / (Number(process.hrtime.bigint() - start) / 1e9);
}
