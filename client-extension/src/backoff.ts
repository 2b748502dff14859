/** How long to wait before a server that crashed is started again. */

const DELAYS_MS = [1_000, 2_000, 4_000, 8_000, 16_000];
/** A server that lived this long is counted from the beginning again. */
const QUIET_MS = 180_000;

export class Backoff {
  private crashes = 0;
  private last = Number.NEGATIVE_INFINITY;

  /** Whether the crash just noted is the first of a series. */
  get isFirst(): boolean {
    return this.crashes === 1;
  }

  /** Notes a crash: the milliseconds to wait, or undefined when it happened too often. */
  next(now: number): number | undefined {
    this.crashes = now - this.last > QUIET_MS ? 1 : this.crashes + 1;
    this.last = now;
    return DELAYS_MS[this.crashes - 1];
  }

  reset(): void {
    this.crashes = 0;
    this.last = Number.NEGATIVE_INFINITY;
  }
}
