import { StoreFailure } from "../failure.ts";

/** Where a server is, and what of it is used. */
export interface Place {
  /** `http://host:8123`, without user and password. */
  readonly origin: string;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** The name of a cluster in the server's configuration; null: the server stands for itself. */
  readonly cluster: string | null;
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/;

/**
 * Reads `clickhouse://user:password@host:8123/database?cluster=name&secure=1`. Everything but the host may be left out.
 * What it refuses is a `StoreFailure`, whose words never repeat the password.
 */
export function placeOf(text: string): Place {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.protocol !== "clickhouse:" || url.hostname === "") throw refused("its form");
  const { cluster = null, secure = "0", ...others } = Object.fromEntries(url.searchParams);
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw refused(`the parameter ${JSON.stringify(unknown)}`);
  if (secure !== "0" && secure !== "1") throw refused("secure, which is 0 or 1");
  const database = url.pathname.replace(/^\//, "") || "seenas";
  // Names stand in statements, where nothing else is text of the user's.
  if (!NAME.test(database)) throw refused(`the database ${JSON.stringify(database)}`);
  if (cluster !== null && !NAME.test(cluster)) throw refused(`the cluster ${JSON.stringify(cluster)}`);
  const scheme = secure === "1" ? "https" : "http";
  const port = url.port === "" ? (secure === "1" ? "8443" : "8123") : url.port;
  return {
    origin: `${scheme}://${url.hostname}:${port}`,
    user: plain(url.username) || "default",
    password: plain(url.password),
    database,
    cluster,
  };
}

function plain(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw refused("a % in the user or password, which is written %25");
  }
}

const refused = (what: string): StoreFailure =>
  new StoreFailure(
    "store/place",
    { en: `the log store is not understood: ${what}`, zh: `无法识别该日志库：${what}` },
    {
      en: "expected clickhouse://user:password@host:8123/database?cluster=name",
      zh: "应为 clickhouse://user:password@host:8123/database?cluster=name",
    },
  );
