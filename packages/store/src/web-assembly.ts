// Types of Node do not have it, and those of a browser would bring all the rest.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/** Memory of a module; `buffer` is another one once it has grown. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** A variable of a module, or a constant. */
export interface Global<Value = number> {
  readonly value: Value;
}

export const PAGE = 1 << 16;

const compiled = new Map<string, object>();

/**
 * A module with memory of its own.
 *
 * @param base64 written by `scripts/wasm.mjs`, whose source says what it exports
 */
export function instanceOf<Exports>(base64: string): Exports {
  const module = compiled.get(base64) ?? new WebAssembly.Module(Buffer.from(base64, "base64"));
  compiled.set(base64, module);
  return new WebAssembly.Instance(module).exports as Exports;
}
