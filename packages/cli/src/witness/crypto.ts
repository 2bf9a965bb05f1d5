import { createPublicKey, hash, type KeyObject, sign, verify } from "node:crypto";
import { type Crypto, signedText } from "@seenas/core";

/** What core's receipts ask for, by Node. */
export const CRYPTO: Crypto = {
  // In one call: an object for each hash costs more than the hash.
  hash: (bytes) => hash("sha256", bytes, "base64url"),
  bytesOf: (text) => Buffer.from(text, "base64url"),
  verify: (text, signature, key) => {
    try {
      const publicKey = { key: { kty: "OKP", crv: "Ed25519", x: key }, format: "jwk" } as const;
      return verify(null, Buffer.from(text), publicKey, Buffer.from(signature, "base64url"));
    } catch {
      // 32 bytes that are no point of the curve.
      return false;
    }
  },
};

/** Who a witness is: signs, and is known by its public half. */
export interface Identity {
  readonly key: string;
  readonly sign: (root: string) => string;
}

export function identityOf(secret: KeyObject): Identity {
  const { x = "" } = createPublicKey(secret).export({ format: "jwk" });
  return { key: x, sign: (root) => sign(null, Buffer.from(signedText(root)), secret).toString("base64url") };
}
