import { createSocket } from "node:dgram";
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { bytesOfMark, type Ip, type Mark, markName, parseProbeFile, type Target } from "@seenas/core";
import { afterEach, describe, expect, test } from "vitest";
import { selfSigned } from "../witness/certificate.ts";
import { attempt } from "./attempt.ts";
import { type Hello, helloFor } from "./hello.ts";
import { MOST_BYTES, type Wanted } from "./outcome.ts";
import { poolText, probeJson, triedText } from "./report.ts";
import { type Plan, poolsOf, runPlan, type Tried, tries } from "./run.ts";

const MARK = "0123456789abcdef01234567" as Mark;
const HERE = "127.0.0.1" as Ip;

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A server of these manners on a free port. */
async function serve(manners: (socket: Socket) => void, tls = false): Promise<number> {
  const listener = (socket: Socket): void => {
    socket.on("error", () => socket.destroy());
    manners(socket);
  };
  const server = tls ? createTlsServer(selfSigned("other.example", Date.now()), listener) : createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, HERE, resolve));
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

const say = (hello: Hello, port: number, more: Partial<Wanted> = {}) =>
  attempt({ hello, mark: MARK, to: { address: HERE, port }, name: null, source: null, timeoutMs: 1500, ...more });

/** Collects what a client said. */
function mailServer(heard: string[], greeting = "220 mx ESMTP\r\n") {
  return (socket: Socket): void => {
    socket.write(greeting);
    socket.on("data", (bytes) => {
      heard.push(String(bytes));
      if (String(bytes).startsWith("EHLO")) socket.write(`250-mx Hello [203.0.113.7]\r\n250 SIZE\r\n`);
      else socket.end("221 bye\r\n");
    });
  };
}

describe("one hello and never more", () => {
  test("SMTP: EHLO with the mark, then QUIT", async () => {
    const heard: string[] = [];
    const tried = await say("smtp", await serve(mailServer(heard)));
    expect(heard).toEqual([`EHLO ${markName(MARK)}\r\n`, "QUIT\r\n"]);
    expect(tried.result).toBe("answered");
    expect(tried.transcript).toContain(`> EHLO ${markName(MARK)}\n< 250-mx Hello [203.0.113.7]\n`);
    expect(tried.local?.address).toBe(HERE);
  });
  test("SMTP that refuses at once: QUIT and no hello", async () => {
    const heard: string[] = [];
    const tried = await say("smtp", await serve(mailServer(heard, "554 go away\r\n")));
    expect(heard).toEqual(["QUIT\r\n"]);
    expect(tried.transcript).toContain("< 554 go away");
  });
  test("HTTP: one request with header and path", async () => {
    let heard = "";
    const port = await serve((socket) =>
      socket.on("data", (bytes) => {
        heard += bytes;
        socket.end("HTTP/1.1 404 Not Found\r\n\r\n");
      }),
    );
    expect((await say("http", port)).result).toBe("answered");
    expect(heard).toMatch(
      new RegExp(`^GET /seenas-${MARK} HTTP/1.1\r\n[^]*X-Seenas-Mark: seenas-${MARK}\r\n[^]*\r\n\r\n$`),
    );
  });
  test("TLS: the server name; the certificate that does not match is told, and trusted by nobody", async () => {
    let servername: unknown;
    const port = await serve((socket) => {
      servername = "servername" in socket ? socket.servername : null;
    }, true);
    const tried = await say("tls", port, { name: "mail.partner.example", timeoutMs: 4000 });
    expect(servername).toBe(markName(MARK));
    expect(tried.result).toBe("answered");
    expect(tried.certificate).toMatchObject({
      names: "DNS:other.example",
      wrong: expect.stringContaining("mail.partner.example"),
    });
  });
  test("TLS to what speaks none", async () => {
    const port = await serve((socket) => socket.end("220 no\r\n"));
    expect((await say("tls", port)).result).toBe("no-tls");
  });
  test("UDP: one datagram; STUN with the mark as its transaction", async () => {
    const heard: Buffer[] = [];
    const server = createSocket("udp4");
    await new Promise<void>((resolve) => server.bind(0, HERE, resolve));
    server.on("message", (bytes) => heard.push(bytes));
    expect((await say("udp", server.address().port, { timeoutMs: 400 })).result).toBe("silent");
    expect((await say("stun", server.address().port, { timeoutMs: 400 })).result).toBe("silent");
    server.close();
    expect(heard).toHaveLength(2);
    expect(heard[0]?.toString()).toContain(`seenas-${MARK}`);
    expect(heard[1]?.subarray(8, 20)).toEqual(Buffer.from(bytesOfMark(MARK)));
  });
});

