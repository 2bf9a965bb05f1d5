import { createSecureContext, type SecureContext } from "node:tls";
import type { Cidr, Problem } from "@seenas/core";
import { Admissions, type Limits } from "./admissions.ts";
import type { House } from "./caller.ts";
import { type Certificate, selfSigned } from "./certificate.ts";
import type { Identity } from "./crypto.ts";
import { listenUdp } from "./datagrams.ts";
import { Deadlines } from "./deadlines.ts";
import { type Listening, listenTcp } from "./listen.ts";
import { SightingLog } from "./log.ts";
import type { Place } from "./places.ts";
import { shareSocketShapes } from "./socket-shapes.ts";

export interface Wanted {
  readonly places: readonly Place[];
  readonly identity: Identity;
  readonly logPath: string;
  readonly limits: Limits;
  readonly proxies: readonly Cidr[];
  /** null: one is made. */
  readonly certificate: Certificate | null;
  /** What goes wrong meanwhile. */
  readonly tell: (problem: Problem) => void;
}

export interface Witness {
  readonly listening: readonly Listening[];
  /** Everybody who was being recorded is answered first. */
  readonly stop: () => Promise<Summary>;
}

export interface Summary {
  readonly recorded: number;
  /** Could not be recorded, and were told so. */
  readonly refused: number;
  /** Beyond the limits. */
  readonly turnedAway: number;
}

/** How long those who were answered may take to hang up. */
const GRACE_MS = 300;

/** Listens everywhere it was told to, or nowhere. */
export async function openWitness(wanted: Wanted): Promise<Witness | readonly Problem[]> {
  const log = SightingLog.open(wanted.logPath, wanted.identity, wanted.tell);
  if (!(log instanceof SightingLog)) return [log];
  shareSocketShapes();
  let turnedAway = 0;
  const deadlines = new Deadlines(wanted.limits.patienceMs);
  const house: House = {
    admissions: new Admissions(wanted.limits),
    deadlines,
    log,
    proxies: wanted.proxies,
    secure: secureOnce(wanted.certificate),
    turnedAway: () => {
      turnedAway += 1;
    },
  };
  const opened: (Listening | Problem)[] = [];
  for (const place of wanted.places) opened.push(...(await listenAt(place, house)));
  const listening = opened.flatMap((one) => ("at" in one ? [one] : []));
  const problems = opened.flatMap((one) => ("at" in one ? [] : [one]));
  const stop = async (): Promise<Summary> => {
    for (const one of listening) one.stop();
    await log.close();
    await new Promise((resolve) => setTimeout(resolve, house.admissions.open > 0 ? GRACE_MS : 0));
    deadlines.stop();
    for (const one of listening) one.hangUp();
    return { recorded: log.recorded, refused: log.refused, turnedAway };
  };
  if (problems.length === 0) return { listening, stop };
  await stop();
  return problems;
}

async function listenAt(place: Place, house: House): Promise<readonly (Listening | Problem)[]> {
  const { kind } = place;
  return kind === "udp" || kind === "stun" ? listenUdp(place, kind, house) : [await listenTcp(place, kind, house)];
}

/** Made when somebody asks for it first. */
function secureOnce(certificate: Certificate | null): () => SecureContext {
  let context: SecureContext | null = null;
  return () => {
    context ??= createSecureContext(certificate ?? selfSigned("seenas-witness.invalid", Date.now()));
    return context;
  };
}
