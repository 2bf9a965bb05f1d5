/** What is hidden is a program's own, and notes beside an export are for people. */
export const isWantedName = (name: string): boolean =>
  !name.startsWith(".") && name !== "node_modules" && !name.toLowerCase().endsWith(".md");

/** The same of a path inside a folder or an archive. Of a folder's own entry, `a/`, there is nothing to read. */
export const isWantedPath = (path: string): boolean =>
  !/[\\/]$/.test(path) && path.split(/[\\/]/).every((part) => NO_NAMES.includes(part) || isWantedName(part));

const NO_NAMES = ["", ".", ".."];
