import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Agent, request } from "undici";
import { catalog } from "../../apps/catalog";
import { readProject, withEverything } from "../../graph/project";
import { projectRoot } from "../../graph/project-root";
import { UserError } from "../../graph/user-error";
import type { FaultName } from "../../local/faults/kinds";
import type { PlatformState } from "../../local/state/platform-state";
import { rawConfig } from "../../stacks/config/raw";
import { parseConfig } from "../../stacks/config/read";
import type { Target } from "../../verify/target";
import { EXIT } from "../errors";
import { note, print } from "../print";
import { readState, runningConsole } from "../running-platform";
import { localTarget } from "../verify/local";
import { assess } from "./assess";
import { Control } from "./control";
import type { Course, Drilled, DrillOptions } from "./drilled";
import { Load } from "./load";
import { type LoadedService, loadedServices } from "./loaded-services";
import { plannedDetection, slowest } from "./planned";
import { type DrillKind, type DrillReport, renderReport } from "./report";
import { isWhole, Watch } from "./watch";

/** How long a client waits for an answer. */
const clientTimeoutMs = 3_000;
const defaultRate = 40;
/** Load before the fault, in which functions start, and after recovery. */
const warmMs = 2_000;
const afterMs = 1_000;
/** Requests to each service in each region before the load. */
const warmRequests = 2;
/** Longest time until all is whole again. */
const wholeMs = 45_000;

/**
 * Runs the command `drill`: load, a fault, recovery, and a report; the exit code is 1 past what is planned or declared.
 * @throws {UserError} when no platform runs, and for what cannot be drilled
 */
export async function drill(kind: DrillKind, options: DrillOptions): Promise<void> {
  const report = await runDrill(kind, options, (line) => void note(line));
  await print(options.json ? JSON.stringify(report, null, 2) : renderReport(report));
  process.exitCode = report.ok ? EXIT.ok : EXIT.failure;
}

/** Runs a drill. @throws {UserError} as `drill` */
export async function runDrill(
  kind: DrillKind,
  options: DrillOptions,
  say: (line: string) => void,
): Promise<DrillReport> {
  const consoleUrl = runningConsole(options.state);
  const control = new Control(consoleUrl, options.state);
  const [state, plan, target] = await Promise.all([
    readState(consoleUrl),
    control.recovery(),
    localTarget(consoleUrl, undefined, options.state),
  ]);
  const services = loadedServices(target.expected, kind === "instance" ? undefined : options.service);
  const most = Math.floor(services.reduce((sum, { mostRate }) => sum + mostRate, 0));
  const { rate = Math.min(defaultRate, most) } = options;
  if (rate > most) {
    throw new UserError(
      `--rate must be at most ${most}, three quarters of the routes' throttles, got ${rate}; lower it`,
    );
  }
  const dispatcher = new Agent({ connections: 1_024 });
  const token = await target.token!(services.flatMap(({ scopes }) => scopes));
  const prefix = `drill-${Date.now().toString(36)}`;
  const load = new Load({ url: target.global.origin, services, token, rate, clientTimeoutMs, dispatcher, prefix });
  const watch = new Watch(consoleUrl, () => load.now());
  const drilled = { kind, options, control, state, plan, services, load, watch, say, rate };
  try {
    await warmUp(target, services, dispatcher);
    const course = await runCourse(drilled);
    await load.stop();
    // What a region has missed reaches it within the lag.
    await sleep(2 * 1_000 * (state.endpoints?.replicationSeconds ?? 0) + 200);
    await load.readBack();
    await watch.stop();
    if (options.history !== undefined) writeFileSync(options.history, JSON.stringify(load.history));
    const declaredMs = (declaredSeconds(state.stack) * 1_000) / state.timeScale;
    const report = assess({ ...drilled, course, declaredMs });
    await control.move(course.mark, report.ok ? "done" : "failed", report);
    return report;
  } finally {
    await load.stop();
    await watch.stop();
    await removeItems(target, load);
    await dispatcher.destroy();
  }
}

