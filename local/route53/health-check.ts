import type { GraphIndex, PlannedResource } from "../../graph/model";
import { probe, statusMatches } from "../ports/probe";
import type { TimeScale } from "../time-scale";
import { oneOf, required, unsupported } from "../unsupported";
import { Checkers, numberOfCheckers } from "./checkers";

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
  /** Returns numbers of 0-1 by which checkers begin at different times. @default Math.random */
  readonly random?: () => number;
}

/** Seconds that Route 53 waits: 4 for a connection, then 2 for the status. */
const timeoutSeconds = 4 + 2;

/**
 * A health check of an endpoint by its checkers, each of which asks at an interval of its own, as they do not know of each
 * other. HTTPS is checked over HTTP, as this machine has no certificate.
 */
export class EndpointCheck implements HealthCheck {
  private readonly checkers: Checkers;
  private timers: (NodeJS.Timeout | undefined)[] = [];

  constructor(
    private readonly planned: PlannedResource,
    private readonly options: HealthCheckOptions,
  ) {
    const { regions, failureThreshold = 3, invertHealthcheck, disabled } = planned.outputs;
    oneOf(planned, "invertHealthcheck", [undefined, false], invertHealthcheck);
    oneOf(planned, "disabled", [undefined, false], disabled);
    this.checkers = new Checkers(numberOfCheckers(regions), failureThreshold);
    // Reports an unknown name at the start, not at the first check.
    options.baseUrlOf(this.fqdn);
  }

  get name(): string {
    return this.planned.name;
  }

  get healthy(): boolean {
    return this.checkers.healthy;
  }

  private get fqdn(): string {
    return required<string>(this.planned, "fqdn", this.planned.outputs["fqdn"]);
  }

  start(): void {
    const { random = Math.random } = this.options;
    this.timers = Array.from({ length: this.checkers.number }, (_, checker) =>
      setTimeout(() => void this.round(checker), random() * this.intervalMs),
    );
  }

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers = [];
  }

  private get intervalMs(): number {
    return this.options.time.ms(this.planned.outputs["requestInterval"] ?? 30);
  }

  private async round(checker: number): Promise<void> {
    const started = performance.now();
    const base = this.options.baseUrlOf(this.fqdn);
    const url = `${base}${this.planned.outputs["resourcePath"] ?? "/"}`;
    const status = base === undefined ? undefined : await this.probe(url);
    if (this.timers[checker] === undefined) return;
    if (this.checkers.record(checker, statusMatches("200-399", status))) this.options.changed(this);
    // A checker sends the next request an interval after this one; its time limit is shorter than an interval.
    const left = this.intervalMs - (performance.now() - started);
    this.timers[checker] = setTimeout(() => void this.round(checker), Math.max(0, left));
  }

  /** The name is sent as Host, by which a gateway tells the APIs of its region apart. */
  private probe(url: string): Promise<number | undefined> {
    return probe(url, this.options.time.timeoutMs(timeoutSeconds), { headers: { host: this.fqdn } });
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
