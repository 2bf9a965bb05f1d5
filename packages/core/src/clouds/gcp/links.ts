import type { Text } from "../../problem.ts";

/**
 * Resources are named by URLs in several hosts and versions, by partial URLs and by bare names. Everything is compared
 * by `projects/P/…`; a project that nothing names is `-`.
 *
 * @see https://cloud.google.com/apis/design/resource_names
 */
export const UNKNOWN_PROJECT = "-";

/** What a partial link is relative to. `location` is `global`, `regions/R` or `zones/Z`. */
export interface Home {
  readonly project: string;
  readonly location: string;
  readonly collection: string;
}

/** `projects/P/…`, whatever form the link has. */
export function resourcePath(link: string, home: Home): string {
  const full = fullPath(link);
  if (full !== undefined) return full;
  const text = link.replace(/^\/+/, "");
  if (/^(?:global|regions|zones)\//.test(text)) return `projects/${home.project}/${text}`;
  return `projects/${home.project}/${home.location}/${home.collection}/${nameOf(text)}`;
}

/** The same, one text for all links that are alike: an inventory names each network and subnet a thousand times. */
export function sharedPaths(): typeof resourcePath {
  const known = new Map<string, string>();
  return (link, home) => {
    const before = known.get(link);
    if (before !== undefined) return before;
    const path = resourcePath(link, home);
    // What names no project means another resource elsewhere.
    if (fullPath(link) !== undefined) known.set(link, path);
    return path;
  };
}

/** The same for links that already name their project; undefined for others. */
export function fullPath(link: string): string | undefined {
  if (link.startsWith("projects/")) return link;
  const start = link.indexOf("/projects/");
  return start < 0 ? undefined : link.slice(start + 1);
}

export function projectOf(path: string): string | undefined {
  if (!path.startsWith(PROJECTS)) return undefined;
  const end = path.indexOf("/", PROJECTS.length);
  return (end < 0 ? path.slice(PROJECTS.length) : path.slice(PROJECTS.length, end)) || undefined;
}

const PROJECTS = "projects/";

/** The same, one text for resources of one project that follow each other. */
export function sharedProjects(): typeof projectOf {
  let last = "";
  return (path) => {
    const isSame = last !== "" && path.startsWith(last, PROJECTS.length) && path.startsWith(PROJECTS);
    if (isSame && path.charAt(PROJECTS.length + last.length) === "/") return last;
    const project = projectOf(path);
    last = project ?? "";
    return project;
  };
}

/** `global`, `regions/R` or `zones/Z`. */
export const locationOf = (path: string): string | undefined =>
  /^projects\/[^/]+\/(global|(?:regions|zones)\/[^/]+)/.exec(path)?.[1];

/** A project as a user reads it. */
export const projectText = (project: string): Text =>
  project === UNKNOWN_PROJECT
    ? { en: "a project that the export does not name", zh: "导出中未给出名称的项目" }
    : { en: `project ${project}`, zh: `项目 ${project} ` };

export const nameOf = (link: string): string => link.slice(link.lastIndexOf("/") + 1);

export const collectionOf = (path: string): string | undefined => path.split("/").at(-2);

/** The region of a region, zone, regional or zonal resource, from any form of link; null when it names none. */
export function regionOf(link: string | null | undefined): string | null {
  if (link === null || link === undefined || link === "") return null;
  const region = /(?:^|\/)regions\/([^/]+)/.exec(link)?.[1];
  if (region !== undefined) return region;
  const zone = /(?:^|\/)zones\/([^/]+)/.exec(link)?.[1] ?? (link.includes("/") ? undefined : link);
  return zone === undefined ? null : regionOfZone(zone);
}

/** `us-central1-a` is in `us-central1`; a bare region stays as it is. */
export const regionOfZone = (zone: string): string => zone.replace(/-[a-z]$/, "");
