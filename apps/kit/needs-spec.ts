import type { Method, RouteDefinitions } from "./definition";
import { type DeliveredRoute, deliveredRoute } from "./deliveries";
import { neededTables } from "./needs";
import type { ServiceNeeds } from "./needs-definition";

/** A call of one of the service's own routes by the clock, as plain data. */
export interface ScheduleSpec {
  /** Kebab-case and unique within the service. */
  readonly id: string;
  /** `rate(...)` or `cron(...)` of EventBridge Scheduler, in UTC. */
  readonly every: string;
  readonly method: Method;
  /** Path without parameters. */
  readonly path: string;
}

/** What a service needs in addition to its table and its servers, as plain data. */
export interface NeedsSpec extends Pick<ServiceNeeds, "tables"> {
  readonly bucket?: {
    readonly expireAfterDays: number;
    /** The route that is told of objects whose keys begin with `prefix`. */
    readonly onUpload?: DeliveredRoute & { readonly prefix: string };
  };
  /** Defaults of its environment variables, by name. */
  readonly variables: Readonly<Record<string, string>>;
  /** Names of its secrets. */
  readonly secrets: readonly string[];
  readonly egress: readonly string[];
  readonly schedules: readonly ScheduleSpec[];
}

/** Returns the needs with each schedule's route written out, so that nothing else has to look it up. */
export function needsSpec(service: string, needs: ServiceNeeds, routes: RouteDefinitions): NeedsSpec {
  const { bucket, variables = {}, secrets = {}, egress = [], schedules = {} } = needs;
  const tables = neededTables(service, needs, routes);
  const called = Object.entries(schedules).map(([id, { every, route }]) => {
    const { method, path } = routes[route]!;
    return { id, every, method, path };
  });
  return {
    ...(bucket === undefined ? {} : { bucket: bucketSpec(service, bucket, routes) }),
    ...(tables === undefined ? {} : { tables }),
    variables: Object.fromEntries(Object.entries(variables).map(([name, variable]) => [name, variable.default])),
    secrets: Object.keys(secrets),
    egress,
    schedules: called,
  };
}

function bucketSpec(
  service: string,
  { expireAfterDays, onUpload }: NonNullable<ServiceNeeds["bucket"]>,
  routes: RouteDefinitions,
): NonNullable<NeedsSpec["bucket"]> {
  if (onUpload === undefined) return { expireAfterDays };
  const { prefix, route } = onUpload;
  const delivered = deliveredRoute(service, "needs.bucket.onUpload.route", route, routes);
  return { expireAfterDays, onUpload: { prefix, ...delivered } };
}
