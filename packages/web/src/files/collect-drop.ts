import type { GivenFile, Side } from "../protocol.ts";

/** Notes beside an export are for people, and hidden files for tools: as the command reads folders. */
const isWanted = (path: string): boolean =>
  path.split("/").every((part) => !part.startsWith(".") && part !== "node_modules") && !/\.md$/i.test(path);

const MAX_FILES = 10_000;

/** The files of what was dropped, folders walked through, named by their paths inside. */
export async function filesOfDrop(data: DataTransfer, side: Side): Promise<readonly GivenFile[]> {
  // Entries must be asked for before anything is awaited: the list is emptied when the event ends.
  const entries = [...data.items].flatMap((item) => item.webkitGetAsEntry?.() ?? []);
  if (entries.length === 0) return filesOfList(data.files, side);
  const found: GivenFile[] = [];
  for (const entry of entries) await walk(entry, "", side, found, entries.length === 1);
  return found;
}

/** @param list of an input; those of a folder know their paths */
export const filesOfList = (list: FileList, side: Side): readonly GivenFile[] =>
  [...list].flatMap((file) => {
    const name = file.webkitRelativePath === "" ? file.name : file.webkitRelativePath;
    return isWanted(name) || list.length === 1 ? [{ name, side, content: file }] : [];
  });

export const fileOfText = (text: string, name: string, side: Side): GivenFile => ({
  name,
  side,
  content: new Blob([text], { type: "text/plain" }),
});

async function walk(
  entry: FileSystemEntry,
  above: string,
  side: Side,
  found: GivenFile[],
  isOnly: boolean,
): Promise<void> {
  const name = `${above}${entry.name}`;
  if (found.length >= MAX_FILES) return;
  if (isFile(entry)) {
    if (!isWanted(name) && !isOnly) return;
    const content = await new Promise<File | null>((resolve) => entry.file(resolve, () => resolve(null)));
    // One that cannot be opened is still told of: reading it fails with the reason.
    found.push({ name, side, content: content ?? new Blob() });
    return;
  }
  if (!isFolder(entry) || (above !== "" && !isWanted(name))) return;
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise<readonly FileSystemEntry[]>((resolve) =>
      reader.readEntries(resolve, () => resolve([])),
    );
    if (some.length === 0) return;
    for (const one of [...some].sort((a, b) => (a.name < b.name ? -1 : 1)))
      await walk(one, `${name}/`, side, found, false);
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;
