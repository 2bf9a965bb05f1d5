import type { MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import type { Gate } from "./gate.ts";

/** What the handlers know of who asks. */
export interface Seen {
  Variables: { browser: string };
}

export interface Guarded {
  /** `127.0.0.1:8477` and the like, in small letters. */
  readonly names: ReadonlySet<string>;
  readonly port: number;
  readonly door: Gate;
  readonly policy: string;
  readonly onUsedLink: () => void;
}

const WORDS = {
  host: "This server does not go by that name. Use the link that the terminal shows.\n",
  origin: "Only the page of this server may ask it.\n",
  session: "This link was used, or is not complete. The terminal shows a new one.\n",
};

/** Sent with every answer, refusals too. */
export const headers = ({ policy }: Guarded): MiddlewareHandler => {
  const fixed = {
    "Content-Security-Policy": policy,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
  };
  return async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(fixed)) context.res.headers.set(name, value);
  };
};

/**
 * Only by its own name (a name that somebody else's DNS points here is another site to the browser), and to change or
 * ask anything only from its own page.
 */
export const ownNameOnly =
  ({ names }: Guarded): MiddlewareHandler =>
  async (context, next) => {
    const host = context.req.header("host")?.toLowerCase() ?? "";
    if (!names.has(host)) return context.text(WORDS.host, 421);
    const site = context.req.header("sec-fetch-site");
    const isOwnSite = site === undefined || site === "same-origin" || (site === "none" && isPageVisit(context.req));
    // A link in a mail or a chat leads from another site, to the page and nowhere else.
    const isVisit = isPageVisit(context.req) && context.req.header("sec-fetch-mode") === "navigate";
    const origin = context.req.header("origin");
    const isOwnOrigin = origin === undefined ? context.req.method === "GET" : origin.toLowerCase() === `http://${host}`;
    if (!isOwnOrigin || !(isOwnSite || isVisit)) return context.text(WORDS.origin, 403);
    return next();
  };

const isPageVisit = ({ method, path }: { readonly method: string; readonly path: string }): boolean =>
  method === "GET" && path === "/";

/** A link lets one browser in, which is then known by a cookie that no script reads and no other site sends. */
export const sessionOnly = ({ door, port, onUsedLink }: Guarded): MiddlewareHandler<Seen> => {
  const cookie = `seenas-${port}`;
  return async (context, next) => {
    const browser = getCookie(context, cookie) ?? "";
    if (door.knows(browser)) {
      context.set("browser", browser);
      // The token does not stay in the address bar.
      return isPageVisit(context.req) && context.req.query("token") !== undefined ? context.redirect("/", 303) : next();
    }
    const token = context.req.query("token");
    const session = isPageVisit(context.req) && token !== undefined ? door.enter(token) : null;
    if (session === null) {
      if (isPageVisit(context.req)) onUsedLink();
      return context.text(WORDS.session, 401);
    }
    setCookie(context, cookie, session, { httpOnly: true, sameSite: "Strict", path: "/" });
    return context.redirect("/", 303);
  };
};
