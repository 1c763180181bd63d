import type { RouteDefinitions, ScheduleDefinition, ServiceNeeds } from "./definition";

/** S3 keeps an object in no lifecycle longer than a 32-bit number of days; a century is enough for every service. */
const maxExpireDays = 36_500;

const scheduleId = /^[a-z](-?[a-z0-9])*$/;
const rate = /^rate\((1 (?:minute|hour|day)|([2-9]|[1-9]\d{1,3}) (?:minutes|hours|days))\)$/;
/** One field: `*`, `?`, or a list of numbers, ranges and steps. Not L, W, # and names, so that it is the same everywhere. */
const cronField = /^([*?]|(\*|\d{1,4}(-\d{1,4})?)(\/\d{1,4})?(,\d{1,4}(-\d{1,4})?(\/\d{1,4})?)*)$/;

/**
 * Checks what a service says that it needs.
 * @throws {Error} one sentence on the first need that cannot be met
 */
export function checkNeeds(service: string, { bucket, schedules = {} }: ServiceNeeds, routes: RouteDefinitions): void {
  const refuse = (need: string, rule: string, got: unknown, fix: string): never => {
    throw new Error(`service "${service}": needs.${need} must be ${rule}, got ${JSON.stringify(got)}; ${fix}`);
  };
  const days = bucket?.expireAfterDays;
  if (days !== undefined && !(Number.isInteger(days) && days >= 1 && days <= maxExpireDays)) {
    refuse("bucket.expireAfterDays", `a whole number of days from 1 to ${maxExpireDays}`, days, "correct it");
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
