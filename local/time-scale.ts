/**
 * A factor by which planned times are shortened: with a factor of 10, a check planned every 10 s runs every second.
 * @example new TimeScale(10).ms(10) // 1000
 */
export class TimeScale {
  /** @throws {RangeError} unless the factor is 0.1-1000 */
  constructor(readonly factor = 1) {
    if (!(factor >= 0.1 && factor <= 1_000)) {
      throw new RangeError(`time scale must be 0.1-1000, got ${factor}; 1 is real time, 10 ten times faster`);
    }
  }

  /** Returns the milliseconds of an interval or delay. */
  ms(seconds: number): number {
    return (seconds * 1_000) / this.factor;
  }

  /** Returns the milliseconds of a timeout: 250 or more, unless fewer are planned, as the machine is not faster. */
  timeoutMs(seconds: number): number {
    return Math.max(Math.min(250, seconds * 1_000), this.ms(seconds));
  }
}
