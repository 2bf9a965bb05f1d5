import { spawn, spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import {
  bytesOfMark,
  type Cidr,
  isGenuine,
  type Mark,
  markName,
  markWord,
  type Problem,
  parseSighting,
  type Receipt,
  readStunAnswer,
  receiptsIn,
  type Sighting,
  stunRequest,
} from "@seenas/core";
import fc from "fast-check";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { Admissions, DatagramRate } from "./admissions.ts";
import { CRYPTO } from "./crypto.ts";
import { identityAt } from "./identity-file.ts";
import { MANNERS } from "./manners.ts";
import { parsePlace } from "./places.ts";
import { SafeFile } from "./safe-file.ts";
import { openWitness, type Wanted, type Witness } from "./serve.ts";
import { checkReceipts } from "./verify.ts";

const MARK = "0123456789abcdef01234567" as Mark;
const root = mkdtempSync(join(tmpdir(), "seenas-witness-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let count = 0;
const open: Witness[] = [];
afterEach(async () => {
  for (const witness of open.splice(0)) await witness.stop();
});

interface Started {
  readonly portOf: (kind: string) => number;
  readonly log: string;
  readonly told: Problem[];
  readonly witness: Witness;
}

async function start(places: readonly string[], more: Partial<Wanted> = {}): Promise<Started> {
  count += 1;
  const told: Problem[] = [];
  const identity = identityAt(join(root, "identity"));
  if ("level" in identity) throw new Error(identity.text.en);
  const wanted: Wanted = {
    places: places.flatMap((text) => parsePlace(text) ?? []),
    identity,
    logPath: join(root, `${count}.jsonl`),
    limits: { connections: 100, perSource: 50, patienceMs: 5000 },
    proxies: [],
    certificate: null,
    tell: (problem) => told.push(problem),
    ...more,
  };
  const witness = await openWitness(wanted);
  if (!("listening" in witness)) throw new Error(witness[0]?.text.en);
  open.push(witness);
  const portOf = (kind: string): number => witness.listening.find((one) => one.kind === kind)?.at.port ?? 0;
  return { portOf, log: wanted.logPath, told, witness };
}

const logged = (file: string): readonly (Sighting | null)[] =>
  readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => parseSighting(JSON.parse(line)));

/** Says all of it at once and waits until the other side hangs up. */
async function call(port: number, said: string | Uint8Array, ends = false): Promise<string> {
  const socket = connect({ port, host: "127.0.0.1" });
  let heard = "";
  socket.on("data", (bytes) => {
    heard += bytes.toString("latin1");
  });
  socket.on("error", () => {});
  if (ends) socket.end(said);
  else socket.write(said);
  await new Promise((resolve) => socket.once("close", resolve));
  return heard;
}

const soundIn = (heard: string): Receipt | undefined => receiptsIn(heard).find((one) => isGenuine(one, CRYPTO));

describe("each caller is told what was seen, and it is in the log", () => {
  test.each([
    ["tcp", `${markWord(MARK)}\r\n`],
    [
      "http",
      `GET /${markWord(MARK)} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 8.8.8.8\r\nForwarded: for=8.8.8.8\r\n\r\n`,
    ],
    ["smtp", `EHLO ${markName(MARK)}\r\nQUIT\r\n`],
  ])("%s", async (kind, said) => {
    const { portOf, log } = await start([`${kind}:127.0.0.1:0`]);
    const heard = await call(portOf(kind), said);
    const receipt = soundIn(heard);
    expect(receipt).toMatchObject({
      number: 1,
      listener: kind,
      mark: MARK,
      source: { address: "127.0.0.1" },
      via: null,
    });
    expect(heard).toContain("127.0.0.1");
    expect(heard).not.toContain("8.8.8.8");
    const { key, path, signature, body, ...seen } = receipt ?? ({} as Receipt);
    expect(logged(log)).toEqual([seen]);
    expect(statSync(log).mode & 0o077).toBe(0);
  });

  test("tls: the server name carries the mark", async () => {
    const { portOf, log } = await start(["tls:127.0.0.1:0"]);
    const options = { port: portOf("tls"), host: "127.0.0.1", servername: markName(MARK), rejectUnauthorized: false };
    const socket = connectTls(options);
    let heard = "";
    socket.on("data", (bytes) => {
      heard += bytes.toString();
    });
    await once(socket, "close");
    expect(soundIn(heard)).toMatchObject({ mark: MARK, listener: "tls" });
    expect(logged(log)).toMatchObject([{ mark: MARK }]);
    expect(await call(portOf("tls"), "GET / HTTP/1.1\r\n\r\n")).toBe("");
  });

  test.each(["udp", "stun"] as const)("%s: never answered with more than came", async (kind) => {
    const { portOf, log } = await start([`${kind}:127.0.0.1:0`]);
    const socket = createSocket("udp4");
    const ask = async (bytes: Uint8Array): Promise<Buffer> => {
      socket.send(bytes, portOf(kind), "127.0.0.1");
      const [answer] = await once(socket, "message");
      expect(answer.length).toBeLessThanOrEqual(Math.max(bytes.length, kind === "stun" ? 40 : 0));
      return answer;
    };
    const long = kind === "udp" ? Buffer.from(markWord(MARK).padEnd(700)) : stunRequest(bytesOfMark(MARK), 700);
    const answer = await ask(long);
    const told = kind === "udp" ? answer.toString() : (readStunAnswer(answer)?.software ?? "");
    expect(soundIn(told)).toMatchObject({ mark: MARK, protocol: "udp", source: { port: socket.address().port } });
    const short = await ask(kind === "udp" ? Buffer.from("x".repeat(60)) : stunRequest(bytesOfMark(MARK), 0));
    expect(soundIn(short.toString())).toBeUndefined();
    socket.close();
    expect(logged(log)).toHaveLength(2);
  });

  test("a caller that says nothing, half closes, or drips, is served as well", async () => {
    const { portOf } = await start(["tcp:127.0.0.1:0"]);
    expect(await call(portOf("tcp"), "")).toContain("you come from 127.0.0.1:");
    expect(await call(portOf("tcp"), markWord(MARK), true)).toContain(MARK);
  });
});

describe("the PROXY protocol", () => {
  const header = "PROXY TCP4 203.0.113.7 198.51.100.25 43210 25\r\n";
  test("of a peer that was named", async () => {
    const { portOf, log } = await start(["smtp:127.0.0.1:0"], { proxies: ["127.0.0.0/8" as Cidr] });
    const heard = await call(portOf("smtp"), `${header}EHLO ${markName(MARK)}\r\nQUIT\r\n`);
    expect(heard).toContain("[203.0.113.7]");
    expect(logged(log)).toMatchObject([{ source: { address: "203.0.113.7", port: 43_210 }, via: "127.0.0.1" }]);
    expect(await call(portOf("smtp"), "EHLO x\r\n")).toContain("no PROXY header");
  });
  test("of anybody else: not believed", async () => {
    const { portOf, log } = await start(["tcp:127.0.0.1:0"], { proxies: ["10.0.0.0/8" as Cidr] });
    expect(await call(portOf("tcp"), header)).toContain("you come from 127.0.0.1:");
    expect(logged(log)).toMatchObject([{ source: { address: "127.0.0.1" }, via: null }]);
  });
});

describe("limits", () => {
  test("of one source, of all, and of time; others are served meanwhile", async () => {
    const { portOf } = await start(["smtp:127.0.0.1:0"], {
      limits: { connections: 5, perSource: 3, patienceMs: 1500 },
    });
    const idle = Array.from({ length: 3 }, () => connect({ port: portOf("smtp"), host: "127.0.0.1" }));
    await Promise.all(idle.map((socket) => once(socket, "data")));
    expect(await call(portOf("smtp"), "")).toMatch(/^421 .*your address/);
    const other = connect({ port: portOf("smtp"), host: "127.0.0.1", localAddress: "127.0.0.2" });
    expect(String((await once(other, "data"))[0])).toContain("220 ");
    other.destroy();
    // Their time ends, whatever they do.
    for (const socket of idle) socket.on("error", () => {});
    const drip = setInterval(() => idle[0]?.write("x"), 100);
    await Promise.all(idle.map((socket) => once(socket, "close")));
    clearInterval(drip);
    expect(await call(portOf("smtp"), "QUIT\r\n")).toContain("221 ");
  });
  test("the same /64 of IPv6 is one source", () => {
    const admissions = new Admissions({ connections: 10, perSource: 1, patienceMs: 1 });
    expect(admissions.enter("2001:db8::1" as never)).toBe("entered");
    expect(admissions.enter("2001:db8:0:0:ffff::1" as never)).toBe("too-many-of-this-source");
    expect(admissions.enter("2001:db8:0:1::1" as never)).toBe("entered");
    admissions.leave("2001:db8::2" as never);
    expect(admissions.enter("2001:db8::3" as never)).toBe("entered");
  });
  test("datagrams: some at once, then some a second", () => {
    const rate = new DatagramRate();
    const taken = (now: number): number =>
      Array.from({ length: 500 }, () => rate.take("192.0.2.1" as never, now)).filter(Boolean).length;
    expect(taken(0)).toBe(100);
    expect(taken(1000)).toBe(50);
    expect(rate.take("192.0.2.2" as never, 1000)).toBe(true);
  });
  test("a hello that never ends is hung up on", async () => {
    const { portOf } = await start(["smtp:127.0.0.1:0", "http:127.0.0.1:0"]);
    expect(await call(portOf("smtp"), "x".repeat(5000))).toContain("421 ");
    expect(await call(portOf("http"), `GET / HTTP/1.1\r\nX: ${"x".repeat(20_000)}`)).toContain("400 ");
  });
  test("any bytes: every kind looks, and never asks for more than it takes", () =>
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.constantFrom("tcp", "smtp", "http", "tls"),
        fc.boolean(),
        (bytes, kind, isAll) => {
          const look = MANNERS[kind].look(Buffer.from(bytes), isAll);
          if (look.kind !== "more") expect(look.used).toBeLessThanOrEqual(bytes.length);
        },
      ),
    ));
});

