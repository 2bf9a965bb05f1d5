/**
 * Files that elsewhere stand beside the program, by the path they have there: what the single file has inside. Empty but in
 * it.
 */
const files = new Map<string, string>();

/** @param texts by path, with forward slashes */
export function carry(texts: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(texts)) files.set(path, text);
}

export const carried = (path: string): string | undefined => files.get(path);
