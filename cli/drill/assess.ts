import type { Course, Drilled } from "./drilled";
import { seconds } from "./format";
import { checkLate } from "./history/late";
import { checkLinearizable } from "./history/linearizable";
import type { Violation } from "./history/operation";
import type { Asked } from "./load";
import { hasFailed, measure } from "./measure";
import { type PlannedDetection, plannedDetection, slowest } from "./planned";
import type { DrillReport, ServiceRow } from "./report";

/** What a busy machine may take longer than planned time says, independent of the time scale. */
export const machineMs = 1_500;

/** Measures a drill and says whether it kept what is planned and declared. */
export function assess(drilled: Drilled & { readonly course: Course; readonly declaredMs: number }): DrillReport {
  const { kind, state, rate, load, course, declaredMs, plan } = drilled;
  const { asked } = load;
  const measured = measure(asked, course.faultAt);
  const rows = serviceRows(drilled);
  const planned = slowest(rows.map((row) => row.planned));
  const violations = violationsOf(drilled);
  const puts = load.history.filter((each) => each.kind === "put");
  const moves = kind === "region" && plan.names !== undefined;
  const addressMs = (plan.addressSeconds * 1_000) / state.timeScale;
  const target = moves ? { declaredMs, tookMs: Math.round(measured.failuresStoppedMs + addressMs) } : undefined;
  const foundAt = detectedAt(drilled);
  const returns =
    plan.names && plannedDetection(plan, { kind: "region", how: "refuse", region: course.region }, "", state.timeScale);
  const report: Omit<DrillReport, "problems" | "ok"> = {
    drill: { kind, how: course.how, place: course.place },
    stack: state.stack,
    timeScale: state.timeScale,
    rate,
    faultMs: Math.round(course.endedAt - course.faultAt),
    ...measured,
    detection: {
      ...(foundAt === undefined ? {} : { measuredMs: Math.round(foundAt - course.faultAt) }),
      ...(planned && { planned }),
    },
    recovery: {
      ...(course.wholeAt === undefined ? {} : { measuredMs: Math.round(course.wholeAt - course.endedAt) }),
      ...(moves && returns && { planned: returns }),
    },
    services: rows,
    writes: {
      acknowledged: puts.filter(({ end }) => end !== undefined).length,
      unknown: puts.filter(({ end }) => end === undefined).length,
      keys: new Set(puts.map(({ key }) => key)).size,
    },
    violations,
    ...(target && { target }),
  };
  const problems = problemsOf(report);
  return { ...report, problems, ok: problems.length === 0 };
}

function problemsOf(report: Omit<DrillReport, "problems" | "ok">): string[] {
  const { drill, services, violations, recovery, target, failed } = report;
  return [
    ...violations.map(({ key, what }) => `${key}: ${what}`),
    ...services.flatMap(({ service, planned, failuresStoppedMs }) =>
      planned !== undefined && failuresStoppedMs > planned.worstMs + machineMs
        ? [`${service} failed for ${seconds(failuresStoppedMs)}, planned ${seconds(planned.worstMs)} at most`]
        : [],
    ),
    ...(harmless(drill) && failed > 0
      ? [`${failed} requests failed during a ${drill.kind === "deploy" ? "release" : "zonal shift"}; none may`]
      : []),
    ...(recovery.measuredMs === undefined ? ["the platform was not whole again in time"] : []),
    ...(target !== undefined && target.tookMs > target.declaredMs + machineMs
      ? [
          `recovery took ${seconds(target.tookMs)}, declared ${seconds(target.declaredMs)} (targets.recoveryTimeSeconds)`,
        ]
      : []),
  ];
}

/** Whether nothing is broken, so that no request may fail. */
function harmless({ kind, how }: DrillReport["drill"]): boolean {
  return kind === "deploy" || how === "shift";
}

function serviceRows(drilled: Drilled & { readonly course: Course }): ServiceRow[] {
  const { kind, plan, state, services, load, course } = drilled;
  return services.map(({ name }) => {
    const own = load.asked.filter(({ service }) => service === name);
    const { region, how, service: broken } = course;
    const pattern = plan.services.find((each) => each.service === name && each.region === region)?.pattern ?? "";
    const concerned = broken === undefined || broken === name;
    const planned = concerned ? plannedDetection(plan, { kind, how, region }, name, state.timeScale) : undefined;
    const lasting = planned && Math.min(course.endedAt - course.faultAt, planned.worstMs);
    const expectedFailures = planned && expected(own, course, shareLost(course, kind, name), planned, lasting!);
    return {
      service: name,
      pattern,
      requests: own.length,
      failed: own.filter(hasFailed).length,
      failuresStoppedMs: Math.round(measure(own, course.faultAt).failuresStoppedMs),
      ...(planned && { planned }),
      ...(expectedFailures && { expectedFailures }),
    };
  });
}

/** Requests of a service while a fault is not found yet, times the share of its servers that fail. */
function expected(own: readonly Asked[], course: Course, share: number, planned: PlannedDetection, worstMs: number) {
  const lastStart = own.reduce((latest, { start }) => Math.max(latest, start), 1);
  const perMs = own.length / lastStart;
  const of = (milliseconds: number) => Math.round(perMs * share * milliseconds);
  return { median: of(Math.min(planned.medianMs, course.endedAt - course.faultAt)), most: of(worstMs) };
}

/** Share of a service's healthy servers that a fault took, in the region where it was. */
function shareLost({ before, region, fault }: Course, kind: Drilled["kind"], service: string): number {
  if (kind === "region" || kind === "dependency") return region === before.global.region ? 1 : 0;
  const own = before.workloads.filter((each) => each.service === service && each.region === region);
  const healthy = own.flatMap(({ servers }) => servers).filter(({ health }) => health === "healthy");
  const lost = healthy.filter(({ zone, pid }) => (kind === "instance" ? pid === fault?.pid : zone === fault?.zone));
  return region !== before.global.region || healthy.length === 0 ? 0 : lost.length / healthy.length;
}

function violationsOf({ kind, load, course, watch, state }: Drilled & { readonly course: Course }): Violation[] {
  const { history } = load;
  const moved = kind === "region" || kind === "dependency";
  if (!moved) return checkLinearizable(history);
  const shown = (state.endpoints?.replicationSeconds ?? 0) * 1_000;
  const lagMs = Math.max(shown, watch.longestLagMs) + machineMs;
  const settledAt = (course.wholeAt ?? Number.POSITIVE_INFINITY) + lagMs;
  return checkLate(history, { lostAt: course.faultAt, settledAt, lagMs });
}

/** When what fails was out of service for the first time, as the platform's state says. */
function detectedAt({ kind, watch, course, services }: Drilled & { readonly course: Course }): number | undefined {
  const { region, before, fault, faultAt } = course;
  if (kind === "deploy" || course.how === "shift") return undefined;
  if (kind === "region" || kind === "dependency") {
    return watch.first(({ global }) => global.region !== before.global.region, faultAt);
  }
  const names = new Set(services.map(({ name }) => name));
  return watch.first(({ workloads }) => {
    const servers = workloads
      .filter((each) => each.region === region && each.pattern !== "lambda" && names.has(each.service))
      .flatMap((each) => each.servers);
    return !servers.some(({ zone, pid, health }) => {
      const fails = kind === "instance" ? pid === fault?.pid : zone === fault?.zone;
      return fails && (health === "healthy" || health === "initial");
    });
  }, faultAt);
}
