import { failures } from "../cognito-error";

/** Limits how often something may be done in a time that slides. */
export class RateLimit {
  private times: number[] = [];

  constructor(
    private readonly most: number,
    private readonly withinMs: number,
  ) {}

  /** @param now  milliseconds since the epoch @throws {CognitoError} LimitExceededException over the limit */
  take(now: number): void {
    this.times = this.times.filter((at) => at > now - this.withinMs);
    if (this.times.length >= this.most) throw failures.tooOften();
    this.times.push(now);
  }
}
