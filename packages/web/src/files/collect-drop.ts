import { isWantedPath } from "@seenas/core";
import { type GivenFile, type Side, UNREADABLE_TYPE } from "../protocol.ts";

const MAX_FILES = 10_000;

/** In place of one that cannot be opened: told of by its type, since an empty one would be taken for an empty file. */
const UNREADABLE = new Blob([], { type: UNREADABLE_TYPE });

/** The files of what was dropped, folders walked through, named by their paths inside. */
export async function filesOfDrop(data: DataTransfer, side: Side): Promise<readonly GivenFile[]> {
  // Everything is asked for before anything is awaited: the list is emptied when the event ends.
  const items = [...data.items].filter(({ kind }) => kind === "file").map(droppedOf);
  if (items.length === 0) return filesOfList(data.files, side);
  const found: GivenFile[] = [];
  for (const { entry, handle, file } of items) {
    const isOnly = items.length === 1;
    const opened = await handle;
    if (opened !== null) await walkHandle(opened, "", side, found, isOnly);
    else if (entry !== null && isFolder(entry)) await walk(entry, "", side, found, isOnly);
    else if (file !== null && (isWantedPath(file.name) || isOnly)) found.push({ name: file.name, side, content: file });
  }
  return found;
}

/** One thing that was dropped, by each of the ways to open it. */
interface Dropped {
  readonly entry: FileSystemEntry | null;
  /** The one way into a folder from a page that was opened from a disk; null where a browser has it not. */
  readonly handle: Promise<Handle | null>;
  readonly file: File | null;
}

const droppedOf = (item: DataTransferItem & { getAsFileSystemHandle?(): Promise<Handle | null> }): Dropped => ({
  entry: item.webkitGetAsEntry?.() ?? null,
  handle: item.getAsFileSystemHandle?.().catch(() => null) ?? Promise.resolve(null),
  file: item.getAsFile(),
});

/** https://fs.spec.whatwg.org/#api-filesystemhandle */
type Handle =
  | { readonly kind: "file"; readonly name: string; getFile(): Promise<File> }
  | { readonly kind: "directory"; readonly name: string; values(): AsyncIterable<Handle> };

async function walkHandle(
  handle: Handle,
  above: string,
  side: Side,
  found: GivenFile[],
  isOnly: boolean,
): Promise<void> {
  const name = `${above}${handle.name}`;
  if (found.length >= MAX_FILES || !(isWantedPath(name) || isOnly)) return;
  if (handle.kind === "file") {
    const content = await handle.getFile().catch(() => null);
    found.push({ name, side, content: content ?? UNREADABLE });
    return;
  }
  const inside: Handle[] = [];
  for await (const one of handle.values()) inside.push(one);
  for (const one of inside.sort((a, b) => (a.name < b.name ? -1 : 1)))
    await walkHandle(one, `${name}/`, side, found, false);
}

/** @param list of an input; those of a folder know their paths */
export const filesOfList = (list: FileList, side: Side): readonly GivenFile[] =>
  [...list].flatMap((file) => {
    const name = file.webkitRelativePath === "" ? file.name : file.webkitRelativePath;
    return isWantedPath(name) || list.length === 1 ? [{ name, side, content: file }] : [];
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
    if (!isWantedPath(name) && !isOnly) return;
    const content = await new Promise<File | null>((resolve) => entry.file(resolve, () => resolve(null)));
    // One that cannot be opened is still told of: reading it fails with the reason.
    found.push({ name, side, content: content ?? UNREADABLE });
    return;
  }
  if (!isFolder(entry) || (above !== "" && !isWantedPath(name))) return;
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
