import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
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
  served = await serve({
    address: "127.0.0.1",
    port: 0,
    hosts: ["bastion.corp.example"],
    page: { html: "<title>seenas</title>", policy: "default-src 'none'" },
    given: { config: [join(example, "export")], evidence: [join(example, "evidence")], store: null },
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
    expect(page).toMatchObject({ status: 200, text: "<title>seenas</title>" });
    expect(page.headers["content-security-policy"]).toBe("default-src 'none'");
    expect(page.headers["cache-control"]).toBe("no-store");
    const named = { headers: { host: `bastion.corp.example:${served.port}` } };
    expect(await ask("GET", "/", named)).toMatchObject({ status: 200 });
  });

  test.each([
    ["another site", { origin: "https://evil.example", "sec-fetch-site": "cross-site" }],
    ["another port", { origin: "http://127.0.0.1:1", "sec-fetch-site": "same-site" }],
    ["a frame without an origin", { origin: "null" }],
    ["nobody says who", {}],
  ])("a question of %s is refused", async (_, headers) => {
    expect(await ask("POST", "/api/ask", { headers, body: '{"command":"read"}' })).toMatchObject({ status: 403 });
  });

  test("another site may link here, and read nothing", async () => {
    const visit = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" };
    expect(await ask("GET", "/", { headers: visit })).toMatchObject({ status: 200 });
    expect(await ask("GET", "/api/session", { headers: visit })).toMatchObject({ status: 403 });
    const image = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" };
    expect(await ask("GET", "/", { headers: image })).toMatchObject({ status: 403 });
  });
});

describe("questions", () => {
  test("what the server was started with is named, and answered from", async () => {
    const session = JSON.parse((await ask("GET", "/api/session")).text);
    expect(session).toMatchObject({ schema: "seenas/session@1", config: [{ id: "config:0" }], collect: [] });
    const answer = await post("/api/ask", {
      command: "explain",
      from: "l3-proxy",
      to: "mail.partner.example:25",
      config: ["config:0"],
      evidence: ["evidence:0"],
    });
    const { status, output } = JSON.parse(answer.text);
    expect(status).toBe(0);
    // As examples/gcp-mail-config-and-evidence says.
    expect(JSON.parse(output)).toMatchObject({ certainty: "observed", answer: { addresses: ["10.72.2.222"] } });
  });

  test("a file that the page sends is read, and called as the page calls it", async () => {
    const sent = await put(
      "at-partner/greeting.txt",
      "$ nc 198.51.100.25 25\n220 mail.partner.example ESMTP Postfix\n",
    );
    const { id, name } = JSON.parse(sent.text);
    expect(name).toBe("at-partner/greeting.txt");
    const read = JSON.parse((await post("/api/ask", { command: "read", files: [id] })).text);
    expect(JSON.parse(read.output).files[0].file).toMatch(/^\d+\/at-partner\/greeting\.txt$/);
    expect(await ask("DELETE", `/api/files/${id}`, { headers: own() })).toMatchObject({ status: 204 });
    expect(await post("/api/ask", { command: "read", files: [id] })).toMatchObject({ status: 404 });
  });

  test("an estate comes line by line, with an end", async () => {
    const answer = await post("/api/ask", { command: "map", config: ["config:0"] });
    const lines = answer.text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.at(-1)).toMatchObject({ schema: "seenas/end@1", status: 0 });
    expect(lines[0]).toMatchObject({ interface: expect.any(String), class: expect.any(Number) });
  });

  test.each([
    ["no JSON", "{", 400],
    ["another command", '{"command":"lab"}', 400],
    ["a flag that nobody offered", '{"command":"explain","out":"/etc/passwd"}', 400],
    ["a path instead of an id", '{"command":"explain","config":["/etc/passwd"]}', 404],
    ["an id of an object's own", '{"command":"explain","config":["__proto__"]}', 404],
    ["a line end in a name", '{"command":"explain","from":"a\\nb"}', 400],
    ["two million letters", JSON.stringify({ command: "explain", from: "a".repeat(2_000_000) }), 400],
  ])("refused: %s", async (_, body, status) => {
    expect(await ask("POST", "/api/ask", { headers: own(), body })).toMatchObject({ status });
  });

  test("a value that looks like a flag stays a value", async () => {
    const answer = await post("/api/ask", {
      command: "explain",
      config: ["config:0"],
      from: "--help",
      to: "192.0.2.1:25",
    });
    const { status, output } = JSON.parse(answer.text);
    expect(status).toBe(2);
    expect(JSON.parse(output)).toMatchObject({ schema: "seenas/problems@1" });
  });

  test("clients of clouds are not run unless the server was started for it", async () => {
    expect(await post("/api/collect", { provider: "gcp" })).toMatchObject({ status: 403 });
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

test("the policy of the page moves to a header, and lets it ask this server alone", () => {
  const folder = mkdtempSync(join(tmpdir(), "seenas-page-"));
  const policy = "default-src 'none'; script-src 'sha256-x'; connect-src 'none'";
  writeFileSync(join(folder, "seenas.html"), `<meta http-equiv="Content-Security-Policy" content="${policy}"><p>`);
  const page = pageIn([join(folder, "none"), folder]);
  rmSync(folder, { recursive: true });
  expect(page).toEqual({
    html: '<meta name="seenas-backend" content="/api"><p>',
    policy: "default-src 'none'; script-src 'sha256-x'; connect-src 'self' blob:; frame-ancestors 'none'",
  });
});