async function runCourse(drilled: Drilled): Promise<Course> {
  const { kind, options, control, load, watch, say, state } = drilled;
  const mark = await control.mark(
    [kind, options.service ?? options.zone ?? options.region, options.how].filter(Boolean).join(" "),
  );
  say(`load: ${drilled.rate} requests a second of ${drilled.services.map(({ name }) => name).join(", ")}`);
  load.start();
  await sleep(warmMs);
  await control.move(mark.id, "fault");
  const faultAt = load.now();
  const before = watch.seen.at(-1)?.state ?? state;
  const begun = kind === "deploy" ? await deploy(drilled) : await breakPart(drilled, kind);
  const endedAt = load.now();
  await control.move(mark.id, "recovery");
  say("recovery: until all planned servers are healthy and the primary region answers");
  const isBack = (now: PlatformState) => isWhole(now) && now.global.region === before.global.region;
  const wholeAt = await watch.until(isBack, endedAt, wholeMs);
  await sleep(afterMs);
  return { mark: mark.id, faultAt, endedAt, wholeAt, before, ...begun };
}

/** Begins a fault, waits as long as it may take until it is found, and ends it. */
async function breakPart({ options, control, plan, services, state, say }: Drilled, kind: FaultName) {
  const { how, zone, region, seconds } = options;
  const service = kind === "instance" ? (options.service ?? withServers(plan, services, state)) : undefined;
  const asked = {
    kind,
    ...(how && { how }),
    ...(zone && { zone }),
    ...(region && { region }),
    ...(service && { service }),
  };
  const fault = await control.begin(asked);
  const end = () => control.end(fault.id);
  const interrupt = () => void end().finally(() => process.exit(130));
  process.once("SIGINT", interrupt);
  try {
    const place = fault.service ? `${fault.service} in ${fault.zone}` : (fault.zone ?? fault.region!);
    say(`fault: ${kind} ${place}, ${fault.how}`);
    const where = fault.region ?? fault.zone!.slice(0, -1);
    const each = services.map(({ name }) =>
      plannedDetection(plan, { kind, how: fault.how, region: where }, fault.service ?? name, state.timeScale),
    );
    const planned = slowest(each);
    await sleep(seconds === undefined ? 1.2 * (planned?.worstMs ?? 2_000) + 1_000 : seconds * 1_000);
    return { how: fault.how, place, region: where, ...(fault.service && { service: fault.service }), fault };
  } finally {
    process.removeListener("SIGINT", interrupt);
    await end();
  }
}

async function deploy({ options, control, plan, services, state, say }: Drilled) {
  const service = options.service ?? withServers(plan, services, state);
  say(`release: the servers of ${service} are replaced in the planned order`);
  const { servers } = await control.release(service);
  return { how: `${servers} servers`, place: service, region: state.global.region, service };
}

/** Returns a service with servers in the region that answers. @throws {UserError} when none has */
function withServers(plan: Drilled["plan"], services: readonly LoadedService[], { global }: PlatformState): string {
  const own = plan.services.filter(({ region, checks }) => region === global.region && checks !== undefined);
  const found = services.find(({ name }) => own.some(({ service }) => service === name));
  if (found === undefined) throw new UserError(`no service has servers in ${global.region}; name one with --service`);
  return found.name;
}

function declaredSeconds(environment: string): number {
  const { project, config } = readProject(projectRoot, environment);
  return parseConfig(rawConfig(project, withEverything(project, config)), environment, catalog).targets
    .recoveryTimeSeconds;
}

/** Has functions of every region start, which AWS keeps warm where that is planned. */
async function warmUp({ regions }: Target, services: readonly LoadedService[], dispatcher: Agent): Promise<void> {
  const asked = Object.values(regions).flatMap(({ origin, name }) =>
    services.flatMap((service) =>
      Array.from({ length: warmRequests }, async () => {
        const headers = { host: name };
        const { body } = await request(`${origin}${service.pathOf("none")}`, { headers, dispatcher });
        await body.dump();
      }),
    ),
  );
  await Promise.allSettled(asked);
}

async function removeItems({ tables }: Target, { items }: Load): Promise<void> {
  await Promise.all(items.map(({ service, id }) => tables?.remove(service, id).catch(() => {})));
}
