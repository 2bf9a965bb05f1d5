import type { Text } from "../../../problem.ts";
import type { Line } from "../../lines.ts";
import { parseObserved } from "../../masked.ts";
import type { Evidence, Observation, ObservedAddress, VantageHint } from "../../observation.ts";
import { rfc3339 } from "../../time.ts";
import { targetIn, towards } from "../commands.ts";
import { atServer, evidenceOf, fold, observe, type Sighting, sighting, timesOf } from "../observe.ts";
import { addressIn, endpointIn, portIn } from "../words.ts";

/** https://www.postgresql.org/docs/current/auth-pg-hba-conf.html */
const NO_ENTRY =
  /(?:connection to server at "([^"]{1,255})"(?: \(([^()\s]{2,45})\))?, port (\d{1,5}) failed: )?.{0,40}no pg_hba\.conf entry for host "([^"]{2,64})"/;
const RECEIVED = /connection received: host=(\S{2,255}) port=(\d{1,5})/;
/** MySQL and MariaDB name the client by address, or by reverse name where that is looked up. */
const DENIED = /Access denied for user '.{0,200}'@'([^']{1,255})'|Host '([^']{1,255})' is not allowed to connect/;
/**
 * Azure SQL, and Azure's MySQL: https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors-40000-to-40999
 * The server's name is the first part of its host's. Error log of SQL Server:
 * https://learn.microsoft.com/sql/relational-databases/errors-events/mssqlserver-18456-database-engine-error
 */
const NOT_ALLOWED = /Client with IP [Aa]ddress ['"‘“]([0-9A-Fa-f.:]{3,45})['"’”] is not allowed to/;
const LOGIN = /\[CLIENT: ([0-9A-Fa-f.:]{3,45})\]/g;
/** https://redis.io/docs/latest/commands/client-list/ */
const REDIS = /^id=\d{1,20} addr=(\S{3,64}) laddr=(\S{3,64})/;
const MONGO = /connection accepted.{0,60}?(?:from |"remote":")(\S{3,64}?)(?:[" ]|$)/i;
/** Oracle's listener; CID is what the client says of itself. https://docs.oracle.com/en/database/oracle/oracle-database/19/netag/ */
const LISTENER =
  /^(?:\S{1,12} \S{8,20} )?.{0,1000}?\* \(ADDRESS=\(PROTOCOL=tcps?\)\(HOST=(\S{2,64}?)\)\(PORT=(\d{1,5})\)\) \* /;
const LISTENER_CLIENT = /\(CID=.{0,200}?\(HOST=([^()]{1,255})\)/;
const USER_ENVIRONMENT = /SYS_CONTEXT\(\s?'USERENV'\s?,\s?'IP_ADDRESS'\s?\)/i;
/** A client of a database that was started before a bare value. */
const CLIENTS = /(?:^|[$#>%] ?)(?:psql|mysql|mariadb|sqlplus|sqlcmd)\b|\binet_client_addr\b/;
const HEADINGS: Readonly<Record<string, keyof Columns>> = {
  inet_client_addr: "source",
  client_addr: "source",
  client_net_address: "source",
  host: "host",
  inet_client_port: "sourcePort",
  client_port: "sourcePort",
  client_tcp_port: "sourcePort",
  inet_server_addr: "destination",
  local_net_address: "destination",
  inet_server_port: "destinationPort",
  local_tcp_port: "destinationPort",
  backend_start: "at",
};

interface Columns {
  source?: string;
  host?: string;
  sourcePort?: string;
  destination?: string;
  destinationPort?: string;
  at?: string;
}

/** What databases tell of their clients: tables, lists, logs, and the refusals that the client itself gets to see. */
export function readDatabase(lines: readonly Line[], file: string, hint: VantageHint | null): Evidence {
  const aim = aimOf(lines);
  const found = [...lines.flatMap((line) => messageIn(line) ?? []), ...bareIn(lines), ...tablesIn(lines)].map(aim);
  const key = ({ seen, usualPorts }: Told): string =>
    [seen.source?.text, seen.destination?.text, seen.destinationName, seen.destinationPort, usualPorts].join(" ");
  const observations = fold(found, key).map(({ last, all }) => observationOf(last, all.length, file, hint));
  return evidenceOf(file, "database", observations);
}

interface Told extends Sighting {
  /** Of the database that words it so; absent: of any. */
  readonly usualPorts?: readonly number[];
}

/** Adds to a record whom the command above it connects to. */
function aimOf(lines: readonly Line[]): (told: Told) => Told {
  const commands = lines.flatMap(({ number, text }) => {
    const target = targetIn(text);
    return target === null ? [] : [{ number, target }];
  });
  if (commands.length === 0) return (told) => told;
  return (told) => {
    const above = commands.findLast(({ number }) => number <= told.line);
    return { ...told, seen: towards(told.seen, above?.target ?? null) };
  };
}

const POSTGRESQL = [5432];
const MYSQL = [3306];
const SQL_SERVER = [1433];
const ORACLE = [1521];
const MONGODB = [27_017];

const usually = (usualPorts: readonly number[], told: Sighting | null): Told | null =>
  told === null ? null : { ...told, usualPorts };

function messageIn(line: Line): Told | null {
  const { text } = line;
  const refused = text.includes("pg_hba.conf") ? NO_ENTRY.exec(text) : null;
  if (refused !== null) {
    const server = addressIn(refused[2]) ?? addressIn(refused[1]);
    return usually(POSTGRESQL, of(line, addressIn(refused[4]), null, server, portIn(refused[3])));
  }
  const received = RECEIVED.exec(text);
  if (received !== null)
    return usually(POSTGRESQL, of(line, parseObserved(received[1] ?? ""), portIn(received[2]), null, null));
  const listener = text.includes("(ADDRESS=(") ? LISTENER.exec(text) : null;
  if (listener !== null) {
    const one = of(line, addressIn(listener[1]), portIn(listener[2]), null, null);
    return one === null ? null : usually(ORACLE, { ...one, claimed: LISTENER_CLIENT.exec(text)?.[1] ?? null });
  }
  const denied = DENIED.exec(text);
  if (denied !== null) return usually(MYSQL, of(line, parseObserved(denied[1] ?? denied[2] ?? ""), null, null, null));
  // A login name is the client's own text, and stands before: the last is the server's.
  const notAllowed = NOT_ALLOWED.exec(text)?.[1];
  const login = notAllowed ?? [...text.matchAll(LOGIN)].at(-1)?.[1];
  if (login !== undefined) {
    const ports = notAllowed === undefined ? SQL_SERVER : [...SQL_SERVER, ...MYSQL];
    return usually(ports, of(line, addressIn(login), null, null, null));
  }
  const [, client, server] = REDIS.exec(text) ?? [];
  const own = endpointIn(server);
  const end = endpointIn(client ?? MONGO.exec(text)?.[1]);
  const told = end === null ? null : of(line, end.address, end.port, own?.address ?? null, own?.port ?? null);
  // What Redis prints names its own port.
  return client === undefined ? usually(MONGODB, told) : told;
}

/** A value alone on its line: under the name of the function that was asked, or behind the command that asked it. */
function bareIn(lines: readonly Line[]): readonly Sighting[] {
  let asked = false;
  return lines.flatMap((line) => {
    if (USER_ENVIRONMENT.test(line.text) || CLIENTS.test(line.text)) asked = true;
    const address = asked ? addressIn(line.text.trim()) : null;
    return address === null ? [] : (of(line, address, null, null, null) ?? []);
  });
}

const of = (
  line: Line,
  source: ObservedAddress | null,
  sourcePort: number | null,
  destination: ObservedAddress | null,
  destinationPort: number | null,
  at: string | null = null,
): Sighting | null =>
  source === null ? null : sighting(line, { source, sourcePort, destination, destinationPort, protocol: "tcp", at });

/** Tables with a heading, with bars between the columns or blanks; and one value a line, as psql's expanded form. */
function tablesIn(lines: readonly Line[]): readonly Sighting[] {
  const found: Sighting[] = [];
  let names: readonly (keyof Columns | null)[] = [];
  let expanded: { readonly line: Line; readonly columns: Columns } | null = null;
  const finish = (): void => {
    const one = expanded === null ? null : rowOf(expanded.line, expanded.columns);
    if (one !== null) found.push(one);
    expanded = null;
  };
  for (const line of lines) {
    if (/^-\[ RECORD |^\*{3,40} /.test(line.text)) finish();
    const cells = cellsOf(line.text);
    const own = cells.map((cell) => columnOf(cell));
    const [name, value] = [own[0] ?? null, cells[1] ?? ""];
    if (own.length === 2 && name !== null && own[1] === null) {
      expanded ??= { line, columns: {} };
      if (name === "source" || name === "host") expanded = { line, columns: expanded.columns };
      expanded.columns[name] = value;
    } else if (own.some((column) => column !== null)) names = own;
    else if (names.length > 0 && cells.length === names.length) {
      const columns: Columns = {};
      for (const [index, column] of names.entries()) if (column !== null) columns[column] = cells[index] ?? "";
      const row = rowOf(line, columns);
      if (row !== null) found.push(row);
    }
  }
  finish();
  return found;
}

const columnOf = (cell: string): keyof Columns | null => {
  const name = cell.toLowerCase();
  return Object.hasOwn(HEADINGS, name) ? (HEADINGS[name] ?? null) : null;
};

function cellsOf(text: string): readonly string[] {
  if (text.length > 4000) return [];
  const trimmed = text.trim().replace(/^\||\|$/g, "");
  return (
    trimmed.includes("|")
      ? trimmed.split("|")
      : /^\s{0,12}\w+: /.test(text)
        ? trimmed.split(/: /, 2)
        : trimmed.split(/\s+/)
  ).map((cell) => cell.trim());
}

function rowOf(line: Line, columns: Columns): Sighting | null {
  const host = endpointIn(columns.host);
  const source = addressIn(columns.source?.replace(/\/(?:32|128)$/, "")) ?? host?.address ?? null;
  const at = rfc3339((columns.at ?? "").replace(" ", "T").replace(/([-+]\d\d)$/, "$1:00"));
  return of(
    line,
    source,
    portIn(columns.sourcePort) ?? host?.port ?? null,
    addressIn(columns.destination?.replace(/\/(?:32|128)$/, "")),
    portIn(columns.destinationPort),
    at,
  );
}

function observationOf(one: Told, count: number, file: string, hint: VantageHint | null): Observation {
  const { source } = one.seen;
  const many = timesOf(count);
  const observation = observe(
    file,
    "database",
    one,
    {
      en: `The database names ${source?.text} as its client${many.en}.`,
      zh: `数据库显示其客户端为 ${source?.text}${many.zh}。`,
    },
    // What a client is told of itself is the server's word: the client sees it, the server saw it.
    atServer(source, hint === "client" ? null : hint, PROVES),
  );
  return one.usualPorts === undefined ? observation : { ...observation, usualPorts: one.usualPorts };
}

const PROVES: Text = {
  en: "The database names the peer of its own TCP connection, also when it refuses it. It is the source this database sees; a pooler or proxy in front (pgbouncer, ProxySQL) shows itself instead.",
  zh: "数据库给出的是其自身 TCP 连接的对端，拒绝连接时亦然。这是该数据库看到的源地址；若前面有连接池或代理（pgbouncer、ProxySQL），则显示它们自己。",
};
