import { describe, expect, test } from "vitest";
import { readGuest } from "../read.ts";

const codes = (...lines: readonly string[]): readonly string[] =>
  readGuest(lines.join("\n"), "guest.txt").problems.map(({ level, code, line }) => `${level} ${code}:${line}`);
const routesOf = (...lines: readonly string[]) => readGuest(lines.join("\n"), "guest.txt").value.routes;

// https://github.com/iproute2/iproute2/blob/main/ip/iproute.c (`print_route`): each of these words is followed by its value.
describe("a line of ip route that ends too early", () => {
  test.each([
    "default via 10.0.0.1 dev eth0 proto dhcp src 10.0.0.10 metric",
    "default via 10.0.0.1 dev eth0 proto dhcp src",
    "default via 10.0.0.1 dev",
    "default via",
    "default via 10.0.0.1 dev eth0 table",
    "default via inet6",
    "default via 10.0.0.1 dev eth0 tos NAMELESS",
  ])("%s", (line) => {
    expect(codes("10.0.0.0/24 dev eth0 scope link src 10.0.0.10", line)).toEqual(["error guest/unreadable-line:2"]);
  });
});

describe("words of ip route that are no pairs", () => {
  test.each([
    ["default via 10.0.0.1 dev eth0 newflag metric 100", "10.0.0.1", "eth0", 100, null],
    ["default via 10.0.0.1 dev eth0 mtu lock 1400 metric 100", "10.0.0.1", "eth0", 100, null],
    ["default encap mpls  100 via 10.0.0.1 dev eth0 metric 5", "10.0.0.1", "eth0", 5, null],
    [
      "default encap ip id 0 src 0.0.0.0 dst 192.0.2.7 ttl 0 tos 0 via 10.0.0.1 dev eth0 src 10.0.0.10",
      "10.0.0.1",
      "eth0",
      null,
      "10.0.0.10",
    ],
  ])("%s", (line, gateway, device, metric, source) => {
    expect(routesOf(line)).toMatchObject([{ hops: [{ gateway, device }], metric, source }]);
    expect(codes(line)).toEqual([]);
  });
});

describe("next hops without their route", () => {
  const hop = "\tnexthop via 10.0.0.1 dev eth0 weight 1";
  test("below a route with a device of its own", () => {
    expect(codes("10.0.0.0/24 dev eth1 scope link src 10.0.0.10", hop)).toEqual(["error guest/unreadable-line:2"]);
  });
  test("a route without its next hops", () => {
    expect(codes("default proto static", "10.0.0.0/24 dev eth1 scope link")).toEqual(["error guest/cut-table:1"]);
  });
  test("whole", () => expect(codes("default proto static", hop, hop.replace("eth0", "eth1"))).toEqual([]));
  test("types that name no device are whole", () =>
    expect(codes("blackhole 192.0.2.0/24", "throw default")).toEqual([]));
});

// ip-rule(8): at startup there are the rules 0 (local), 32766 (main) and 32767 (default).
describe("a list of rules", () => {
  const local = "0:\tfrom all lookup local";
  const own = "100:\tfrom 10.0.0.10 lookup 100";
  const main = "32766:\tfrom all lookup main";
  test.each([
    ["whole", [local, own, main], []],
    ["table local asked later", [own, local.replace("0", "1000"), main], []],
    ["a refusal at its end", [local, own, "32000:\tfrom all unreachable"], []],
    ["cut at its end", [local, own], ["error guest/cut-table:2"]],
    ["cut at its begin", [own, main], ["error guest/cut-table:1"]],
    ["a selection says nothing", ["$ ip rule | grep 100", own], []],
  ])("%s", (_, lines, expected) => expect(codes(...lines)).toEqual(expected));
  test("a command that failed gives no rules", () => {
    const { have } = readGuest("$ ip rule\nbash: ip: command not found\n$ ip route\n", "guest.txt").value;
    expect(have.rules4).toBe(false);
  });
});

describe("addresses", () => {
  const eth0 = ["2: eth0: <BROADCAST,UP> mtu 1500", "    link/ether 02:00:00:00:00:10 brd ff:ff:ff:ff:ff:ff"];
  const eth1 = ["3: eth1: <BROADCAST,UP> mtu 1500", "    link/ether 02:00:00:00:00:11 brd ff:ff:ff:ff:ff:ff"];
  const first = "    inet 10.0.0.10/24 scope global eth0";
  const second = "    inet 10.0.0.20/24 scope global secondary eth0";
  test("whole", () => expect(codes(...eth0, first, second, ...eth1)).toEqual([]));
  test("a device whose line is missing", () => {
    expect(codes(...eth0, first, ...eth1.slice(1))).toEqual(["error guest/unreadable-line:4"]);
    expect(codes(...eth0, ...eth1.slice(1))).toEqual(["error guest/unreadable-line:3"]);
  });
  test("a secondary address without the first of its subnet", () => {
    expect(codes(...eth0, second)).toEqual(["error guest/cut-table:1"]);
  });
});

// ip-netns(8), ip-vrf(8): these print what is not the host's main table.
describe("another namespace", () => {
  const host = ["$ ip route", "default via 10.0.0.1 dev eth0"];
  test.each([
    "$ ip netns exec blue ip route",
    "$ ip -n blue route",
    "$ ip -4 -netns blue route show",
    "root@vm1:~# docker exec -it web ip route",
    "$ sudo nsenter -t 4242 -n ip route",
  ])("%s", (command) => {
    const text = [...host, command, "default via 172.17.0.1 dev eth0", "192.0.2.0/24 via 172.17.0.9 dev eth0"];
    expect(routesOf(...text).map(({ hops }) => hops[0]?.gateway)).toEqual(["10.0.0.1"]);
    expect(codes(...text)).toEqual(["warning guest/other-namespace:4"]);
  });
  test("that of process 1 is the host's", () => {
    expect(codes("$ nsenter -t 1 -n ip route", "default via 10.0.0.1 dev eth0")).toEqual([]);
    expect(routesOf("$ nsenter -t 1 -n ip route", "default via 10.0.0.1 dev eth0")).toHaveLength(1);
  });
  test("the table of a VRF is not main", () => {
    const routes = routesOf(...host, "$ ip route show vrf blue", "default via 10.9.0.1 dev eth9");
    expect(routes.map(({ table }) => table)).toEqual(["main", "vrf blue"]);
  });
});

test("a list that changed while it was printed is not whole", () => {
  expect(codes("$ ip route", "default via 10.0.0.1 dev eth0", "Dump was interrupted and may be inconsistent.")).toEqual(
    ["error guest/unreadable-line:3"],
  );
});

// ip-route(8): table local is kept by the kernel; inet_dump_fib goes by table number, so it is the last.
describe("all tables", () => {
  const before = [
    "$ ip -4 route show table all",
    "default via 10.1.0.1 dev eth1 table 100",
    "default via 10.0.0.1 dev eth0",
  ];
  test("whole", () => {
    const local = "local 127.0.0.1 dev lo table local proto kernel scope host src 127.0.0.1";
    expect(codes(...before, local)).toEqual([]);
  });
  test("cut before table local", () => expect(codes(...before)).toEqual(["error guest/cut-table:3"]));
  test("one table needs none", () => {
    expect(codes("$ ip route show table 100", "default via 10.1.0.1 dev eth1")).toEqual([]);
  });
});