describe("a file that says when its lines are safe", () => {
  test.each([
    ["quick", 60_000],
    ["slow", 0],
  ])("on a disk that is %s", async (_, slowMs) => {
    const path = join(root, `safe-${slowMs}`);
    writeFileSync(path, "before\n");
    const file = new SafeFile(openSync(path, "a"), slowMs);
    const append = (lines: string): Promise<string | null> => new Promise((done) => file.append(lines, done));
    expect([await append("one\ntwo\n"), await append("three\n")]).toEqual([null, null]);
    expect(readFileSync(path, "utf8")).toBe("before\none\ntwo\nthree\n");
    file.close();
  });
  test("what cannot be written is a reason, and nothing of it stays", async () => {
    const path = join(root, "unsafe");
    writeFileSync(path, "before\n");
    const file = new SafeFile(openSync(path, "r"));
    expect(await new Promise((done) => file.append("one\n", done))).toBe("EBADF");
    expect(readFileSync(path, "utf8")).toBe("before\n");
    file.close();
  });
});

describe("receipts, looked at again", () => {
  test("changed, replayed, of another, not in the log, sound", async () => {
    const { portOf, log } = await start(["tcp:127.0.0.1:0"]);
    const receipt = soundIn(await call(portOf("tcp"), `${markWord(MARK)}\n`));
    const line = `${receipt?.body} path=- sig=${receipt?.signature}`;
    const key = receipt?.key ?? "";
    const probe = (...marks: readonly string[]): string =>
      JSON.stringify({
        ...{ schema: "seenas/probe@1", to: { name: null, port: 1, protocol: "tcp" } },
        tries: marks.map((mark) => ({ mark, bound: false, receipt: { line } })),
      });
    const judged = (text: string, witness: string | null = key, against: string | null = null): readonly string[] => {
      const lines = logged(against ?? log).flatMap((seen) =>
        seen === null ? [] : [[seen.number, { mark: seen.mark, source: seen.source.address }] as const],
      );
      return checkReceipts([{ name: "f", text }], {
        crypto: CRYPTO,
        witness,
        log: against === null ? null : new Map(lines),
      }).map(({ judgement }) => judgement);
    };
    expect(judged(probe(MARK))).toEqual(["sound"]);
    expect(judged(`250 ${line}\r\n`, null)).toEqual(["sound"]);
    expect(judged(line.replace("127.0.0.1", "127.0.0.3"))).toEqual(["changed"]);
    expect(judged(probe("ffffffffffffffffffffffff"))).toEqual(["replayed"]);
    expect(judged(probe(MARK, MARK))).toEqual(["sound", "replayed"]);
    expect(judged(line, "A".repeat(43))).toEqual(["other-witness"]);
    expect(judged(line, key, log)).toEqual(["sound"]);
    const foreign = join(root, "foreign.jsonl");
    writeFileSync(foreign, readFileSync(log, "utf8").replace('"source":"127.0.0.1"', '"source":"127.0.0.9"'));
    expect(judged(line, key, foreign)).toEqual(["not-in-log"]);
    expect(judged("nothing")).toEqual([]);
  });
});

