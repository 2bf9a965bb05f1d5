interface Part {
  exports: object;
}

type Run = (require: (name: string) => object, part: Part, exports: object) => void;

declare function importScripts(address: string): void;

const runs = new Map<string, Run>();
const made = new Map<string, Part>();
let texts: ReadonlyMap<string, string> = new Map();

// The page's first message: the text of each part by its name. What comes after it is for the part that begins.
self.addEventListener(
  "message",
  ({ data }: MessageEvent<ReadonlyMap<string, string>>) => {
    texts = data;
    take("worker");
  },
  { once: true },
);

/** A part is asked for while another runs, and is there at once: a worker may wait. */
function take(name: string): object {
  const known = made.get(name);
  if (known !== undefined) return known.exports;
  const text = texts.get(name);
  if (text === undefined) throw new Error(`there is no part ${name}`);
  // An address that the page made would be another origin's here, where the page was opened from a disk.
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  importScripts(address);
  URL.revokeObjectURL(address);
  const part: Part = { exports: {} };
  made.set(name, part);
  runs.get(name)?.((other) => take(other.replace(/^\.\//, "")), part, part.exports);
  return part.exports;
}

Object.assign(self, {
  /** Each part calls it with itself. */
  seenasPart: (name: string, run: Run) => void runs.set(name, run),
  /** What was needed so far: for the benchmark. */
  seenasLoaded: () => [...made.keys()],
});
