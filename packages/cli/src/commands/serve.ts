import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Language, type Problem, parseIp } from "@seenas/core";
import { listFiles } from "../files/list.ts";
import { languageOf } from "../language.ts";
import { print, tellProblems } from "../output.ts";
import { pageIn } from "../serve/page.ts";
import * as problem from "../serve/problems.ts";
import { isLoopback, type Served, type ServeOptions, serve } from "../serve/server.ts";
import { type Parsed, parse, SERVE_OPTIONS } from "./options.ts";
import { serveUsage } from "./serve-usage.ts";
import { badUsage } from "./usage-problems.ts";

type Values = Extract<Parsed<typeof SERVE_OPTIONS>, { kind: "ok" }>["values"];

const ADDRESS = "127.0.0.1";
const PORT = 8477;
const UPLOAD_LIMIT = "8G";

/** `seenas serve`: the page on this machine, until Ctrl-C. */
export async function run(argv: readonly string[]): Promise<number> {
  const language = languageOf(argv);
  const parsed = parse(argv, SERVE_OPTIONS);
  if (parsed.kind === "wrong") return refuse([badUsage(parsed.message, parsed.option)], language);
  const { values, words } = parsed;
  if (values.help === true) {
    await print(serveUsage(language));
    return 0;
  }
  if (words.length > 0) return refuse([badUsage(`unexpected ${JSON.stringify(words[0])}`)], language);
  const wanted = wantedOf(values, language);
  if (wanted.kind === "refused") return refuse(wanted.problems, language);
  const served = await start(wanted.options, values.listen === undefined);
  if (!("link" in served)) return refuse([served], language);
  const stopped = nextSignal();
  await print(`${served.link}\n`);
  if (values.quiet !== true) process.stderr.write(welcome(wanted.options, language));
  if (values.open === true) openBrowser(served.link);
  await stopped;
  await served.close();
  return 0;
}

type Wanted =
  | { readonly kind: "wanted"; readonly options: ServeOptions }
  | { readonly kind: "refused"; readonly problems: readonly Problem[] };

function wantedOf(values: Values, language: Language): Wanted {
  const { config = [], evidence = [], store, host: hosts = [] } = values;
  const place = placeOf(values.listen ?? `${ADDRESS}:${PORT}`);
  const uploadBytes = bytesOf(values["upload-limit"] ?? UPLOAD_LIMIT);
  const page = pageIn([join(import.meta.dirname, "page"), join(import.meta.dirname, "../../dist/page")]);
  const isRemote = store?.includes("://") === true;
  const paths = [...config, ...evidence, ...(store === undefined || isRemote ? [] : [store])];
  const problems = paths.filter((path) => !existsSync(path)).map(problem.noSuchPath);
  if (place === undefined) problems.push(problem.wrongListen(values.listen ?? ""));
  if (uploadBytes === undefined) problems.push(problem.wrongSize(values["upload-limit"] ?? ""));
  problems.push(...hosts.filter((name) => !isHostName(name)).map(problem.wrongHost));
  if (page === null) problems.push(problem.noPage());
  else if (page.thread === null && config.length + evidence.length > 0) problems.push(problem.pageAlone());
  if (problems.length > 0 || place === undefined || uploadBytes === undefined || page === null)
    return { kind: "refused", problems };
  const listed = listFiles([...config, ...evidence]);
  const next = { en: "That link was used. The next one:", zh: "该链接已用过。新的链接：" };
  return {
    kind: "wanted",
    options: {
      ...place,
      hosts,
      page,
      given: listed.value.flatMap((file) =>
        file.kind === "file" ? [{ name: file.name, side: "now" as const, path: resolve(file.name) }] : [],
      ),
      // The commands run elsewhere.
      store: store === undefined || isRemote ? (store ?? null) : resolve(store),
      uploadBytes,
      program: process.argv[1] ?? "",
      mayCollect: isLoopback(place.address),
      onNewLink: (link) => void process.stderr.write(`${next[language]}\n${link}\n`),
    },
  };
}

/** The usual port may be taken by another of its kind: any other does. One that was asked for is meant. */
async function start(options: ServeOptions, mayMove: boolean): Promise<Served | Problem> {
  try {
    return await serve(options);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (code === "EADDRINUSE" && mayMove) return start({ ...options, port: 0 }, false);
    if (["EADDRINUSE", "EACCES", "EADDRNOTAVAIL"].includes(code))
      return problem.cannotListen(`${options.address}:${options.port}`, code);
    throw error;
  }
}

function placeOf(text: string): { readonly address: string; readonly port: number } | undefined {
  const found = /^(?:\[(?<six>[^\]]+)\]|(?<four>[^:]+))(?::(?<port>\d{1,5}))?$/.exec(text);
  const address = parseIp(found?.groups?.["six"] ?? found?.groups?.["four"] ?? text);
  const port = Number(found?.groups?.["port"] ?? PORT);
  return address === undefined || port > 65_535 ? undefined : { address, port };
}

const SIZES: Readonly<Record<string, number>> = { "": 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12 };

function bytesOf(text: string): number | undefined {
  const found = /^(?<count>\d{1,6})(?<unit>[KMGT]?)$/i.exec(text);
  const unit = SIZES[found?.groups?.["unit"]?.toUpperCase() ?? "?"];
  return unit === undefined ? undefined : Number(found?.groups?.["count"]) * unit;
}

const isHostName = (name: string): boolean => /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?$/.test(name);

const nextSignal = (): Promise<void> =>
  new Promise((done) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => done());
  });

function openBrowser(link: string): void {
  const [command = "", ...words] = { darwin: ["open"], win32: ["cmd", "/c", "start", ""] }[
    process.platform as string
  ] ?? ["xdg-open"];
  const child = spawn(command, [...words, link], { stdio: "ignore", detached: true });
  // No browser here: the link stands on the terminal.
  child.once("error", () => {});
  child.unref();
}

function welcome({ address }: ServeOptions, language: Language): string {
  const words = {
    en: "Open that link in a browser: it lets one in, once. Ctrl-C ends the server.\n",
    zh: "请在浏览器中打开上面的链接：只能进入一次。按 Ctrl-C 结束服务。\n",
  };
  const warning = {
    en: "Others can reach this address. What they and you see crosses the network in the clear.\n",
    zh: "其他机器可以访问该地址，页面内容以明文经过网络。\n",
  };
  return words[language] + (isLoopback(address) ? "" : warning[language]);
}

async function refuse(problems: readonly Problem[], language: Language): Promise<number> {
  await tellProblems(problems, {}, language);
  return 2;
}
