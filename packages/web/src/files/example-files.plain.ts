const TEXT = document.getElementById("seenas-examples")?.textContent ?? "{}";

/** By path, out of a text in the same file: read when one is asked for, and never compiled. */
export const EXAMPLE_FILES = JSON.parse(TEXT) as Readonly<Record<string, string>>;
