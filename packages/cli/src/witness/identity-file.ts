import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { closeSync, fstatSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import type { Problem } from "@seenas/core";
import { errnoOf } from "../files/list.ts";
import { type Identity, identityOf } from "./crypto.ts";
import * as problem from "./problems.ts";

/** The key in that file; made when there is none. Nobody but its owner may read it. */
export function identityAt(path: string): Identity | Problem {
  try {
    return made(path);
  } catch (error) {
    if (errnoOf(error) !== "EEXIST") return problem.unwritable(path, errnoOf(error));
  }
  try {
    return read(path);
  } catch (error) {
    return problem.noIdentity(path, errnoOf(error));
  }
}

function made(path: string): Identity {
  const file = openSync(path, "wx", 0o600);
  try {
    const { privateKey } = generateKeyPairSync("ed25519");
    writeSync(file, privateKey.export({ format: "pem", type: "pkcs8" }).toString());
    fsyncSync(file);
    return identityOf(privateKey);
  } finally {
    closeSync(file);
  }
}

function read(path: string): Identity | Problem {
  const file = openSync(path, "r");
  try {
    const { mode, size } = fstatSync(file);
    if (process.platform !== "win32" && (mode & 0o077) !== 0) return problem.openIdentity(path);
    if (size > 10_000) return problem.noIdentity(path, "size");
    const secret = createPrivateKey(readFileSync(file));
    return secret.asymmetricKeyType === "ed25519" ? identityOf(secret) : problem.noIdentity(path, "key");
  } finally {
    closeSync(file);
  }
}
