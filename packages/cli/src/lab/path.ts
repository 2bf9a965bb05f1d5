import type { Scenario } from "@seenas/core";
import type { End, Wire } from "./plan.ts";
import type { Router } from "./router.ts";

export type Path = NonNullable<Scenario["path"]>;

/**
 * Routers that only pass on, laid from one end: equal-cost branches side by side, each router leading to every one of the
 * next. Gives the ends that are still free.
 */
export function layPath(path: Path, from: End, add: () => Router, wires: Wire[]): readonly End[] {
  const steps = stepsOf(path);
  let free: readonly (readonly End[])[] = [[from]];
  for (const [index, step] of steps.entries()) {
    const hops = step.map((address) => hopOf(address, add()));
    for (const ends of free) for (const [nth, end] of ends.entries()) join(end, hops[nth], wires);
    const width = steps[index + 1]?.length ?? 1;
    free = hops.map((hop) => endsOf(hop, width));
  }
  return free.flat();
}

/** What translates looks at one device: branches begin behind it. */
function stepsOf(path: Path): readonly (readonly string[])[] {
  const steps = path.map((step) => (typeof step === "string" ? [step] : step));
  return (steps[0]?.length ?? 1) > 1 ? [[SILENT], ...steps] : steps;
}

/** Stands in a path for a router that never answers. */
const SILENT = "*";

function hopOf(address: string, hop: Router): Router {
  if (address !== SILENT) hop.showAs(address);
  hop.rule(1000, "from all", "lookup 100");
  return hop;
}

function join(from: End, hop: Router | undefined, wires: Wire[]): void {
  if (hop !== undefined) wires.push({ from, to: { node: hop.name, device: hop.input() } });
}

function endsOf(hop: Router, width: number): readonly End[] {
  const devices = Array.from({ length: width }, () => hop.output());
  hop.tableTo(100, devices);
  return devices.map((device) => ({ node: hop.name, device }));
}
