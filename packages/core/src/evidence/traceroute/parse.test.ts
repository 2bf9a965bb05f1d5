import { describe, expect, test } from "vitest";
import { linesOf } from "../lines.ts";
import { addressesOf } from "./hints.ts";
import { isHopLine, parseTraceroutes } from "./parse.ts";

const traces = (text: string) => parseTraceroutes(linesOf(text)).map(({ trace }) => trace);
const only = (text: string) => {
  const [trace] = traces(text);
  if (trace === undefined) throw new Error("no trace");
  return trace;
};

describe("forms no sample holds", () => {
  test("macOS: a warning before the header, further responders on lines of their own", () => {
    const trace = only(
      [
        "traceroute: Warning: mail.example has multiple addresses; using 192.0.2.9",
        "traceroute to mail.example (192.0.2.9), 64 hops max, 52 byte packets",
        " 1  gw (192.168.1.1)  2.1 ms  1.9 ms  1.8 ms",
        " 2  a.isp.example (198.51.100.1)  9.1 ms",
        "    b.isp.example (198.51.100.5)  9.9 ms",
        "    a.isp.example (198.51.100.1)  9.0 ms",
        " 3  192.0.2.9 (192.0.2.9)  12.0 ms !Z *  11.2 ms",
      ].join("\n"),
    );
    expect(trace).toMatchObject({ destination: "192.0.2.9", destinationName: "mail.example", reached: true, line: 2 });
    expect(trace.hops.map(addressesOf)).toEqual([["192.168.1.1"], ["198.51.100.1", "198.51.100.5"], ["192.0.2.9"]]);
    expect(trace.hops[2]).toMatchObject({ lost: 1, annotations: ["!Z"] });
    expect(trace.hints.map(({ kind }) => kind)).toEqual(["private-to-public", "multipath", "unreachable"]);
  });

  test("Linux with -A and -e: AS numbers are remarks, labels annotations", () => {
    const trace = only(
      "traceroute to 192.0.2.9 (192.0.2.9), 30 hops max, 60 byte packets\n 1  198.51.100.1 (198.51.100.1) [AS64500] <MPLS:L=24001,E=0,S=1,T=1>  1.0 ms  1.1 ms  1.2 ms",
    );
    expect(trace.hops[0]).toMatchObject({ annotations: ["<MPLS:L=24001,E=0,S=1,T=1>"], lost: 0 });
    expect(trace.hops[0]?.replies).toHaveLength(3);
    expect(trace.hints).toMatchObject([{ kind: "mpls", ttls: [1] }]);
  });

  test("tcptraceroute", () => {
    const trace = only(
      "Selected device eth0, address 10.1.1.1, port 40000 for outgoing packets\nTracing the path to mail.example (192.0.2.9) on TCP port 25 (smtp), 30 hops max\n 1  10.1.1.254  0.4 ms  0.3 ms  0.3 ms\n 2  mail.example (192.0.2.9) [open]  9.1 ms  9.0 ms  9.2 ms",
    );
    expect(trace).toMatchObject({ destination: "192.0.2.9", destinationName: "mail.example", reached: true });
  });

  test("paris-traceroute", () => {
    const trace = only(
      "traceroute [(10.1.1.1:33456) -> (192.0.2.9:33457)], protocol udp, algo hopbyhop, duration 18 s\n 1  10.1.1.254 (10.1.1.254)  2.946 ms   0.553 ms   0.559 ms \n 2  * * *\n 3  192.0.2.9 (192.0.2.9)  83.259 ms   136.577 ms   82.050 ms ",
    );
    expect(trace).toMatchObject({ destination: "192.0.2.9", reached: true });
    expect(trace.hops.map(addressesOf)).toEqual([["10.1.1.254"], [], ["192.0.2.9"]]);
  });

  test("masked hops stay as written, and a masked destination is never reached", () => {
    const trace = only(
      "traceroute to x.x.x.x (x.x.x.x), 30 hops max, 60 byte packets\n 1  ***.***.***.***  1 ms  1 ms  1 ms\n 2  x.x.x.x  2 ms  2 ms  2 ms",
    );
    expect(trace.hops.map(addressesOf)).toEqual([["***.***.***.***"], ["x.x.x.x"]]);
    expect(trace.reached).toBe(false);
  });

  test("a name made of numbers is no address and no TTL", () => {
    const trace = only(
      "traceroute to 192.0.2.9 (192.0.2.9), 30 hops max, 60 byte packets\n 1  1.100.51.198.static.isp.example (198.51.100.1)  1.0 ms *  1.2 ms\n 2  7 (198.51.100.7)  3 ms",
    );
    expect(trace.hops.map(addressesOf)).toEqual([["198.51.100.1"], ["198.51.100.7"]]);
    expect(trace.hops[0]?.replies[0]?.name).toBe("1.100.51.198.static.isp.example");
  });

  test("two traces in one paste", () => {
    const both = traces(
      "$ traceroute -n 192.0.2.9\ntraceroute to 192.0.2.9 (192.0.2.9), 30 hops max, 60 byte packets\n 1  10.0.0.1  1 ms\n\n$ traceroute -n 192.0.2.10\ntraceroute to 192.0.2.10 (192.0.2.10), 30 hops max, 60 byte packets\n 1  10.0.0.1  1 ms\n 2  * * *\n",
    );
    expect(both.map(({ destination, hops, line }) => [destination, hops.length, line])).toEqual([
      ["192.0.2.9", 1, 2],
      ["192.0.2.10", 2, 6],
    ]);
  });

  test("carrier-grade NAT on the way, CR LF", () => {
    const trace = only(
      "traceroute to 192.0.2.9 (192.0.2.9), 30 hops max, 60 byte packets\r\n 1  100.64.0.1  1 ms  1 ms  1 ms\r\n 2  192.0.2.9  2 ms  2 ms  2 ms\r\n",
    );
    expect(trace.hints).toMatchObject([{ kind: "cgnat-hop", ttls: [1] }]);
  });
});

describe("isHopLine", () => {
  test.for([
    [" 1  10.0.0.1  0.5 ms", true],
    ["5 * 10.118.100.6 (10.118.100.6) 19.869 ms", true],
    ["  1   10.72.2.1 (gw.example)  0.003ms  0.001ms", true],
    [" 2  * * *", false],
    ["  1    <1 ms    <1 ms    <1 ms  192.168.111.254", false],
    [" 1:  10.72.2.1   0.056ms", false],
    ["64 bytes from 10.0.0.1: icmp_seq=1 ttl=64 time=0.5 ms", false],
    ["2 10.0.0.1 and some words", false],
    ["", false],
  ] as const)("%s", ([text, is]) => {
    expect(isHopLine(text)).toBe(is);
  });
});
