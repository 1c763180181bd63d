import type { GraphIndex, PlannedResource } from "../../graph/model";
import { probe, statusMatches } from "../ports/probe";
import type { TimeScale } from "../time-scale";
import { oneOf, required, unsupported } from "../unsupported";

/** A running Route 53 health check. */
export interface HealthCheck {
  readonly name: string;
  readonly healthy: boolean;
}

/** Options of `readHealthChecks`. */
export interface HealthCheckOptions {
  readonly time: TimeScale;
  /** Returns the base URL of the API with a DNS name; undefined while it is down. @throws {Error} on an unknown name */
  readonly baseUrlOf: (fqdn: string) => string | undefined;
  /** Called when a check becomes healthy or unhealthy. */
  readonly changed: (check: HealthCheck) => void;
}

/** Seconds that Route 53 waits: 4 for a connection, then 2 for the status. */
const timeoutSeconds = 4 + 2;

/**
 * A health check of an endpoint, made by one checker. Route 53 has several checkers per region and needs 18 % of them
 * to pass; on one machine all would get the same result. HTTPS is checked over HTTP, as this machine has no
 * certificate.
 */
export class EndpointCheck implements HealthCheck {
  /** A new check counts as healthy. */
  healthy = true;
  private consecutiveResults = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly planned: PlannedResource,
    private readonly options: HealthCheckOptions,
  ) {
    oneOf(planned, "invertHealthcheck", [undefined, false], planned.outputs["invertHealthcheck"]);
    oneOf(planned, "disabled", [undefined, false], planned.outputs["disabled"]);
    // Reports an unknown name at the start, not at the first check.
    options.baseUrlOf(this.fqdn);
  }

  get name(): string {
    return this.planned.name;
  }

  private get fqdn(): string {
    return required<string>(this.planned, "fqdn", this.planned.outputs["fqdn"]);
  }

  start(): void {
    const { outputs } = this.planned;
    const { time } = this.options;
    const round = async () => {
      const started = performance.now();
      const base = this.options.baseUrlOf(this.fqdn);
      const url = `${base}${outputs["resourcePath"] ?? "/"}`;
      const status = base === undefined ? undefined : await this.probe(url);
      this.recordResult(statusMatches("200-399", status));
      // Route 53 sends the next check an interval after the start of this one; its time limit is shorter than an interval.
      const left = time.ms(outputs["requestInterval"] ?? 30) - (performance.now() - started);
      if (this.timer !== undefined) this.timer = setTimeout(round, Math.max(0, left));
    };
    this.timer = setTimeout(round, 0);
  }

  /** The name is sent as Host, by which a gateway tells the APIs of its region apart. */
  private probe(url: string): Promise<number | undefined> {
    return probe(url, this.options.time.timeoutMs(timeoutSeconds), { headers: { host: this.fqdn } });
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private recordResult(passed: boolean): void {
    this.consecutiveResults = passed === this.healthy ? 0 : this.consecutiveResults + 1;
    if (this.consecutiveResults < (this.planned.outputs["failureThreshold"] ?? 3)) return;
    this.healthy = passed;
    this.consecutiveResults = 0;
    this.options.changed(this);
  }
}

/** A calculated health check: healthy while enough of its child checks are. */
class CalculatedCheck implements HealthCheck {
  constructor(
    readonly name: string,
    private readonly threshold: number,
    private readonly children: () => readonly HealthCheck[],
  ) {}

  get healthy(): boolean {
    return this.children().filter((child) => child.healthy).length >= this.threshold;
  }
}

/** Makes a health check for each planned one, by id. */
export function readHealthChecks(index: GraphIndex, options: HealthCheckOptions): ReadonlyMap<string, HealthCheck> {
  const checks = new Map<string, HealthCheck>();
  for (const planned of index.ofType("aws:route53/healthCheck:HealthCheck")) {
    const { outputs } = planned;
    const type = oneOf(planned, "type", ["HTTP", "HTTPS", "CALCULATED"], outputs["type"]);
    const children: string[] = outputs["childHealthchecks"] ?? [];
    const child = (id: string) =>
      checks.get(id) ?? unsupported(planned, "childHealthchecks", "planned health checks", id);
    const threshold = outputs["childHealthThreshold"] ?? children.length;
    const check =
      type === "CALCULATED"
        ? new CalculatedCheck(planned.name, threshold, () => children.map(child))
        : new EndpointCheck(planned, options);
    checks.set(outputs["id"], check);
  }
  return checks;
}
