// What core is compiled with has neither; every runtime that it runs in does.
declare const WebAssembly:
  | {
      readonly Module: new (bytes: Uint8Array) => object;
      readonly Instance: new (module: object) => { readonly exports: unknown };
    }
  | undefined;
declare const atob: (base64: string) => string;

/** A variable of a module, or a constant. */
export interface Variable {
  readonly value: number;
}

/**
 * A module with memory of its own.
 *
 * @param base64 written by `scripts/wasm.mjs`, whose source says what it exports
 * @returns null where there is no WebAssembly: a page may forbid it, and Node can be started without
 */
export function instanceOf<Exports>(base64: string): Exports | null {
  if (typeof WebAssembly === "undefined") return null;
  try {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as Exports;
  } catch {
    return null;
  }
}
