import { readFileSync } from "node:fs";
import { join } from "node:path";
import { carried } from "../carried.ts";

/** The page as it is served: its text and the policy that the browser holds it to. */
export interface Page {
  readonly html: string;
  readonly policy: string;
}

const POLICY_TAG = /<meta http-equiv="Content-Security-Policy" content="([^"]*)"\s*\/?>/;

/**
 * The same file that opens without a server. Its own policy forbids every connection; here it may ask this server, and
 * nobody else. The policy moves to a header, where it can also forbid being framed.
 *
 * @returns null: the page is not beside the program.
 */
export function pageIn(folders: readonly string[]): Page | null {
  const html =
    carried("page/seenas.html") ??
    folders.map((folder) => readOrNull(join(folder, "seenas.html"))).find((text) => text !== null);
  const own = html === undefined ? undefined : POLICY_TAG.exec(html)?.[1];
  if (html === undefined || own === undefined) return null;
  return { html: html.replace(POLICY_TAG, '<meta name="seenas-backend" content="/api">'), policy: withServer(own) };
}

function withServer(own: string): string {
  const kept = own
    .replaceAll("&#39;", "'")
    .split(";")
    .map((directive) => directive.trim())
    .filter((directive) => directive !== "" && !/^(?:connect-src|frame-ancestors)\b/.test(directive));
  return [...kept, "connect-src 'self' blob:", "frame-ancestors 'none'"].join("; ");
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
