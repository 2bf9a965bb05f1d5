/** What a lull is for. */
export interface Gatherer {
  /** Nothing is to be waited for any more: it ends without a word. */
  isDone(): boolean;
  /** Nobody waits so far. */
  isEmpty(): boolean;
  /** It is over: nobody came any more, or those who wait have waited long enough. */
  over(): void;
}

/** Whatever else the loop serves is kept waiting by no more than this. */
const NAP_MS = 0.5;
/** As long as those who came may be kept waiting for others, whatever else comes meanwhile. */
const LONGEST_MS = 8;
/** As long as the first of them is waited for. */
const EMPTY_MS = 2;

/**
 * While many call, a loop that waits for them is woken once by each, and again by what each says: a quarter of all that is done
 * for them. Asleep for moments instead, it finds many at once, as a network card that coalesces its interrupts.
 */
export class Lull {
  private arrivals = 0;
  private readonly gatherer: Gatherer;

  constructor(gatherer: Gatherer) {
    this.gatherer = gatherer;
  }

  /** Somebody came, or said something: the loop may have more of it already. */
  arrived(): void {
    this.arrivals += 1;
  }

  begin(): void {
    this.go(this.arrivals, performance.now());
  }

  private go(had: number, begun: number): void {
    // After all that the loop has by now.
    setImmediate(() => {
      if (this.gatherer.isDone()) return;
      if (performance.now() - begun > (this.gatherer.isEmpty() ? EMPTY_MS : LONGEST_MS)) this.gatherer.over();
      else if (this.arrivals > had) this.go(this.arrivals, begun);
      else {
        Atomics.wait(NEVER, 0, 0, NAP_MS);
        // One turn at least, for what came meanwhile.
        this.go(this.arrivals - 1, begun);
      }
    });
  }
}

/** Nobody changes it: whoever waits for that sleeps. */
const NEVER = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
