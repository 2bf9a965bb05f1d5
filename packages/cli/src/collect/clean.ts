import { KEPT_METADATA, LABEL_MEMBERS, METADATA_MEMBERS, REMOVED, SECRET_MEMBERS, SECRET_TEXTS } from "./secrets.ts";

type Members = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export interface Cleaner {
  /** The same value without secrets; the shape stays. */
  readonly value: (value: unknown) => unknown;
  readonly text: (text: string) => string;
}

/** @param dropTags also what users wrote into tags and labels; network tags stay, since routes go by them */
export function cleanerOf(dropTags: boolean): Cleaner {
  const patterns = SECRET_TEXTS.map((pattern) => new RegExp(pattern, "gi"));
  const text = (words: string): string =>
    patterns.reduce((left, pattern) => left.replace(pattern, `$<keep>${REMOVED}`), words);
  const value = (one: unknown): unknown => {
    if (typeof one === "string") return text(one);
    if (Array.isArray(one)) return one.map(value);
    if (!isMembers(one)) return one;
    return Object.fromEntries(
      Object.entries(one)
        .filter(([name, member]) => !dropTags || !isTags(name, member))
        .map(([name, member]) => [name, memberOf(name, member)]),
    );
  };
  const memberOf = (name: string, member: unknown): unknown => {
    const lower = name.toLowerCase();
    if (SECRET_MEMBERS.includes(lower)) return blank(member);
    if (METADATA_MEMBERS.includes(lower) && isMembers(member) && Array.isArray(member["items"]))
      return { ...member, items: member["items"].map(metadataItem) };
    if (dropTags && LABEL_MEMBERS.includes(lower) && isMembers(member))
      return Object.fromEntries(Object.entries(member).filter(([label]) => label.includes("googleapis.com/")));
    return value(member);
  };
  return { value, text };
}

const metadataItem = (item: unknown): unknown =>
  isMembers(item) && typeof item["key"] === "string" && KEPT_METADATA.includes(item["key"]) ? item : blank(item);

/** Texts and numbers are secrets, whatever holds them; the names in a list of pairs are none. */
function blank(value: unknown): unknown {
  if (typeof value === "string") return REMOVED;
  if (typeof value === "number") return 0;
  if (Array.isArray(value)) return value.map(blank);
  if (!isMembers(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      isNameIn(value, name) && typeof member === "string" ? member : blank(member),
    ]),
  );
}

/** Beside a value a key is its name; alone it is what opens something. */
const isNameIn = (value: Members, name: string): boolean => name === "name" || (name === "key" && "value" in value);

/** AWS has lists of pairs, Azure an object; a list of texts, or an object with `items`, is Google Cloud's network tags. */
function isTags(name: string, member: unknown): boolean {
  if (!["tags", "tagset"].includes(name.toLowerCase())) return false;
  if (Array.isArray(member)) return member.some(isMembers);
  return isMembers(member) && !Array.isArray(member["items"]);
}
