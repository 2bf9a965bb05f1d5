import { readdirSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listFiles } from "../src/files/list.ts";
import { pageIn } from "../src/serve/page.ts";
import { type Served, serve } from "../src/serve/server.ts";

const path = (relative: string): string => fileURLToPath(new URL(`../../../${relative}`, import.meta.url));
const example = path("examples/gcp-mail-config-and-evidence");
const LIMIT = 1_000_000;

let served: Served;
let cookie = "";
const newLinks: string[] = [];
const folders = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith("seenas-serve-"));
const before = new Set(folders());

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** A client that sends what it is told, a name and an origin that are not its own, too. */
function ask(method: string, where: string, given: { headers?: object; body?: string | Buffer } = {}): Promise<Answer> {
  const headers = { host: `127.0.0.1:${served.port}`, cookie, ...given.headers };
  return new Promise((resolve, reject) => {
    const sent = request(
      { port: served.port, method, path: where, headers: { ...headers }, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString("utf8"),
          }),
        );
      },
    );
    sent.on("error", reject);
    sent.end(given.body);
  });
}

const own = (): object => ({ origin: `http://127.0.0.1:${served.port}`, "sec-fetch-site": "same-origin" });
const post = (where: string, body: object): Promise<Answer> =>
  ask("POST", where, { headers: own(), body: JSON.stringify(body) });
const put = (name: string, body: string | Buffer): Promise<Answer> =>
  ask("PUT", `/api/files?name=${encodeURIComponent(name)}`, { headers: own(), body });

beforeAll(async () => {
  const page = pageIn([path("packages/cli/dist/page")]);
  if (page === null) throw new Error("build first: npm run build");
  served = await serve({
    address: "127.0.0.1",
    port: 0,
    hosts: ["bastion.corp.example"],
    page,
    given: listFiles([join(example, "export"), join(example, "evidence")]).value.map(({ name }) => ({
      name: relative(example, name),
      side: "now",
      path: name,
    })),
    store: null,
    program: path("packages/cli/bin/seenas.js"),
    uploadBytes: LIMIT,
    mayCollect: false,
    onNewLink: (link) => newLinks.push(link),
  });
});

afterAll(async () => {
  await served.close();
  expect(folders().filter((name) => !before.has(name))).toEqual([]);
});

describe("who comes in", () => {
  test("nobody without a link, and nobody by another name", async () => {
    expect(await ask("GET", "/")).toMatchObject({ status: 401 });
    expect(await ask("GET", "/?token=guessed")).toMatchObject({ status: 401 });
    expect(await ask("GET", "/api/session")).toMatchObject({ status: 401 });
    const elsewhere = { headers: { host: `rebound.example:${served.port}` } };
    expect(await ask("GET", `/${new URL(served.link).search}`, elsewhere)).toMatchObject({ status: 421 });
  });

  test("the link lets one browser in, once; the next one is told at the terminal", async () => {
    const { pathname, search } = new URL(served.link);
    const first = await ask("GET", pathname + search, { headers: { "sec-fetch-site": "none" } });
    expect(first).toMatchObject({ status: 303, headers: { location: "/" } });
    const [set = ""] = first.headers["set-cookie"] ?? [];
    expect(set).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(await ask("GET", pathname + search)).toMatchObject({ status: 401 });
    expect(newLinks).toHaveLength(1);
    cookie = set.split(";")[0] ?? "";
    const page = await ask("GET", "/");
    expect(page).toMatchObject({ status: 200, headers: { "cache-control": "no-store" } });
    const named = { headers: { host: `bastion.corp.example:${served.port}` } };
    expect(await ask("GET", "/", named)).toMatchObject({ status: 200 });
  });

  test.each([
    ["another site", { origin: "https://evil.example", "sec-fetch-site": "cross-site" }],
    ["another port", { origin: "http://127.0.0.1:1", "sec-fetch-site": "same-site" }],
    ["a frame without an origin", { origin: "null" }],
    ["nobody says who", {}],
  ])("a question of %s is refused", async (_, headers) => {
    expect(await ask("POST", "/api/call", { headers, body: '{"method":"start","args":[]}' })).toMatchObject({
      status: 403,
    });
  });

  test("another site may link here, and read nothing", async () => {
    const visit = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" };
    expect(await ask("GET", "/", { headers: visit })).toMatchObject({ status: 200 });
    expect(await ask("GET", "/api/session", { headers: visit })).toMatchObject({ status: 403 });
    const image = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" };
    expect(await ask("GET", "/", { headers: image })).toMatchObject({ status: 403 });
  });
});

/** What a call told at its end. */
async function told(
  method: string,
  ...args: readonly unknown[]
): Promise<{ readonly value?: unknown; readonly message?: string }> {
  const { text } = await post("/api/call", { method, args });
  return JSON.parse(text.trim().split("\n").at(-1) ?? "");
}