describe("a destination that behaves badly", () => {
  const LARGE = Buffer.alloc(1 << 20, "x");
  test("ten megabytes: read to the limit, and no further", async () => {
    let sent = 0;
    const port = await serve((socket) => {
      const more = (): void => {
        while (sent < 10 && !socket.destroyed && socket.write(LARGE)) sent += 1;
        socket.once("drain", more);
      };
      more();
    });
    const tried = await say("tcp", port, { timeoutMs: 5000 });
    expect(tried.result).toBe("too-long");
    expect(tried.heard.length).toBeLessThanOrEqual(MOST_BYTES);
    expect(tried.transcript.length).toBeLessThan(MOST_BYTES * 2);
  });
  test("never", async () => {
    expect((await say("smtp", await serve(() => {}))).result).toBe("silent");
    expect((await say("http", await serve(() => {}))).result).toBe("silent");
  });
  test("one byte now and then", async () => {
    const port = await serve((socket) => {
      const timer = setInterval(() => socket.write("2"), 100);
      socket.on("close", () => clearInterval(timer));
    });
    const tried = await say("smtp", port);
    expect(tried.result).toBe("slow");
  });
  test("hangs up, resets, refuses, and a source that is not here", async () => {
    expect((await say("smtp", await serve((socket) => socket.end()))).result).toBe("closed");
    expect(["reset", "closed"]).toContain((await say("tcp", await serve((socket) => socket.resetAndDestroy()))).result);
    const port = await serve(() => {});
    servers.pop()?.close();
    expect((await say("tcp", port)).result).toBe("refused");
    expect((await say("tcp", port, { source: "192.0.2.99" as Ip })).result).toBe("no-such-source");
    expect((await say("udp", port, { source: "192.0.2.99" as Ip })).result).toBe("no-such-source");
  });
  test("control characters do not reach the file", async () => {
    const port = await serve((socket) => socket.end("220 \u001b[31mred\u0007\r\n"));
    const { transcript } = await say("tcp", port);
    expect(transcript).toContain("< 220 ?[31mred?\n");
  });
});

test("what a port is for", () => {
  const to = (port: number, protocol: "tcp" | "udp"): Target => ({ address: HERE, name: null, port, protocol });
  expect([25, 443, 80, 5432].map((port) => helloFor(to(port, "tcp")))).toEqual(["smtp", "tls", "http", "tcp"]);
  expect([3478, 53].map((port) => helloFor(to(port, "udp")))).toEqual(["stun", "udp"]);
});

describe("a plan", () => {
  test("from each source, again and again; its file is read back, and the pool is told with its model", async () => {
    let calls = 0;
    const port = await serve((socket) => {
      calls += 1;
      const source = `203.0.113.${7 + (calls % 2)}`;
      socket.write("220 mx ESMTP\r\n");
      socket.on("data", (bytes) =>
        String(bytes).startsWith("EHLO") ? socket.write(`250 mx Hello [${source}]\r\n`) : socket.end("221 bye\r\n"),
      );
    });
    const plan: Plan = {
      ...{ hello: "smtp", to: [{ address: HERE, port }], name: null, sources: [null, HERE, "::1" as Ip] },
      ...{ repeat: 4, perSecond: 20, timeoutMs: 3000, witness: null },
    };
    expect(tries(plan)).toBe(8);
    const told: Tried[] = [];
    const all = await runPlan(plan, async (tried) => void told.push(tried));
    expect(told).toEqual(all);
    expect(new Set(all.map(({ mark }) => mark)).size).toBe(8);
    const [pool] = poolsOf(all);
    expect(pool).toMatchObject({ connections: 8, seen: [{ count: 4 }, { count: 4 }] });
    expect(poolText(pool ?? ({} as never), "en")).toContain("at most 11.7%");
    const file = parseProbeFile(JSON.parse(JSON.stringify(probeJson(plan, port, all, "en"))));
    expect(file?.damaged).toBe(0);
    expect(file?.tries.map(({ bound }) => bound)).toEqual([false, true, false, true, false, true, false, true]);
    for (const language of ["en", "zh"] as const)
      expect(triedText(all[0] ?? ({} as never), plan, language)).toContain("203.0.113.");
  });
});
