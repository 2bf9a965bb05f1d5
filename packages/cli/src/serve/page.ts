import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { carried } from "../carried.ts";

/** The page as it is handed out. */
export interface Page {
  /** By path, `/` for the page itself. */
  readonly files: ReadonlyMap<string, Handed>;
  /** What the browser holds it to. */
  readonly policy: string;
  /** What runs for each browser, in a thread; null: everything is computed in the page. */
  readonly thread: string | null;
}

export interface Handed {
  readonly type: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

const POLICY_TAG = /<meta http-equiv="Content-Security-Policy" content="([^"]*)"\s*\/?>/;

/**
 * Read once, so that nothing but these files can be asked for. The page learns that a server is there; its policy stands
 * in a header too, where it can also forbid being framed.
 *
 * @returns null: the page is not beside the program.
 */
export function pageIn(folders: readonly string[]): Page | null {
  const alone = carried("page/seenas.html");
  if (alone !== undefined) return handedAlone(alone);
  for (const folder of folders) {
    const html = readOrNull(join(folder, "site/index.html"))?.toString("utf8");
    const policy = html === undefined ? undefined : POLICY_TAG.exec(html)?.[1];
    if (html === undefined || policy === undefined) continue;
    const site = join(folder, "site");
    const names = readdirSync(site, { recursive: true, encoding: "utf8" }).map((name) => name.replaceAll("\\", "/"));
    const files = names.flatMap((name): (readonly [string, Handed])[] => {
      const type = TYPES[extname(name)];
      const body = type === undefined || name === "index.html" ? null : readOrNull(join(site, name));
      return type === undefined || body === null ? [] : [[`/${name}`, { type, body }]];
    });
    const withServer = html.replace("<head>", '<head>\n    <meta name="seenas-backend" content="/api" />');
    return {
      files: new Map([...files, ["/", { type: TYPES[".html"] ?? "", body: Buffer.from(withServer) }]]),
      policy: `${policy}; frame-ancestors 'none'`,
      thread: join(folder, "thread/thread.mjs"),
    };
  }
  return null;
}

/** The program that is one file has the page that is one file, and nothing to run beside it. */
function handedAlone(html: string): Page | null {
  const policy = POLICY_TAG.exec(html)?.[1];
  if (policy === undefined) return null;
  const files = new Map([["/", { type: TYPES[".html"] ?? "", body: Buffer.from(html) }]]);
  return { files, policy: `${policy}; frame-ancestors 'none'`, thread: null };
}

function readOrNull(path: string): Buffer<ArrayBuffer> | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}
