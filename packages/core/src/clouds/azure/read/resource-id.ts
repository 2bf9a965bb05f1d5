/** A resource id in lower case, as Azure compares them. */
export type Key = string;

export interface ResourceId {
  readonly key: Key;
  readonly subscription: string;
  readonly group: string;
  /** Lower case, with the namespace: `microsoft.network/virtualnetworks/subnets`. */
  readonly type: string;
  /** One per type segment, as written. */
  readonly names: readonly string[];
}

export const keyOf = (id: string): Key => id.trim().replace(/\/+$/, "").toLowerCase();

const PARTS = /^\/subscriptions\/([^/]*)(?:\/resourceGroups\/([^/]+))?\/providers\/(microsoft\.[^/]+)\/(.+)$/i;

export function parseId(id: string): ResourceId | undefined {
  const parts = PARTS.exec(id.trim());
  const [, subscription = "", group = "", namespace = "", path = ""] = parts ?? [];
  if (parts === null) return undefined;
  const segments = path.split("/").filter((segment) => segment !== "");
  if (segments.length === 0 || segments.length % 2 !== 0) return undefined;
  const types = segments.filter((_, index) => index % 2 === 0);
  const names = segments.filter((_, index) => index % 2 === 1);
  return { key: keyOf(id), subscription, group, type: `${namespace}/${types.join("/")}`.toLowerCase(), names };
}

/** The last name in an id, or the whole text when it is no id. */
export const nameOf = (id: string): string =>
  id
    .split("/")
    .filter((part) => part !== "")
    .at(-1) ?? id;

/** The resource that a subresource belongs to: its id without the last type and name. */
export const parentOf = (key: Key): Key => key.split("/").slice(0, -2).join("/");
