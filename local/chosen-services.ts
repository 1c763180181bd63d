import { UserError } from "../graph/user-error";
import type { FunctionSpec } from "./lambda/function-spec";
import type { ServerGroup } from "./processes/server-group";

/** What a person chooses of the planned services. */
export interface Choice {
  /** Services that run; functions of the platform itself always do. @default all */
  readonly only?: readonly string[] | undefined;
  /** Service whose processes open a port for a debugger each. @default none */
  readonly inspect?: string | undefined;
}

/** What runs of the plan. */
interface Chosen {
  readonly groups: readonly ServerGroup[];
  readonly functions: readonly FunctionSpec[];
  /** Why services are left out, in a sentence; undefined when none is. */
  readonly leftOut: string | undefined;
}

/** A function that waits for a person has no other limit than this. */
const inspectedSeconds = 3_600;

/**
 * Leaves out services that are not chosen, and has one wait for a debugger.
 * @throws {UserError} on the name of a service that is not planned, or that no debugger of Node.js can be used for
 */
export function chosenServices(
  groups: readonly ServerGroup[],
  functions: readonly FunctionSpec[],
  { only, inspect }: Choice,
): Chosen {
  const names = [...new Set([...groups.map(({ service }) => service), ...functions.flatMap(ownName)])].sort();
  for (const [option, name] of [
    ...(only ?? []).map((each) => ["only", each]),
    ...(inspect ? [["inspect", inspect]] : []),
  ]) {
    if (!names.includes(name!)) {
      throw new UserError(`--${option} must name planned services (${names.join(", ")}), got "${name}"; correct it`);
    }
  }
  const left = only === undefined ? [] : names.filter((name) => !only.includes(name));
  const runs = ({ service }: { readonly service: string }) => !left.includes(service);
  return {
    groups: groups.filter(runs).map((group) => (group.service === inspect ? inspectedGroup(group) : group)),
    functions: functions.filter(runs).map((spec) => (spec.service === inspect ? inspectedFunction(spec) : spec)),
    leftOut:
      left.length === 0
        ? undefined
        : `without ${left.join(" and ")}, which --only does not name; their routes answer 5xx`,
  };
}

/** A service says its name to its function; functions of the platform have none. */
function ownName({ service, env }: FunctionSpec): readonly string[] {
  return env["SERVICE_NAME"] === undefined ? [] : [service];
}

/** A server that stands at a breakpoint answers no check, and is not replaced for that. */
function inspectedGroup(group: ServerGroup): ServerGroup {
  const [executable, ...rest] = group.command;
  if (executable !== "node") throw notInNode(group.service);
  return {
    ...group,
    command: ["node", inspectArgument, ...rest],
    containerGraceSeconds: Number.POSITIVE_INFINITY,
    ...(group.balancerGraceSeconds === undefined ? {} : { balancerGraceSeconds: Number.POSITIVE_INFINITY }),
  };
}

function inspectedFunction(spec: FunctionSpec): FunctionSpec {
  if (spec.runtime === "python") throw notInNode(spec.service);
  return { ...spec, arguments: [inspectArgument], timeoutSeconds: inspectedSeconds };
}

/** A free port of this machine alone. */
const inspectArgument = "--inspect=127.0.0.1:0";

function notInNode(service: string): UserError {
  return new UserError(
    `--inspect must name a service in TypeScript, got "${service}", which is in Python; choose another`,
  );
}

/** Returns the address that a process opened for a debugger, where its log line says so. @example "127.0.0.1:41233" */
export function debuggerAddress(line: string): string | undefined {
  return /^Debugger listening on ws:\/\/([\d.]+:\d+)\//.exec(line)?.[1];
}
