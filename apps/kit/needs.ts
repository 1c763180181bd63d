import type { RouteDefinitions } from "./definition";
import type { MoreTableSpec, ScheduleDefinition, ServiceNeeds } from "./needs-definition";
import { sessionNeeds, sessionTable } from "./session";

/** S3 keeps an object in no lifecycle longer than a 32-bit number of days; a century is enough for every service. */
const maxExpireDays = 36_500;

/** Attribute of a table's items that says when they expire, in seconds since the epoch. */
export const EXPIRY = "expiresAt";
/** Name of the table of a service's idempotency keys, which it has when a route takes them. */
export const keyTable = "idempotency-keys";
const tableName = /^(?=.{1,32}$)[a-z](-?[a-z0-9])*$/;
const scheduleId = /^[a-z](-?[a-z0-9])*$/;
const rate = /^rate\((1 (?:minute|hour|day)|([2-9]|[1-9]\d{1,3}) (?:minutes|hours|days))\)$/;
/** One field: `*`, `?`, or a list of numbers, ranges and steps. Not L, W, # and names, so that it is the same everywhere. */
const cronField = /^([*?]|(\*|\d{1,4}(-\d{1,4})?)(\/\d{1,4})?(,\d{1,4}(-\d{1,4})?(\/\d{1,4})?)*)$/;

/**
 * Checks what a service says that it needs.
 * @throws {Error} one sentence on the first need that cannot be met
 */
export function checkNeeds(service: string, needs: ServiceNeeds, routes: RouteDefinitions): void {
  const { bucket, schedules = {} } = needs;
  const refuse = (need: string, rule: string, got: unknown, fix: string): never => {
    throw new Error(`service "${service}": needs.${need} must be ${rule}, got ${JSON.stringify(got)}; ${fix}`);
  };
  checkNames(refuse, needs);
  const days = bucket?.expireAfterDays;
  if (days !== undefined && !(Number.isInteger(days) && days >= 1 && days <= maxExpireDays)) {
    refuse("bucket.expireAfterDays", `a whole number of days from 1 to ${maxExpireDays}`, days, "correct it");
  }
  for (const [name, { hashKey }] of Object.entries(needs.tables ?? {})) {
    if (!tableName.test(name)) {
      refuse("tables", "named in at most 32 lower-case letters, digits and single inner hyphens", name, "rename it");
    }
    if (hashKey === EXPIRY || !/^[A-Za-z][A-Za-z0-9]{0,63}$/.test(hashKey)) {
      refuse(`tables.${name}.hashKey`, `at most 64 letters and digits, and not ${EXPIRY}`, hashKey, "rename the key");
    }
  }
  const prefix = bucket?.onUpload?.prefix;
  if (prefix !== undefined && !/^[a-z0-9][a-z0-9/_-]{0,99}$/.test(prefix)) {
    refuse(
      "bucket.onUpload.prefix",
      "1-100 lower-case letters, digits, /, _ and -",
      prefix,
      "name the beginning of the keys that the route is told of",
    );
  }
  for (const [id, schedule] of Object.entries(schedules)) {
    if (!scheduleId.test(id) || id.length > 40) {
      refuse(
        "schedules",
        "named in at most 40 lower-case letters, digits and inner hyphens",
        id,
        "rename the schedule",
      );
    }
    checkSchedule((field, rule, got, fix) => refuse(`schedules.${id}.${field}`, rule, got, fix), schedule, routes);
  }
}

/**
 * Returns the tables that a service needs: those that it names, that of its idempotency keys, and that of its sessions.
 * @throws {Error} one sentence on the first route that cannot take a key or have a session
 */
export function neededTables(
  service: string,
  { tables }: ServiceNeeds,
  routes: RouteDefinitions,
): Readonly<Record<string, MoreTableSpec>> | undefined {
  const own = { [keyTable]: keyNeeds(service, routes), [sessionTable]: sessionNeeds(service, routes) };
  const made = Object.entries(own).flatMap(([name, spec]) => (spec === undefined ? [] : [[name, spec] as const]));
  for (const [name] of made) {
    if (tables?.[name] !== undefined) {
      throw new Error(`service "${service}": needs.tables must not name ${name}, which its routes need; rename it`);
    }
  }
  return made.length === 0 ? tables : { ...tables, ...Object.fromEntries(made) };
}

