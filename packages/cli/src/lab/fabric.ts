import {
  type Appliance,
  cidrContains,
  type Egress,
  type Family,
  familyOfCidr,
  type Gap,
  type Interface,
  type Ip,
  type NextHop,
  type Route,
  type RouteStage,
} from "@seenas/core";
import { BEHIND, behave, DIRECTLY } from "./appliance.ts";
import { familyWord, matchText } from "./match.ts";
import { layPath, type Path } from "./path.ts";
import { DESTINATION, MOST_NODES, type Node, SENDER, type Wire } from "./plan.ts";
import { Router } from "./router.ts";
import { hiddenIn, holds, isFavoured, type World } from "./world.ts";

/** The routers that a sender's packets may pass on their way to one destination. */
export class Fabric {
  readonly wires: Wire[] = [];
  readonly arrivals: string[] = [];
  private readonly routers: Router[] = [];
  private readonly appliances = new Map<string, Router>();
  private readonly world: World;
  private readonly destination: Ip;
  private readonly family: Family;
  private readonly path: Path;

  constructor(world: World, destination: Ip, family: Family, path: Path) {
    this.path = path;
    this.world = world;
    this.destination = destination;
    this.family = family;
  }

  nodes(): readonly Node[] {
    return this.routers.map((router) => router.node());
  }

  /** One interface of the sender: its port, and everything behind. */
  attach(by: Interface, device: string): void {
    const router = this.router(by.egress, by.id);
    this.wires.push({ from: { node: SENDER, device }, to: { node: router.name, device: router.input() } });
    if (by.foreignSources.allowed || by.sendsFromAny !== undefined) return;
    const own = by.addresses.map(({ cidr }) => cidr).filter((cidr) => familyOfCidr(cidr) === this.family);
    if (own.length > 0) router.foreign(`${familyWord(this.family)} saddr != { ${own.join(", ")} }`);
  }

  private add(): Router {
    if (this.routers.length >= MOST_NODES) throw new TooLarge();
    const router = new Router(`r${this.routers.length}`, this.family, this.world);
    this.routers.push(router);
    // Nothing of a cloud's own network answers where a path is told.
    router.isSilent = this.path.length > 0;
    return router;
  }

  private router(egress: Egress, origin: string): Router {
    const router = this.add();
    router.filters(egress.filters, null);
    for (const [index, stage] of egress.routes.stages.entries()) this.stage(router, egress, stage, index, origin);
    router.rule(9000, "from all", "prohibit");
    return router;
  }

  private stage(router: Router, egress: Egress, stage: RouteStage, index: number, origin: string): void {
    const priority = 1000 * (index + 1);
    const table = 10_000 * (index + 1);
    for (const hidden of this.hidden(stage.gaps)) {
      const device = this.toDestination(router, origin);
      router.offers([], [hidden], device);
      router.rule(priority, `to ${this.destination}`, `lookup ${table + 9999}`);
      router.tableTo(table + 9999, [device]);
    }
    const outputs = new Map<NextHop, string | null>();
    const deviceOf = (hop: NextHop): string | null => {
      const known = outputs.get(hop);
      if (known !== undefined) return known;
      const device = this.leadsOn(router, egress, hop, origin);
      outputs.set(hop, device);
      return device;
    };
    if (stage.kind === "first-match") this.policies(router, stage, priority, table, deviceOf);
    else this.prefixes(router, stage, priority, table, deviceOf);
  }

  private hidden(gaps: readonly Gap[]) {
    return gaps.flatMap(({ destinations, otherwise }) => {
      const concerns = destinations === undefined || destinations.some((cidr) => cidrContains(cidr, this.destination));
      return concerns ? (hiddenIn(this.world, otherwise) ?? []) : [];
    });
  }

  private policies(
    router: Router,
    stage: RouteStage,
    priority: number,
    table: number,
    deviceOf: (hop: NextHop) => string | null,
  ): void {
    const first = table / 10_000;
    const alive = ranked(
      stage,
      stage.routes.filter((route) => this.isUsable(route)),
      this.world,
    );
    // What cannot forward ends what no other takes.
    const dead = stage.routes.filter((route) => !alive.includes(route));
    for (const [index, route] of [...alive, ...dead].entries()) {
      if (!this.leadsThere(route)) continue;
      const text = matchText({ ...route.match, destinations: [route.prefix] }, this.family);
      const inner = route.match?.destinations;
      const narrowed = inner === undefined ? "" : matchText({ destinations: inner }, this.family);
      if (text === null || narrowed === null) continue;
      const mark = (index + 1) << (8 * (first - 1));
      const mask = 0xff << (8 * (first - 1));
      router.mark(`meta mark & ${mask} == 0 ${text}${narrowed}meta mark set meta mark | ${mark}`);
      router.rule(priority + 1 + index, `fwmark ${mark}/${mask}`, `lookup ${table + index}`);
      this.place(router, table + index, "default", 1, [route], index < alive.length ? deviceOf : () => null);
    }
  }

