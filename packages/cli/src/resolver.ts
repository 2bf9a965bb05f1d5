import { type Ip, parseIp } from "@seenas/core";

const PATIENCE_MS = 3000;

/**
 * Every address that this machine's own resolver knows for a name; empty when it knows none or does not answer in
 * time. Asked only for a name that neither the flow nor the evidence gives an address for.
 */
export async function lookUp(name: string): Promise<readonly Ip[]> {
  // Not `import`: code that V8 takes from a cache has lost its way to the loader, and most questions need no resolver.
  const { lookup } = process.getBuiltinModule("node:dns/promises");
  const asked = lookup(name, { all: true, verbatim: true }).catch(() => []);
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<readonly never[]>((resolve) => {
    timer = setTimeout(() => resolve([]), PATIENCE_MS);
  });
  const found = await Promise.race([asked, tooLong]);
  clearTimeout(timer);
  return found.flatMap(({ address }) => {
    const ip = parseIp(address);
    return ip === undefined ? [] : [ip];
  });
}
