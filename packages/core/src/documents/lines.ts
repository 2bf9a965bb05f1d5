/** 1-based line of a position. Linear over a whole file when asked in ascending order, as readers do. */
export function lineCounter(text: string): (position: number) => number {
  let line = 1;
  let next = nextBreak(text, 0);
  let asked = 0;
  return (position) => {
    if (position < asked) {
      line = 1;
      next = nextBreak(text, 0);
    }
    asked = position;
    for (; next < position; next = nextBreak(text, next + 1)) line += 1;
    return line;
  };
}

function nextBreak(text: string, from: number): number {
  const at = text.indexOf("\n", from);
  return at === -1 ? Number.POSITIVE_INFINITY : at;
}
