import type { Cidr } from "../../address/cidr.ts";
import type { Egress } from "../../model/egress.ts";
import type { Host, Interface, InterfaceAddress } from "../../model/estate.ts";
import type { Rule } from "../../model/rule.ts";
import type { Origin } from "../../problem.ts";
import type { GcpHost, Nic } from "./facts.ts";

/** What interfaces that are alike have in common. */
export interface Place {
  readonly egress: Egress;
  readonly connected: readonly Cidr[];
  readonly foreignSources: Interface["foreignSources"];
  readonly addressesOf: (nic: Nic) => readonly InterfaceAddress[];
}

/** One of very many: what it says of itself is made when it is asked for. */
export class FormedInterface implements Interface {
  readonly nic: Nic;
  readonly place: Place;

  constructor(nic: Nic, place: Place) {
    this.nic = nic;
    this.place = place;
  }

  get id(): string {
    return this.nic.id;
  }

  get name(): string {
    return this.nic.name;
  }

  get resource(): string {
    return this.nic.id;
  }

  get network(): string {
    return this.nic.network;
  }

  get mac(): null {
    return null;
  }

  get addresses(): readonly InterfaceAddress[] {
    return this.place.addressesOf(this.nic);
  }

  get connected(): readonly Cidr[] {
    return this.place.connected;
  }

  get foreignSources(): Interface["foreignSources"] {
    return this.place.foreignSources;
  }

  get egress(): Egress {
    return this.place.egress;
  }

  get origin(): Origin {
    return this.nic.instance.origin;
  }
}

/** The same of a VM. */
export class FormedHost implements Host {
  readonly interfaces: Host["interfaces"];
  readonly host: GcpHost;
  readonly rule: Rule;
  readonly madeAt?: string;

  constructor(host: GcpHost, interfaces: Host["interfaces"], rule: Rule, madeAt: string | null | undefined) {
    this.host = host;
    this.interfaces = interfaces;
    this.rule = rule;
    if (typeof madeAt === "string") this.madeAt = madeAt;
  }

  get id(): string {
    return this.host.found.path;
  }

  get name(): string {
    return this.host.found.name;
  }

  get origin(): Origin {
    return this.host.found.origin;
  }

  get defaultInterface(): Host["defaultInterface"] {
    const { nics } = this.host;
    const { id } = nics.find(({ name }) => name === "nic0") ?? nics[0];
    return { interface: id, rule: this.rule };
  }
}