const seenas = join(import.meta.dirname, "../../bin/seenas.js");

async function command(folder: string, ...words: readonly string[]) {
  const child = spawn(process.execPath, [seenas, "witness", ...words, "--json"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [first] = await once(child.stdout, "data");
  const { listeners }: { listeners: { as: string; port: number }[] } = JSON.parse(String(first));
  return { child, port: listeners[0]?.port ?? 0 };
}

describe("the command", () => {
  test("a capture of the destination: the same lines, with the marks in it", async () => {
    const folder = mkdtempSync(join(root, "capture-"));
    const packet = (flags: number, sequence: number, data: string): Buffer => {
      const tcp = Buffer.alloc(20);
      tcp.writeUInt16BE(53_211, 0);
      tcp.writeUInt16BE(25, 2);
      tcp.writeUInt32BE(sequence, 4);
      tcp.writeUInt16BE(0x5000 | flags, 12);
      const ip = Buffer.from("45000000000000004006000000000000000000", "hex");
      const whole = Buffer.concat([ip, Buffer.alloc(20 - ip.length), tcp, Buffer.from(data)]);
      whole.writeUInt16BE(whole.length, 2);
      whole.set([203, 0, 113, 7, 198, 51, 100, 25], 12);
      const head = Buffer.alloc(16);
      head.writeUInt32LE(1_795_339_610, 0);
      head.writeUInt32LE(whole.length, 8);
      head.writeUInt32LE(whole.length, 12);
      return Buffer.concat([head, whole]);
    };
    // https://www.tcpdump.org/manpages/pcap-savefile.5.html: raw IP (101), microseconds
    const start = Buffer.from("d4c3b2a1020004000000000000000000ffff000065000000", "hex");
    const capture = Buffer.concat([start, packet(2, 1, ""), packet(24, 2, `EHLO ${markName(MARK)}\r\n`)]);
    writeFileSync(join(folder, "c.pcap"), capture);
    const ran = spawnSync(process.execPath, [seenas, "witness", "--pcap", "c.pcap"], { cwd: folder, encoding: "utf8" });
    expect([ran.status, ran.stderr]).toEqual([0, ""]);
    expect(logged(join(folder, "seenas-witness.jsonl"))).toMatchObject([
      { source: { address: "203.0.113.7", port: 53_211 }, local: { address: "198.51.100.25", port: 25 }, mark: MARK },
    ]);
  });

  test("a port in use: 2, and which", async () => {
    const { portOf } = await start(["tcp:127.0.0.1:0"]);
    const folder = mkdtempSync(join(root, "in-use-"));
    const ran = spawnSync(process.execPath, [seenas, "witness", "--listen", `smtp:127.0.0.1:${portOf("tcp")}`], {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C" },
    });
    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain(`smtp:127.0.0.1:${portOf("tcp")}: another program listens there`);
  });
  test.each([
    [["--listen", "gopher:70"], "tcp, smtp, http, tls, udp, stun"],
    [[], "--listen"],
    [["--listen", "tcp:0", "--proxy-from", "10.0.0.1/8"], "--proxy-from"],
    [["--listen", "tcp:0", "--patience", "0"], "--patience"],
    [["--listen", "tls:0", "--cert", "/nonexistent"], "--cert"],
    [["--listen", "tcp:0", "--log", "/dev/null"], "plain file"],
    [["--listen", "tcp:0", "--log", "/nonexistent/log"], "/nonexistent/log"],
    [["verify", "/nonexistent"], "/nonexistent"],
    [["--pcap", seenas], "packet capture"],
  ])("wrong words %j are refused", (words, says) => {
    const folder = mkdtempSync(join(root, "wrong-"));
    const ran = spawnSync(process.execPath, [seenas, "witness", ...words], {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C" },
    });
    expect(ran.stderr).toContain(says);
    expect(ran.status).toBe(2);
  });
  test("a key that others may read is refused", () => {
    const path = join(root, "open");
    writeFileSync(path, "x", { mode: 0o644 });
    expect(identityAt(path)).toMatchObject({ code: "witness/identity-open" });
  });

  test("kill -9 in the middle: whoever was answered is in the log, and numbers go on", {
    timeout: 60_000,
  }, async () => {
    const folder = mkdtempSync(join(root, "kill-"));
    const answered = new Set<number>();
    for (let round = 0; round < 3; round += 1) {
      const { child, port } = await command(folder, "--listen", "tcp:127.0.0.1:0");
      let isOver = false;
      const caller = async (): Promise<void> => {
        while (!isOver) {
          const number = soundIn(await call(port, `${markWord(MARK)}\n`))?.number;
          if (number !== undefined) expect(answered.has(number)).toBe(false);
          if (number !== undefined) answered.add(number);
        }
      };
      const callers = Array.from({ length: 16 }, caller);
      await expect.poll(() => answered.size, { timeout: 15_000 }).toBeGreaterThan(100 * (round + 1));
      child.kill("SIGKILL");
      isOver = true;
      await Promise.all(callers);
      await expect.poll(() => child.signalCode).toBe("SIGKILL");
    }
    const lines = readFileSync(join(folder, "seenas-witness.jsonl"), "utf8").split("\n");
    const numbers = new Set<number>();
    for (const line of lines) {
      const found = /^\{"schema":"seenas\/sighting@1","n":(\d+),.*\}$/.exec(line)?.[1];
      if (found !== undefined) numbers.add(Number(found));
    }
    expect([...answered].filter((number) => !numbers.has(number))).toEqual([]);
  });

  test("SIGTERM: a clean end, with those who wait answered", async () => {
    const folder = mkdtempSync(join(root, "term-"));
    const { child, port } = await command(folder, "--listen", "tcp:127.0.0.1:0");
    const calls = Array.from({ length: 20 }, () => call(port, `${markWord(MARK)}\n`));
    await Promise.race(calls);
    child.kill("SIGTERM");
    await once(child, "close");
    expect(child.exitCode).toBe(0);
    const told = (await Promise.all(calls)).filter((heard) => heard.includes("you come from")).length;
    expect(told).toBeGreaterThan(0);
    expect(logged(join(folder, "seenas-witness.jsonl")).length).toBeGreaterThanOrEqual(told);
  });
});

const canMount = process.getuid?.() === 0 && spawnSync("unshare", ["-m", "true"]).status === 0;

test(`a full disk: said, nothing acknowledged is lost, and it goes on by itself${canMount ? "" : " (skipped: no mount namespace here)"}`, {
  timeout: 60_000,
}, async ({ skip }) => {
  if (!canMount) skip("no mount namespace here");
  const folder = mkdtempSync(join(root, "full-"));
  // A disk of 64 KiB, of which a file takes most until it is removed.
  const script = `mount -t tmpfs -o size=64k tmpfs . && cd '${folder}' && head -c 49152 /dev/zero >ballast && exec "$0" "$@"`;
  const child = spawn(
    "unshare",
    [
      "-m",
      "sh",
      "-c",
      `cd '${folder}' && ${script}`,
      process.execPath,
      seenas,
      "witness",
      "--listen",
      "tcp:127.0.0.1:0",
      "--json",
    ],
    { cwd: folder, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, LC_ALL: "C" } },
  );
  let stderr = "";
  child.stderr.on("data", (bytes) => {
    stderr += String(bytes);
  });
  const [first] = await once(child.stdout, "data");
  const port = JSON.parse(String(first)).listeners[0].port;
  const inside = (words: string): string =>
    spawnSync("nsenter", ["-t", String(child.pid), "-m", "sh", "-c", words], { encoding: "utf8" }).stdout;
  const where = inside(`readlink /proc/${child.pid}/cwd`).trim();
  const numbers: number[] = [];
  let refused = 0;
  for (let at = 0; at < 200 && refused === 0; at += 1) {
    const heard = await call(port, `${markWord(MARK)}\n`);
    const number = soundIn(heard)?.number;
    if (number !== undefined) numbers.push(number);
    else refused += heard.includes("could not be recorded") ? 1 : 0;
  }
  expect(refused).toBe(1);
  expect(numbers.length).toBeGreaterThan(10);
  await expect.poll(() => stderr).toContain("the disk is full");
  inside(`rm '${where}/ballast'`);
  await sleep(1200);
  numbers.push(soundIn(await call(port, `${markWord(MARK)}\n`))?.number ?? 0);
  const lines = inside(`cat '${where}/seenas-witness.jsonl'`).trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line).n)).toEqual(numbers);
  child.kill("SIGTERM");
  await once(child, "close");
  expect(child.exitCode).toBe(1);
});