function keyNeeds(service: string, routes: RouteDefinitions): MoreTableSpec | undefined {
  const taking = Object.entries(routes).filter(([, { idempotency }]) => idempotency !== undefined);
  if (taking.length === 0) return undefined;
  for (const [id, { method, access, stream }] of taking) {
    if (method !== "POST" || access !== "write" || stream) {
      const got = `${method} with access ${access}${stream ? " and a stream" : ""}`;
      const rule = "be a POST with access write and one answer to take idempotency keys";
      throw new Error(`service "${service}": route "${id}" must ${rule}, got ${got}; take out idempotency`);
    }
  }
  const exact = taking.some(([, { idempotency }]) => idempotency!.exact);
  return { hashKey: "id", expires: true, ...(exact ? { home: true } : {}) };
}

/** Environment variables that the platform sets itself, or that AWS does. */
const reservedNames =
  /^(SERVICE_NAME|TABLE_.*|BUCKET|HOST|PORT|LOG_LEVEL|DRAIN_SECONDS|KEEP_ALIVE_SECONDS|REQUEST_TIMEOUT_SECONDS|REGION_PROBE_SECONDS|PATH|NODE_.*|AWS_.*|LAMBDA_.*|ECS_.*|.*_PARAMETER)$/;
const hostName = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;

/**
 * Tells whether a text can be the value of an environment variable under every pattern: systemd reads quotes, backslashes
 * and comments in its files.
 */
export function isVariableValue(value: string): boolean {
  return /^[^"'\\\r\n#;]{0,1024}$/.test(value);
}

function checkNames(
  refuse: (need: string, rule: string, got: unknown, fix: string) => void,
  { variables = {}, secrets = {}, egress = [] }: ServiceNeeds,
): void {
  const names = [...Object.keys(variables), ...Object.keys(secrets)];
  for (const [need, own] of [
    ["variables", variables],
    ["secrets", secrets],
  ] as const) {
    for (const name of Object.keys(own)) {
      if (!/^[A-Z][A-Z0-9_]{0,63}$/.test(name) || reservedNames.test(name)) {
        refuse(need, "named in A-Z, 0-9 and _, and not as a variable of the platform or of AWS", name, "rename it");
      }
      if (names.indexOf(name) !== names.lastIndexOf(name)) {
        refuse(need, "a name that no other variable or secret has", name, "rename one of them");
      }
    }
  }
  for (const [name, { default: value }] of Object.entries(variables)) {
    if (!isVariableValue(value)) {
      refuse(
        `variables.${name}.default`,
        "one line of at most 1,024 characters without quotes, backslash, # and ;",
        value,
        "correct it",
      );
    }
  }
  for (const host of egress) {
    if (!hostName.test(host) || egress.indexOf(host) !== egress.lastIndexOf(host)) {
      refuse("egress", "different lower-case host names such as api.example.com", host, "correct or remove it");
    }
  }
}

function checkSchedule(
  refuse: (field: string, rule: string, got: unknown, fix: string) => void,
  { every, route }: ScheduleDefinition,
  routes: RouteDefinitions,
): void {
  if (!isExpression(every)) {
    const rule =
      "rate(<n> minutes, hours or days) or cron(<minutes> <hours> <day of month> <month> <day of week> <year>)";
    refuse("every", `${rule} of numbers, with ? as exactly one of the two days`, every, "correct the expression");
  }
  const called = routes[route];
  if (called === undefined) {
    refuse("route", `one of ${Object.keys(routes).join(", ")}`, route, "name a route");
  } else if (called.path.includes("{") || called.body !== undefined) {
    refuse("route", "a route without path parameters and body", route, "name another route, or make one for it");
  }
}

/** @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html */
function isExpression(every: string): boolean {
  if (rate.test(every)) return true;
  const fields = /^cron\((.+)\)$/.exec(every)?.[1]?.split(" ") ?? [];
  const days = [fields[2], fields[4]].filter((field) => field === "?");
  const others = [fields[0], fields[1], fields[3], fields[5]];
  return (
    fields.length === 6 && fields.every((field) => cronField.test(field)) && days.length === 1 && !others.includes("?")
  );
}
