import { expect, test } from "vitest";
import { hostCidr } from "../address/cidr.ts";
import { parseIp } from "../address/ip.ts";
import type { Host, Interface } from "../model/estate.ts";
import { attachGuest, guestFits } from "./match.ts";
import { readGuest } from "./read.ts";
import { windowsStrongHost } from "./rules/windows.ts";

const rule = windowsStrongHost;

function face(name: string, address: string, mac: string | null = null): Interface {
  const ip = parseIp(address);
  if (ip === undefined) throw new Error(address);
  const step = { rule, resource: null, text: rule.says, origin: null };
  return {
    id: `vm/${name}`,
    name,
    resource: null,
    network: "n",
    mac,
    addresses: [{ cidr: hostCidr(ip), role: "primary" }],
    connected: [],
    foreignSources: { allowed: false, rule },
    egress: {
      filters: [],
      routes: { id: "t", stages: [], none: step },
      internet: { filters: [], offers: [], none: [] },
    },
    origin: null,
  };
}

const vm = (name: string, first: Interface, ...others: Interface[]): Host => ({
  id: name,
  name,
  interfaces: [first, ...others],
  defaultInterface: { interface: first.id, rule },
  origin: null,
});

const l3 = vm("l3-proxy", face("nic0", "10.72.2.222"), face("nic1", "192.168.10.5"));
const other = vm("other", face("nic0", "10.72.2.9"));
const estate = { hosts: [l3, other], groups: [] };
const read = (text: string) => readGuest(text, "guest.txt").value;

// The second device of the guest is the first interface of the cloud: names prove nothing.
const ADDRESSES = read("eth1  UP  10.72.2.222/24\neth0  UP  192.168.10.5/24");
const ROUTES = read(
  "default via 10.72.2.1 dev eth0\n10.72.2.0/24 dev eth0 scope link src 10.72.2.222\n192.168.10.0/24 dev eth1 scope link src 192.168.10.5",
);
const NETSTAT = read(
  "0.0.0.0  10.72.2.1  0.0.0.0  UG  0 0  0 eth0\n10.72.2.0  0.0.0.0  255.255.255.0  U  0 0  0 eth0\n192.168.10.0  0.0.0.0  255.255.255.0  U  0 0  0 eth1",
);
const WINDOWS = read(
  "  0.0.0.0  0.0.0.0  10.72.2.1  10.72.2.222  5\n  192.168.10.0  255.255.255.0  On-link  192.168.10.5  261",
);

test.each([
  { by: "address", facts: ADDRESSES, first: "eth1", second: "eth0" },
  { by: "src of connected routes", facts: ROUTES, first: "eth0", second: "eth1" },
  { by: "what is on the link", facts: NETSTAT, first: "eth0", second: "eth1" },
])("devices are joined by $by", ({ facts, first, second }) => {
  expect(guestFits(facts, estate)).toEqual([l3]);
  const attached = attachGuest(facts, l3);
  expect(attached.interfaceOf(first, null)?.name).toBe("nic0");
  expect(attached.interfaceOf(second, null)?.name).toBe("nic1");
  expect(attached.interfaceOf("wg0", null)).toBeUndefined();
});

test("Windows: by the interface column", () => {
  expect(guestFits(WINDOWS, estate)).toEqual([l3]);
  expect(attachGuest(WINDOWS, l3).interfaceOf(null, parseIp("192.168.10.5") ?? null)?.name).toBe("nic1");
});

test("azure/guest-by-mac: by MAC when the addresses are not the cloud's", () => {
  const host = vm("nat", face("nic0", "10.0.0.4", "00:0d:3a:01:02:03"));
  const facts = read(
    "2: eth0: <UP> mtu 1500\n    link/ether 00:0d:3a:01:02:03 brd ff:ff:ff:ff:ff:ff\n    inet 10.9.9.9/24 scope global eth0",
  );
  expect(guestFits(facts, { hosts: [host, other], groups: [] })).toEqual([host]);
  expect(attachGuest(facts, host).interfaceOf("eth0", null)?.name).toBe("nic0");
});

test("an equal address with another MAC is another host", () => {
  const host = vm("twin", face("nic0", "10.0.0.4", "00:0d:3a:01:02:03"));
  const facts = read(
    "2: eth0: <UP> mtu 1500\n    link/ether 00:0d:3a:ff:ff:ff brd ff:ff:ff:ff:ff:ff\n    inet 10.0.0.4/24 scope global eth0",
  );
  expect(guestFits(facts, { hosts: [host], groups: [] })).toEqual([]);
});

test("facts of no host fit none", () => {
  expect(
    guestFits(read("default via 10.1.1.1 dev eth0\n10.1.1.0/24 dev eth0 scope link src 10.1.1.7"), estate),
  ).toEqual([]);
  expect(guestFits(read("0:\tfrom all lookup local"), estate)).toEqual([]);
});