describe("questions", () => {
  const question = { from: "l3-proxy", to: "mail.partner.example:25", at: "", vantage: "" };

  test("what the server was started with is there, and answered from", async () => {
    expect(JSON.parse((await ask("GET", "/api/session")).text)).toMatchObject({
      schema: "seenas/session@1",
      collect: [],
    });
    expect((await told("start")).value).toMatchObject({ onlyHost: "l3-proxy" });
    // As examples/gcp-mail-config-and-evidence says.
    expect((await told("ask", question)).value).toMatchObject({
      kind: "verdict",
      verdict: { certainty: "observed", answer: { addresses: ["10.72.2.222"] } },
    });
  });

  test("a file that the page sends is read, and called as the page calls it", async () => {
    const text = "$ nc 198.51.100.25 25\n220 mail.partner.example ESMTP Postfix\n";
    const { id, name } = JSON.parse((await put("at-partner/greeting.txt", text)).text);
    expect(name).toBe("at-partner/greeting.txt");
    const { value } = await told("add", [{ name, side: "now", id }]);
    expect(value).toMatchObject({
      files: expect.arrayContaining([expect.objectContaining({ name, as: "evidence", sizeBytes: text.length })]),
    });
    expect((await told("excerpt", name, 2)).value).toMatchObject({ lines: text.split("\n") });
    expect(await ask("DELETE", `/api/files/${id}`, { headers: own() })).toMatchObject({ status: 204 });
    expect((await told("excerpt", name, 2)).value).toMatchObject({ lines: [], problem: expect.anything() });
    expect((await told("remove", name, "now")).value).not.toMatchObject({
      files: expect.arrayContaining([expect.objectContaining({ name })]),
    });
  });

  test.each([
    ["no JSON", "{", 400],
    ["no method of a session", '{"method":"constructor","args":[]}', 400],
    ["a member that nobody offered", '{"method":"ask","args":[],"path":"/etc/passwd"}', 400],
    ["a path instead of an id", '{"method":"add","args":[[{"name":"x","side":"now","path":"/etc/passwd"}]]}', 400],
    ["an id that was not given", '{"method":"add","args":[[{"name":"x","side":"now","id":"/etc/passwd"}]]}', 404],
    ["an id of an object's own", '{"method":"add","args":[[{"name":"x","side":"now","id":"__proto__"}]]}', 404],
    ["a line end in a name", '{"method":"add","args":[[{"name":"a\\nb","side":"now","id":"file:1"}]]}', 400],
    ["five million letters", JSON.stringify({ method: "senders", args: ["a".repeat(5_000_000)] }), 400],
  ])("refused: %s", async (_, body, status) => {
    expect(await ask("POST", "/api/call", { headers: own(), body })).toMatchObject({ status });
  });

  test("a call with the wrong words fails by itself, and the next one is answered", async () => {
    expect(await told("ask", null)).toMatchObject({ kind: "failed" });
    expect((await told("ask", question)).value).toMatchObject({ kind: "verdict" });
  });

  test("clients of clouds, and a log store, are not asked unless the server was started for it", async () => {
    expect(await post("/api/collect", { provider: "gcp" })).toMatchObject({ status: 403 });
    expect(await post("/api/logs", { question: "seen", what: "203.0.113.7" })).toMatchObject({ status: 404 });
  });
});

describe("files", () => {
  const folder = (): string => join(tmpdir(), folders().find((name) => !before.has(name)) ?? "none");

  test.each([
    ["../../../etc/passwd", "etc/passwd"],
    ["..", "unnamed"],
    ["", "unnamed"],
    ["C:\\Users\\me\\ipconfig.txt", "C_/Users/me/ipconfig.txt"],
    ["--config/x", "x"],
    ["<script>.txt", "_script_.txt"],
    ["导出/实例.json", "导出/实例.json"],
  ])("%s stays inside", async (name, kept) => {
    expect(JSON.parse((await put(name, "x")).text)).toMatchObject({ name: kept, bytes: 1 });
  });

  test("more than all may have is refused, and does not stay", async () => {
    const count = readdirSync(folder()).length;
    expect(await put("large.json", Buffer.alloc(LIMIT + 1))).toMatchObject({ status: 413 });
    expect(readdirSync(folder())).toHaveLength(count);
    expect(await put("small.json", "{}")).toMatchObject({ status: 200 });
  });

  test("one that is cut short does not stay", async () => {
    const count = readdirSync(folder()).length;
    await new Promise<void>((done) => {
      const sent = request({
        port: served.port,
        method: "PUT",
        path: "/api/files?name=cut.json",
        headers: { host: `127.0.0.1:${served.port}`, cookie, ...own(), "content-length": 1000 },
      });
      sent.on("error", () => done());
      sent.write("half", () => setTimeout(() => sent.destroy(new Error("gone")), 100));
    });
    await expect.poll(() => readdirSync(folder()).length).toBe(count);
  });
});

test("the page knows that a server is there, and only its own files are handed out", async () => {
  const { text, headers } = await ask("GET", "/");
  expect(text).toContain('<meta name="seenas-backend" content="/api" />');
  expect(headers["content-security-policy"]).toMatch(
    /^default-src 'none'; .*connect-src 'self'.*; frame-ancestors 'none'$/,
  );
  const script = /src="\.(\/assets\/[^"]+\.js)"/.exec(text)?.[1] ?? "";
  expect(await ask("GET", script)).toMatchObject({
    status: 200,
    headers: { "content-type": "text/javascript; charset=utf-8" },
  });
  expect(await ask("GET", "/../thread/thread.mjs")).toMatchObject({ status: 404 });
  expect(await ask("GET", "/assets/%2e%2e/%2e%2e/thread/thread.mjs")).toMatchObject({ status: 404 });
});
