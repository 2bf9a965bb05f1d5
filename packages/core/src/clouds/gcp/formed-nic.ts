import type { Cidr } from "../../address/cidr.ts";
import type { Ip } from "../../address/ip.ts";
import type { Nic } from "./facts.ts";
import type { Found } from "./read/found.ts";
import type { RawInstance, RawInterface } from "./read/raw.ts";

/** One of many interfaces that differ in the VM, which is theirs, and their address. */
export class FormedNic implements Nic {
  readonly like: Nic;
  readonly instance: Found<RawInstance>;
  readonly primary: Ip | null;

  constructor(like: Nic, instance: Found<RawInstance>, primary: Ip | null) {
    this.like = like;
    this.instance = instance;
    this.primary = primary;
  }

  get id(): string {
    return `${this.instance.path}/networkInterfaces/${this.like.name}`;
  }

  get name(): string {
    return this.like.name;
  }

  get raw(): RawInterface {
    return this.primary === null ? this.like.raw : { ...this.like.raw, networkIP: this.primary };
  }

  get network(): string {
    return this.like.network;
  }

  get subnet(): string | null {
    return this.like.subnet;
  }

  get region(): string | null {
    return this.like.region;
  }

  get v6(): Ip | null {
    return this.like.v6;
  }

  get externalV6(): Cidr | null {
    return this.like.externalV6;
  }

  get aliases(): Nic["aliases"] {
    return this.like.aliases;
  }

  get pool(): readonly Cidr[] {
    return this.like.pool;
  }

  get forwards(): boolean {
    return this.like.forwards;
  }

  get running(): boolean {
    return this.like.running;
  }

  get tags(): readonly string[] {
    return this.like.tags;
  }

  get serviceAccounts(): readonly string[] {
    return this.like.serviceAccounts;
  }
}
