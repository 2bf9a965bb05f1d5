import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/**
 * A self-signed X.509 certificate (RFC 5280) with a new P-256 key, for whoever looks at the first certificate only.
 *
 * @param name for subject and subject alternative name, letters of ASCII
 * @param now milliseconds; it counts from a day before, and for a year
 */
export function selfSigned(name: string, now: number): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const subject = sequence(set(sequence(COMMON_NAME, tagged(0x0c, Buffer.from(name)))));
  const names = sequence(tagged(0x82, Buffer.from(name)));
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 1;
  const body = sequence(
    tagged(0xa0, tagged(0x02, Buffer.of(2))),
    tagged(0x02, serial),
    ECDSA_SHA256,
    subject,
    sequence(time(now - DAY_MS), time(now + 365 * DAY_MS)),
    subject,
    publicKey.export({ format: "der", type: "spki" }),
    tagged(0xa3, sequence(sequence(ALTERNATIVE_NAME, tagged(0x04, names)))),
  );
  const signature = sign("sha256", body, privateKey);
  const whole = sequence(body, ECDSA_SHA256, tagged(0x03, Buffer.concat([Buffer.of(0), signature])));
  return { cert: pem(whole), key: privateKey.export({ format: "pem", type: "pkcs8" }).toString() };
}

const DAY_MS = 86_400_000;

/** DER (ITU-T X.690): a tag, a length, what it holds. */
function tagged(tag: number, ...parts: readonly Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  const { length } = value;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.of(tag, ...size), value]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => tagged(0x30, ...parts);
const set = (...parts: readonly Buffer[]): Buffer => tagged(0x31, ...parts);
const objectId = (hex: string): Buffer => tagged(0x06, Buffer.from(hex, "hex"));

/** 2.5.4.3 */
const COMMON_NAME = objectId("550403");
/** 2.5.29.17 */
const ALTERNATIVE_NAME = objectId("551d11");
/** 1.2.840.10045.4.3.2, https://www.rfc-editor.org/rfc/rfc5758#section-3.2 */
const ECDSA_SHA256 = sequence(objectId("2a8648ce3d040302"));

/** Years from 2050 on are written with four digits. https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5 */
function time(milliseconds: number): Buffer {
  const digits = new Date(milliseconds).toISOString().replace(/[-:T]|\.\d+/g, "");
  return digits >= "2050" ? tagged(0x18, Buffer.from(digits)) : tagged(0x17, Buffer.from(digits.slice(2)));
}

const pem = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${(der.toString("base64").match(/.{1,64}/g) ?? []).join("\n")}\n-----END CERTIFICATE-----\n`;
