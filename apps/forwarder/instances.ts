import { HttpError } from "../kit/errors";
import type { ForwarderSettings, Target } from "./settings";

/** A server that is registered in Cloud Map. */
export interface Instance {
  readonly address: string;
  readonly port: number;
}

/** Options of `createInstances`. */
export interface InstancesOptions {
  /** Returns the attributes of the healthy instances of a service (DiscoverInstances with HealthStatus HEALTHY). */
  readonly discover: (target: Target) => Promise<readonly Readonly<Record<string, string>>[]>;
  readonly allowedAddresses: ForwarderSettings["allowedAddresses"];
  /** Is told of failed discoveries, of services without servers and of addresses that are not allowed. */
  readonly onFailure: (what: string, error?: unknown) => void;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
}

/** The servers of services. */
export interface Instances {
  /**
   * Returns the servers of a service in random order, those that could not be connected to just now last.
   * @throws {HttpError} 503 `no_servers`
   */
  of(target: Target): Promise<readonly Instance[]>;
  /** Notes that a server could not be connected to. */
  failed(instance: Instance): void;
}

/**
 * Time that a list is used. A server that is removed serves for 15 s more, and the account has 1,000 discoveries a second
 * for all its functions.
 */
const freshMilliseconds = 5_000;
/** Time that the last list is used while discovery fails or finds no server. */
const lastGoodMilliseconds = 5 * 60_000;
/** Time between two attempts that fail; shorter while there is no list. */
const retryMilliseconds = 10_000;
const coldRetryMilliseconds = 1_000;
/** Time that a server is tried last after a failed connection. */
const avoidedMilliseconds = 5_000;

interface Known {
  instances: readonly Instance[];
  /** When `instances` arrived. */
  arrivedAt: number;
  nextAt: number;
  running: Promise<void> | undefined;
}

/** Makes the cache of the servers of services, with one discovery of a service at a time. */
export function createInstances({
  discover,
  allowedAddresses,
  onFailure,
  now = Date.now,
}: InstancesOptions): Instances {
  const services = new Map<string, Known>();
  const failedAt = new Map<string, number>();

  async function refresh(target: Target, known: Known): Promise<void> {
    try {
      const found = (await discover(target)).flatMap((attributes) => valid(attributes));
      if (found.length > 0)
        Object.assign(known, { instances: found, arrivedAt: now(), nextAt: now() + freshMilliseconds });
      else failed(target, known, "a service has no healthy server");
    } catch (error) {
      failed(target, known, "discovery failed", error);
    } finally {
      known.running = undefined;
    }
  }
  function failed({ service }: Target, known: Known, what: string, error?: unknown): void {
    known.nextAt = now() + (known.instances.length > 0 ? retryMilliseconds : coldRetryMilliseconds);
    onFailure(`${what}: ${service}`, error);
  }
  function valid({
    AWS_INSTANCE_IPV4: address = "",
    AWS_INSTANCE_PORT: text = "",
  }: Readonly<Record<string, string>>): Instance[] {
    const port = /^[1-9]\d{0,4}$/.test(text) ? Number(text) : 0;
    if (allowedAddresses.check(address) && port >= 1 && port <= 65_535) return [{ address, port }];
    onFailure("a server is registered with an address outside the VPC, or no port");
    return [];
  }
  const keyOf = ({ address, port }: Instance) => `${address}:${port}`;

  return {
    async of(target) {
      const key = `${target.namespace}/${target.service}`;
      const known = services.get(key) ?? { instances: [], arrivedAt: 0, nextAt: 0, running: undefined };
      services.set(key, known);
      // No refresh behind a request: Lambda freezes the function after the answer, and the list would arrive hours later.
      if (now() >= known.nextAt) known.running ??= refresh(target, known);
      await known.running;
      if (known.instances.length === 0 || now() - known.arrivedAt > lastGoodMilliseconds) {
        throw new HttpError(503, "no_servers", "No server of the service is available; try again");
      }
      const order = known.instances.map((instance) => {
        const avoided = now() - (failedAt.get(keyOf(instance)) ?? Number.NEGATIVE_INFINITY) < avoidedMilliseconds;
        return { instance, rank: Math.random() + (avoided ? 1 : 0) };
      });
      return order.sort((a, b) => a.rank - b.rank).map(({ instance }) => instance);
    },
    failed(instance) {
      for (const [key, at] of failedAt) if (now() - at >= avoidedMilliseconds) failedAt.delete(key);
      failedAt.set(keyOf(instance), now());
    },
  };
}
