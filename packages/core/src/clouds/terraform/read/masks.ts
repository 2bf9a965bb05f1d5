import { type Fields, isFields, type Mask } from "./instance.ts";

/** The part of a mask that speaks of one member or element. */
export const maskAt = (mask: Mask, member: string | number): Mask => {
  if (mask === true) return true;
  if (Array.isArray(mask)) return typeof member === "number" ? mask[member] : undefined;
  return isFields(mask) ? mask[member] : undefined;
};

/** Whether anything at all is masked. */
export function isMasked(mask: Mask): boolean {
  if (mask === true) return true;
  if (Array.isArray(mask)) return mask.some(isMasked);
  return isFields(mask) && Object.values(mask).some(isMasked);
}

/** Members that may hold secrets and never say anything of a source address. */
const SECRET_MEMBERS: ReadonlySet<string> = new Set([
  "metadata",
  "metadata_startup_script",
  "user_data",
  "user_data_base64",
  "custom_data",
  "admin_password",
  "admin_ssh_key",
  "os_profile",
  "shared_key",
  "shared_secret",
  "authorization_key",
  "md5_authentication_keys",
  "md5_authentication_key",
  "password_data",
  "certificate",
  "tunnel1_preshared_key",
  "tunnel2_preshared_key",
  "customer_gateway_configuration",
]);

/** The values of a resource without what is sensitive; a copy only where something is left out. */
export function withoutSecrets(values: Fields, sensitive: Mask): Fields {
  const names = Object.keys(values).filter((name) => SECRET_MEMBERS.has(name) || isMasked(maskAt(sensitive, name)));
  if (names.length === 0) return values;
  const left = new Map(Object.entries(values));
  for (const name of names) {
    const cleaned = SECRET_MEMBERS.has(name) ? undefined : cleanedOf(values[name], maskAt(sensitive, name));
    if (cleaned === undefined) left.delete(name);
    else left.set(name, cleaned);
  }
  return Object.fromEntries(left);
}

function cleanedOf(value: unknown, mask: Mask): unknown {
  if (mask === true) return undefined;
  if (Array.isArray(value)) return value.map((element, index) => cleanedOf(element, maskAt(mask, index)) ?? null);
  return isFields(value) ? withoutSecrets(value, mask) : value;
}
