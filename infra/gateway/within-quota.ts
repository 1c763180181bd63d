import type { Quota } from "./quotas";

/** What is measured against a quota. */
interface Measured {
  /** Whose it is. @example "REST API" */
  readonly subject: string;
  readonly got: number;
  /** What to do about too much. @example "remove routes" */
  readonly fix: string;
}

/**
 * Refuses what AWS would refuse in the middle of a deployment.
 * @throws {Error} one sentence: what is limited, the limit, what was got, the fix
 */
export function refuseBeyond(quota: Quota, { subject, got, fix }: Measured): void {
  if (got <= quota.value) return;
  const unit = quota.unit === "" ? "" : ` ${quota.unit}`;
  throw new Error(
    `${subject}: ${quota.what} must be at most ${quota.value}${unit}, which AWS takes, got ${got}; ${fix}`,
  );
}

/** Returns a text that is not longer than a quota of bytes. @throws {Error} when it is */
export function fitting(quota: Quota, text: string, { subject, fix }: Omit<Measured, "got">): string {
  refuseBeyond(quota, { subject, got: Buffer.byteLength(text), fix });
  return text;
}
