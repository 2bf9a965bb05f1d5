import { setOf, setOfCidrs } from "../../address/address-set.ts";
import { hostCidr } from "../../address/cidr.ts";
import { type Ip, parseIp } from "../../address/ip.ts";
import type { Alternative, Offer } from "../../model/egress.ts";
import type { Stability } from "../../model/identity.ts";
import { assumed, preservedAs, stepOf, translated, unknown } from "./alternatives.ts";
import { askInstance } from "./asks.ts";
import { type Facts, type Nic, zoneOf } from "./facts.ts";
import { nameOf } from "./links.ts";
import type { Found } from "./read/found.ts";
import type { RawAddress } from "./read/raw.ts";
import {
  ephemeralNotShown,
  externalIpPrimarySourceOnly,
  externalIpv6Untranslated,
  staticOrEphemeral,
} from "./rules/vm.ts";

/** One-to-one NAT of the interface's primary address; alias addresses never use it. */
export function externalIpv4Offers(nic: Nic, reserved: ReservedAddresses): readonly Offer[] {
  const configs = nic.raw.accessConfigs ?? [];
  const inside = nic.primary === null ? nic.pool : [hostCidr(nic.primary)];
  if (configs.length === 0 || inside.length === 0) return [];
  const natIps = configs.flatMap(({ natIP }) => parseIp(natIP ?? "") ?? []);
  const { path, name, origin } = nic.instance;
  const text = {
    en: `${name}/${nic.name} has an external address of its own`,
    zh: `${name}/${nic.name} 有自己的外部地址`,
  };
  return [
    {
      translator: "instance-public-ip",
      resource: path,
      match: { sources: inside },
      step: stepOf(externalIpPrimarySourceOnly, text, nic.id, origin),
      alternatives: natIps.length === 0 ? [notShown(nic)] : [oneToOne(nic, natIps, reserved)],
    },
  ];
}

function notShown(nic: Nic): Alternative {
  const { path, name, origin } = nic.instance;
  const doubt = assumed(
    "open",
    `ephemeral:${name}/${nic.name}`,
    `the external address of ${name}/${nic.name} is ephemeral and not in the export`,
    `${name}/${nic.name} 的外部地址是临时的，导出中没有`,
    askInstance(path, zoneOf(path)),
  );
  const text = {
    en: `${name}/${nic.name} gets an external address when it starts`,
    zh: `${name}/${nic.name} 在启动时获得外部地址`,
  };
  return unknown(stepOf(ephemeralNotShown, text, nic.id, origin), doubt, path);
}

function oneToOne(nic: Nic, natIps: readonly Ip[], reserved: ReservedAddresses): Alternative {
  const stabilities = natIps.map((ip) => reserved.stabilityOf(ip, nic));
  const [stability = "unknown"] = stabilities;
  const said: Readonly<Record<Stability, string>> = {
    static: "静态",
    ephemeral: "临时",
    changing: "会变",
    unknown: "稳定性未知",
  };
  const text = {
    en: `${natIps.join(", ")} is ${stability === "unknown" ? "of unknown stability" : stability}`,
    zh: `${natIps.join("、")} 为${said[stability]}`,
  };
  const step = stepOf(staticOrEphemeral, text, nic.id, nic.instance.origin);
  const more = { translator: "instance-public-ip", resource: nic.id, stability } as const;
  return translated(setOf(...natIps), more, [step]);
}

export interface ReservedAddresses {
  stabilityOf(ip: Ip, nic: Nic): Stability;
  /** Whether somebody reserved this internal address. */
  isReservedInside(ip: Ip): boolean;
}

/** Static only if reserved; without the list of addresses nobody can say. */
export function reservedAddresses(facts: Facts): ReservedAddresses {
  const external = new Map<string, Found<RawAddress>>();
  const internal = new Set<string>();
  for (const found of facts.exported.addresses) {
    const { address, addressType } = found.value;
    if (!address) continue;
    if (addressType === "INTERNAL") internal.add(address);
    else external.set(address, found);
  }
  return {
    isReservedInside: (ip) => internal.has(ip),
    stabilityOf: (ip, nic) => {
      const found = external.get(ip);
      const { path, name, project } = nic.instance;
      if (found === undefined)
        return facts.exported.coverage.seen(project, "address") === "whole" ? "ephemeral" : "unknown";
      const users = found.value.users ?? [];
      const mine = users.length === 0 || users.some((user) => user.endsWith(path) || nameOf(user) === name);
      return mine ? "static" : "unknown";
    },
  };
}

/** Not translated: the destination sees an address of the interface's prefix, whichever the guest uses. */
export function externalIpv6Offers(nic: Nic): readonly Offer[] {
  if (nic.externalV6 === null) return [];
  const { name, origin } = nic.instance;
  const text = {
    en: `${name}/${nic.name} sends from its external prefix ${nic.externalV6}`,
    zh: `${name}/${nic.name} 以其外部前缀 ${nic.externalV6} 发送`,
  };
  const step = stepOf(externalIpv6Untranslated, text, nic.id, origin);
  return [
    {
      translator: "instance-public-ip",
      resource: nic.id,
      match: { sources: [nic.externalV6] },
      step,
      alternatives: [preservedAs(setOfCidrs([nic.externalV6]), { resource: nic.id }, [])],
    },
  ];
}
