import { reducer } from "../clouds/reduce.ts";
import { ListReader } from "../documents/list-reader.ts";

/** The door of long exports, opened only when a file is one. */
export const openList = (file: string): ListReader => new ListReader(file, reducer());
