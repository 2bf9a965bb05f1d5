import { randomBytes, timingSafeEqual } from "node:crypto";

/** Who may come in: whoever has a link that nobody used before, and then the browser that used it. */
export interface Gate {
  /** A token for one link; null: the last one still waits for its browser, and stays good. */
  readonly newToken: () => string | null;
  /** @returns a session for a token that was not used yet; null: it was, or never was one. */
  readonly enter: (token: string) => string | null;
  readonly knows: (session: string) => boolean;
}

/** Browsers that are in at a time; the oldest has to use a new link. */
const SESSIONS = 16;

const secret = (): string => randomBytes(32).toString("base64url");

export function gate(): Gate {
  let token: string | null = null;
  const sessions: string[] = [];
  return {
    newToken: () => {
      if (token !== null) return null;
      token = secret();
      return token;
    },
    enter: (given) => {
      if (token === null || !isSame(given, token)) return null;
      token = null;
      const session = secret();
      sessions.push(session);
      if (sessions.length > SESSIONS) sessions.shift();
      return session;
    },
    knows: (given) => sessions.some((session) => isSame(given, session)),
  };
}

/** In a time that tells nothing of where they differ. */
function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
