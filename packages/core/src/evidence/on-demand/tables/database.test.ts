import { describe, expect, test } from "vitest";
import type { VantageHint } from "../../observation.ts";
import { readAnyEvidence } from "../../read.ts";

const read = async (text: string, vantage: VantageHint | null = null) => {
  const { kind, observations } = await readAnyEvidence(text, "a.txt", { vantage });
  return { kind, seen: observations.map(({ seen, claimed, strength }) => [seen.source?.text, claimed, strength]) };
};

const SEEN = "destination-observed";

describe("Oracle", () => {
  const listener =
    "22-NOV-2026 01:10:01 * (CONNECT_DATA=(SERVICE_NAME=orcl)(CID=(PROGRAM=sqlplus)(HOST=10.72.2.222)(USER=app))) * (ADDRESS=(PROTOCOL=tcp)(HOST=203.0.113.11)(PORT=53816)) * establish * orcl * 0";
  test("the listener's log: the address is its peer, CID what the client says", async () =>
    expect(await read(listener)).toEqual({ kind: "database", seen: [["203.0.113.11", "10.72.2.222", SEEN]] }));
  test("sys_context, as sqlplus prints it", async () =>
    expect(
      await read(
        "SQL> SELECT SYS_CONTEXT('USERENV','IP_ADDRESS') FROM dual;\n\nSYS_CONTEXT('USERENV','IP_ADDRESS')\n-----------------------------------\n203.0.113.11\n",
      ),
    ).toEqual({ kind: "database", seen: [["203.0.113.11", null, SEEN]] }));
  test("cut short", async () => expect((await read(listener.slice(0, 140))).seen).toEqual([]));
});

describe("a bare value", () => {
  test("behind psql is the database's word", async () =>
    expect(await read("$ psql -Atc 'select inet_client_addr()' -h db.example\n203.0.113.11\n")).toEqual({
      kind: "database",
      seen: [["203.0.113.11", null, SEEN]],
    }));
  test("without any command is an echo that proves little", async () =>
    expect(await read("203.0.113.11\n")).toEqual({
      kind: "http-echo",
      seen: [["203.0.113.11", null, "third-party-observed"]],
    }));
  test("is the destination's by the user's word", async () =>
    expect((await read("203.0.113.11\n", "destination")).seen).toEqual([["203.0.113.11", null, SEEN]]));
});

test("an ICMPv6 error with a bad checksum quotes the packet all the same", async () => {
  const { kind, seen } = await read(
    "01:40:26.100000 IP6 2001:db8:1::1 > 2001:db8:72::222: [bad icmp6 cksum 0x1c2d -> 0x55aa!] ICMP6, echo request, id 7, seq 1, length 64\n",
    "destination",
  );
  expect([kind, seen]).toEqual(["tcpdump", [["2001:db8:1::1", null, SEEN]]]);
});
