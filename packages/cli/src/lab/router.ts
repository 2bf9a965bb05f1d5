import type { Alternative, Cidr, Family, Filter, Offer } from "@seenas/core";
import { familyWord, matchText } from "./match.ts";
import type { Node } from "./plan.ts";
import { snatTexts } from "./pool.ts";
import { alternativeIn, holds, STRANGER, type World } from "./world.ts";

/** Lab drops answer at once: a silent one would cost a time-out each. */
export const REFUSE = "reject with icmpx type admin-prohibited";
/** Marks of what came in by the n-th device, on its way back; far from those of policy routes. */
const RETURN = 0x70000000;

/** A router under construction. */
export class Router {
  readonly commands: string[] = [];
  private readonly inputs: string[] = [];
  private readonly outputs: string[] = [];
  private readonly before: string[] = [];
  private readonly forward: string[] = [];
  private readonly after: string[] = [];
  private readonly chains: string[] = [];
  private translations = 0;

  /** Answers no traceroute; works otherwise. */
  isSilent = false;
  private shown: string | null = null;
  readonly name: string;
  readonly family: Family;
  readonly world: World;

  constructor(name: string, family: Family, world: World) {
    this.name = name;
    this.family = family;
    this.world = world;
  }

  /** The address its errors come from. */
  showAs(address: string): void {
    this.shown = address;
    this.isSilent = false;
  }

  /** A device by which packets of the sender come in. */
  input(): string {
    const device = `in${this.inputs.length}`;
    this.inputs.push(device);
    return device;
  }

  output(): string {
    const device = `out${this.outputs.length}`;
    this.outputs.push(device);
    return device;
  }

  /** On the packets of the sender, before the route is looked up. */
  mark(rule: string): void {
    this.before.push(`iifname "in*" ${rule}`);
  }

  rule(priority: number, selector: string, action: string): void {
    this.commands.push(`rule add pref ${priority} ${selector} ${action}`);
  }

  /** A table that sends everything by these devices. */
  tableTo(table: number, devices: readonly string[], prefix = "default", metric = 1): void {
    const [first, ...others] = devices;
    if (first === undefined) return;
    const hops = others.length === 0 ? `dev ${first}` : devices.map((device) => `nexthop dev ${device}`).join(" ");
    this.commands.push(`route add ${prefix} table ${table} metric ${metric} ${hops}`);
  }

  filters(filters: readonly Filter[], device: string | null): void {
    const active = filters.filter(
      ({ unless, perhaps }) =>
        (unless === undefined || !holds(this.world, unless.lifted)) &&
        (perhaps === undefined || !holds(this.world, perhaps.not)),
    );
    // A chain for each list, the last first: each hands on to the one behind it, and to return is to have passed them all.
    let behind: string | null = null;
    for (const list of [...new Set(active.map((filter) => filter.list))].reverse()) {
      const next: string = behind === null ? "return" : `goto ${behind}`;
      const verdicts = { allow: next, "always-allow": "return", deny: REFUSE };
      const lines = active.flatMap(({ match, action, list: own }) => {
        const text = own === list ? matchText(match, this.family) : null;
        return text === null ? [] : [`${text}${verdicts[action]}`];
      });
      behind = this.chain([...lines, next]);
    }
    if (behind !== null) this.jumpTo(device, behind);
  }

  foreign(own: string): void {
    this.forward.push(`iifname "in*" ${own} ${REFUSE}`);
  }

  /** First match wins; what no offer takes is left to `none`. */
  offers(offers: readonly Offer[], none: readonly Alternative[], device: string): void {
    const lines = offers.flatMap(({ match, alternatives, fallsThrough }) => {
      const text = matchText(match, this.family);
      if (text === null || holds(this.world, fallsThrough)) return [];
      return [`${text}${this.does(alternativeIn(this.world, alternatives))}`];
    });
    if (none.length > 0) lines.push(this.does(alternativeIn(this.world, none)));
    this.jump(device, lines);
  }

  /** The verdict for a packet to which this happens. */
  does(alternative: Alternative | undefined): string {
    const identity = alternative?.identity;
    if (identity?.kind === "keeps-source") return "return";
    if (identity === undefined) return REFUSE;
    if (this.world.isBefore && identity.draining.length > 0) return this.sendsAs(identity.draining) ?? REFUSE;
    if (identity.addresses.length > 0) return this.sendsAs(identity.addresses) ?? REFUSE;
    return identity.kind === "unpredictable" ? this.sendsAsStranger() : REFUSE;
  }

  /** The verdict for a packet that leaves with one of these; null: none is of its family. */
  sendsAs(addresses: readonly Cidr[]): string | null {
    const texts = snatTexts(addresses, this.family, this.world.pool);
    return texts.length === 0 ? null : `${this.translating(texts)} return`;
  }

  sendsAsStranger(): string {
    return `${this.translating([`snat ${familyWord(this.family)} to ${STRANGER[this.family]}`])} return`;
  }

  /** Marks now what is translated when it leaves. */
  private translating(statements: readonly string[]): string {
    this.translations += 1;
    const mark = 0x1000000 + this.translations;
    for (const statement of statements) this.after.push(`meta mark ${mark} ${statement}`);
    return `meta mark set ${mark}`;
  }

  /** What happens to packets with this mark, on their way through. */
  onMark(mark: number, verdict: string): void {
    this.forward.push(`iifname "in*" meta mark ${mark} ${verdict}`);
  }

  private jump(device: string | null, lines: readonly string[]): void {
    this.jumpTo(device, this.chain(lines));
  }

  private chain(lines: readonly string[]): string {
    const name = `c${this.chains.length}`;
    this.chains.push(`chain ${name} {\n${lines.join("\n")}\n}`);
    return name;
  }

  private jumpTo(device: string | null, chain: string): void {
    const where = device === null ? `iifname "in*"` : `iifname "in*" oifname "${device}"`;
    this.forward.push(`${where} jump ${chain}`);
  }

  node(): Node {
    const all = this.family === 4 ? "0.0.0.0/0" : "::/0";
    const own = `${this.shown ?? (this.family === 4 ? "192.0.0.8" : "100::8")}/${this.family === 4 ? 32 : 128}`;
    const silence = this.isSilent ? "icmp type time-exceeded drop\nicmpv6 type time-exceeded drop" : "";
    const ends = this.inputs.flatMap((device, index) => {
      const mark = RETURN + index;
      return [
        `rule add pref ${10 + index} fwmark ${mark} lookup ${900 + index}`,
        `route add ${all} dev ${device} table ${900 + index}`,
      ];
    });
    // Errors of this router itself, until the output chain says which way their packet came in.
    if (ends.length > 0) ends.push("rule add pref 900 iif lo lookup 900");
    const up = [...this.inputs, ...this.outputs].map((device) => `link set ${device} arp off up`);
    const marks = this.inputs.map((device, index) => `iifname "${device}" ct mark set ${RETURN + index}`);
    const ruleset = `table inet lab {
${this.chains.join("\n")}
chain before { type filter hook prerouting priority -150; policy accept;
${marks.join("\n")}
iifname "out*" meta mark set ct mark
${this.before.join("\n")}
}
chain errors { type route hook output priority -150; policy accept;
meta mark set ct mark
${silence}
}
chain through { type filter hook forward priority 0; policy accept;
ct state established accept
${this.forward.join("\n")}
}
chain after { type nat hook postrouting priority 100; policy accept;
${this.after.join("\n")}
}
}`;
    return {
      name: this.name,
      commands: ["link set lo up", `addr add ${own} dev lo`, ...up, ...ends, ...this.commands],
      ruleset,
    };
  }
}
