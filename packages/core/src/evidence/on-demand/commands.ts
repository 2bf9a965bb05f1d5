import type { Seen } from "../observation.ts";
import { addressIn, portIn } from "./words.ts";

/** The programs that get to hear from a server whom it sees. */
const COMMAND =
  /(?:^|[$#>%] ?)(?:sudo |[A-Z_]{1,40}=\S{1,200} ){0,4}(psql|mysql|mariadb|sqlcmd|redis-cli|ssh) (.{1,400})$/;

const DASH_H = /(?:^|\s)(?:-h ?|--host[ =])["']?([^\s"']{1,255})/;
const PROGRAMS: Readonly<Record<string, { readonly host: readonly RegExp[]; readonly port: RegExp }>> = {
  // https://www.postgresql.org/docs/current/libpq-connect.html
  psql: {
    host: [
      /\bpostgres(?:ql)?:\/\/(?:[^@\s/]{0,200}@)?(\[[^\]\s]{2,60}\]|[^\s:/'"?]{1,255})/,
      DASH_H,
      /(?:^|[\s"'])host(?:addr)?\s?=\s?([^\s"']{1,255})/,
    ],
    port: /(?:^|[\s"'])(?:-p ?|--port[ =]|port\s?=\s?)(\d{1,5})\b|:\/\/[^\s/]{1,400}:(\d{1,5})\b/,
  },
  // https://dev.mysql.com/doc/refman/8.4/en/connection-options.html
  mysql: { host: [DASH_H], port: /(?:^|\s)(?:-P ?|--port[ =])(\d{1,5})\b/ },
  // https://learn.microsoft.com/sql/tools/sqlcmd/sqlcmd-utility
  sqlcmd: {
    host: [/(?:^|\s)-S ?["']?(?:tcp:|admin:)?([^\s,\\"']{1,255})/],
    port: /(?:^|\s)-S ?[^\s,]{1,255},(\d{1,5})\b/,
  },
  // https://redis.io/docs/latest/develop/tools/cli/
  "redis-cli": { host: [DASH_H], port: /(?:^|\s)-p (\d{1,5})\b/ },
  // https://man.openbsd.org/ssh
  ssh: {
    host: [
      /^(?:-[46AaCfGgKkMNnqsTtVvXxYy]{1,8} |-[BbcDEeFIiJLlmOopQRSW] ?\S{1,200} ){0,8}(?:ssh:\/\/)?(?:[\w.-]{1,64}@)?([^\s@'"-][^\s@'"]{0,254})/,
    ],
    port: /(?:^|\s)-p ?(\d{1,5})\b/,
  },
};

/** The other end of a connection, as a command names it. */
export type Target = Pick<Seen, "destination" | "destinationName" | "destinationPort">;

/** Whom a client's command connects to; null for any other line, and where its settings name the server and not the command. */
export function targetIn(text: string): Target | null {
  const [, program = "", words = ""] = COMMAND.exec(text) ?? [];
  const { host, port } = PROGRAMS[program === "mariadb" ? "mysql" : program] ?? {};
  const written = host?.map((one) => one.exec(words)?.[1]).find((one) => one !== undefined);
  // A folder is where a socket of this host stands.
  if (written === undefined || written.startsWith("/")) return null;
  const destination = addressIn(written);
  const [, one, other] = port?.exec(words) ?? [];
  return {
    destination,
    destinationName: destination === null ? written : null,
    destinationPort: portIn(one ?? other),
  };
}

/** A record that names its own end is believed before the command above it. */
export const towards = (seen: Seen, target: Target | null): Seen =>
  target === null || seen.destination !== null
    ? seen
    : { ...seen, ...target, destinationPort: seen.destinationPort ?? target.destinationPort };
