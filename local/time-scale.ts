/** Turns planned seconds into milliseconds of this machine: with a factor of 10, a check every 10 s runs every second. */
export class TimeScale {
  /** @throws {RangeError} unless the factor is 0.1-1000 */
  constructor(readonly factor = 1) {
    if (!(factor >= 0.1 && factor <= 1_000)) {
      throw new RangeError(`time scale must be 0.1-1000, got ${factor}; 1 is real time, 10 ten times faster`);
    }
  }

  /** For intervals and delays. */
  ms(seconds: number): number {
    return (seconds * 1_000) / this.factor;
  }

  /** For how long an answer may take: never below 250 ms, as the machine itself does not become faster. */
  timeoutMs(seconds: number): number {
    return Math.max(Math.min(250, seconds * 1_000), this.ms(seconds));
  }
}
