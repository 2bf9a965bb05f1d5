import { type End, parseIp } from "@seenas/core";
import type { Result } from "./outcome.ts";

/** What came, as `curl -v` marks it. */
export const heardLines = (text: string): readonly string[] =>
  text === ""
    ? []
    : text
        .replace(/\r?\n$/, "")
        .split(/\r?\n/)
        .map((line) => `< ${printable(line)}`);

/** Control characters of a server are nothing for a file that people read. */
const printable = (line: string): string => line.replace(/[^\x20-\x7e\t]/g, "?").slice(0, 4096);

export function endOf(address: string | undefined, port: number | undefined): End | null {
  const ip = parseIp(address ?? "");
  return ip === undefined ? null : { address: ip, port: port ?? 0 };
}

const FAILURES: Readonly<Record<string, Result>> = {
  ...{ ECONNREFUSED: "refused", ECONNRESET: "reset", ETIMEDOUT: "no-connection" },
  ...{ EADDRNOTAVAIL: "no-such-source", EINVAL: "no-such-source" },
};

export const failure = (errno: string): Result => FAILURES[errno] ?? "unreachable";