  private prefixes(
    router: Router,
    stage: RouteStage,
    priority: number,
    table: number,
    deviceOf: (hop: NextHop) => string | null,
  ): void {
    router.rule(priority + 500, "from all", `lookup ${table}`);
    const byPrefix = new Map<string, Route[]>();
    for (const route of stage.routes)
      if (familyOfCidr(route.prefix) === this.family)
        byPrefix.set(route.prefix, [...(byPrefix.get(route.prefix) ?? []), route]);
    for (const [prefix, routes] of byPrefix) {
      if (routes.some(({ match }) => match !== undefined)) throw new NotRoutable();
      const alive = routes.filter((route) => this.isUsable(route));
      const order = ranked(stage, alive, this.world);
      const [best] = order;
      if (best === undefined) router.commands.push(`route add prohibit ${prefix} table ${table} metric 1`);
      else {
        const winners = order.filter((route) => compare(stage, best, route, this.world) === 0);
        const sharing = stage.ties.kind === "together" ? winners : [best];
        this.place(router, table, prefix, 1, sharing, deviceOf);
        for (const [index, route] of order.slice(sharing.length).entries())
          this.place(router, table, prefix, index + 2, [route], () => null);
      }
    }
  }

  private leadsThere = ({ prefix }: Route): boolean => cidrContains(prefix, this.destination);

  private isUsable({ usable }: Route): boolean {
    return usable.kind === "yes" || (usable.kind === "unknown" && !holds(this.world, usable.down));
  }

  /** What does not lead to the destination is there to compete, and ends if it wins. */
  private place(
    router: Router,
    table: number,
    prefix: string,
    metric: number,
    routes: readonly Route[],
    deviceOf: (hop: NextHop) => string | null,
  ): void {
    const [first] = routes;
    if (first === undefined) return;
    const end = (type: string) => router.commands.push(`route add ${type} ${prefix} table ${table} metric ${metric}`);
    if (!this.leadsThere(first)) return void end("prohibit");
    if (first.hop.kind === "next-stage") return void end("throw");
    const devices = routes.flatMap(({ hop }) => devicesOf(hop, deviceOf(hop)));
    if (devices.length === 0) end("prohibit");
    else router.tableTo(table, devices, prefix, metric);
  }

  /** The device (several: separated by spaces) that leads to this hop; null: nothing does. */
  private leadsOn(router: Router, egress: Egress, hop: NextHop, origin: string): string | null {
    switch (hop.kind) {
      case "internet": {
        const device = this.toDestination(router, origin);
        router.filters(egress.internet.filters, device);
        router.offers(egress.internet.offers, egress.internet.none, device);
        return device;
      }
      case "local":
        return this.toDestination(router, origin);
      case "link": {
        const device = this.toDestination(router, origin);
        const [hidden] = this.hidden(hop.link.beyond);
        router.offers(hidden === undefined ? hop.link.offers : [], hidden === undefined ? [] : [hidden], device);
        return device;
      }
      case "alternatives": {
        const device = this.toDestination(router, origin);
        router.offers([], hop.alternatives, device);
        return device;
      }
      case "appliance":
        return hop.appliances.map((appliance) => this.toAppliance(router, appliance, origin)).join(" ");
      case "drop":
      case "next-stage":
        return null;
      default:
        return hop satisfies never;
    }
  }

  private toDestination(router: Router, origin: string): string {
    const device = router.output();
    const ends = layPath(this.path, { node: router.name, device }, () => this.add(), this.wires);
    for (const from of ends) {
      this.wires.push({ from, to: { node: DESTINATION, device: `d${this.arrivals.length}` } });
      this.arrivals.push(origin);
    }
    return device;
  }

  private toAppliance(router: Router, appliance: Appliance, origin: string): string {
    const device = router.output();
    // One for each interface that leads there, so that an arrival tells which it was.
    const key = `${origin} ${appliance.id}`;
    const known = this.appliances.get(key);
    const to = known ?? this.appliance(appliance, origin, key);
    this.wires.push({ from: { node: router.name, device }, to: { node: to.name, device: to.input() } });
    return device;
  }

  private appliance(appliance: Appliance, origin: string, key: string): Router {
    const router = this.add();
    this.appliances.set(key, router);
    const directly = this.toDestination(router, origin);
    router.tableTo(DIRECTLY, [directly]);
    if (appliance.egress !== null) {
      const behind = this.router(appliance.egress, origin);
      const device = router.output();
      this.wires.push({ from: { node: router.name, device }, to: { node: behind.name, device: behind.input() } });
      router.tableTo(BEHIND, [device]);
    }
    behave(router, appliance, this.world, this.family);
    router.rule(9000, "from all", "prohibit");
    return router;
  }
}

export class TooLarge extends Error {}
export class NotRoutable extends Error {}

const devicesOf = (hop: NextHop, devices: string | null): readonly string[] =>
  devices === null || devices === "" ? [] : hop.kind === "appliance" ? devices.split(" ") : [devices];

/** Best first; those that the world favours before all. */
const ranked = (stage: RouteStage, routes: readonly Route[], world: World): readonly Route[] =>
  [...routes].sort((a, b) => compare(stage, a, b, world));

function compare(stage: RouteStage, a: Route, b: Route, world: World): number {
  const favoured = Number(isFavoured(world, b)) - Number(isFavoured(world, a));
  if (favoured !== 0) return favoured;
  for (const { position } of stage.orders[0] ?? []) {
    const difference = (a.preference[position] ?? 0) - (b.preference[position] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
