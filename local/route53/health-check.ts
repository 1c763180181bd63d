import type { GraphIndex, PlannedResource } from "../../graph/model";
import { matches, probe } from "../ports/probe";
import type { TimeScale } from "../time-scale";
import { oneOf, required, unsupported } from "../unsupported";

/** A planned Route 53 health check while it runs. */
export interface HealthCheck {
  readonly name: string;
  readonly healthy: boolean;
}

export interface HealthCheckOptions {
  readonly time: TimeScale;
  /** Base URL that stands for a DNS name now; undefined when nothing answers for it. @throws on an unknown name */
  readonly locate: (fqdn: string) => string | undefined;
  /** Called when a check changes. */
  readonly changed: (check: HealthCheck) => void;
}

/** Seconds Route 53 waits for a connection and then for the status. */
const patienceSeconds = 4 + 2;

/**
 * Checks an endpoint with one checker, where Route 53 has several per region and takes 18 % of them as enough: on one
 * machine all would see the same. HTTPS is checked over HTTP, as no certificate is on this machine.
 */
export class EndpointCheck implements HealthCheck {
  /** A new check counts as healthy. */
  healthy = true;
  private streak = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly planned: PlannedResource,
    private readonly options: HealthCheckOptions,
  ) {
    oneOf(planned, "invertHealthcheck", [undefined, false], planned.outputs["invertHealthcheck"]);
    oneOf(planned, "disabled", [undefined, false], planned.outputs["disabled"]);
    // Fails at the start rather than at the first check.
    options.locate(this.fqdn);
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
      const base = this.options.locate(this.fqdn);
      const url = `${base}${outputs["resourcePath"] ?? "/"}`;
      const status = base === undefined ? undefined : await probe(url, time.timeoutMs(patienceSeconds));
      this.judge(matches("200-399", status));
      if (this.timer !== undefined) this.timer = setTimeout(round, time.ms(outputs["requestInterval"] ?? 30));
    };
    this.timer = setTimeout(round, 0);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private judge(passed: boolean): void {
    this.streak = passed === this.healthy ? 0 : this.streak + 1;
    if (this.streak < (this.planned.outputs["failureThreshold"] ?? 3)) return;
    this.healthy = passed;
    this.streak = 0;
    this.options.changed(this);
  }
}

/** Healthy while enough of its children are. */
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

/** Every planned health check by id. */
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
