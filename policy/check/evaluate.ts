import type { Policies } from "@pulumi/policy";
import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { packFacts } from "../pack/own-policies";
import {
  type ConfigOf,
  toBundle,
  toPackPolicy,
  toResourcePolicy,
  toStackPolicy,
  toWaiversPolicy,
} from "../pack/policies";
import type { ResourceRule, Rule, Severity } from "../pack/rule";
import { Session } from "../pack/session";
import { rules as allRules } from "../rules";
import { tokensOf } from "../stack/types";
import { factsByName } from "./facts";
import { byImportance, type Finding, levelOf } from "./finding";
import { resourceMessage, stackMessage } from "./messages";
import type { StateResource } from "./state";

/*
 * Runs the evaluator of @pulumi/policy in this process, through the functions with which its gRPC server answers the
 * engine. They are internal and not in its type declarations, so that package is pinned to an exact version. No other
 * module imports them.
 */
type Rpc = (call: { request: any }, callback: (error: unknown, response: any) => void) => void;
type MakeRpc = (pack: string, version: string, level: string, policies: Policies) => Rpc;
const { makeAnalyzeRpcFun, makeAnalyzeStackRpcFun, makeRemediateRpcFun } = require("@pulumi/policy/server") as Record<
  "makeAnalyzeRpcFun" | "makeAnalyzeStackRpcFun" | "makeRemediateRpcFun",
  MakeRpc
>;

/** Options of `evaluate` and `remediate`. */
export interface EvaluateOptions {
  /** @default every rule of the pack */
  readonly rules?: readonly Rule[];
  /**
   * Returns the configuration of a policy, as it is in a configuration file of the pack.
   * @default no policy is configured
   */
  readonly configOf?: ConfigOf;
  /**
   * Whether each rule on the stack is a policy of its own, as in the engine; slower, with the same findings.
   * @default false
   */
  readonly separately?: boolean;
}

/** Findings, and how many the baseline keeps from being reported. */
export interface Evaluation {
  readonly findings: readonly Finding[];
  readonly known: number;
}

/**
 * Evaluates the rules of the pack on the resources of a stack.
 * @returns findings, sorted by level, severity, rule and resource
 */
export async function evaluateState(
  resources: readonly StateResource[],
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const { rules = allRules, configOf = () => ({}) } = options;
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0; // an unknown is an exception here, and its stack trace would take longer than the rule
  try {
    const run = new Run(resources, rules, configOf);
    const found = [...(await run.resources()), ...(await run.stack(options.separately === true))];
    return { findings: found.sort(byImportance), known: run.session.knownCount };
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/**
 * Runs the rules that can change inputs on a resource, each rule as if its level were `remediate`.
 * @returns the changed inputs, by rule
 */
export async function remediateState(resource: StateResource, options: EvaluateOptions = {}) {
  const { rules = allRules, configOf = () => ({}) } = options;
  const session = new Session(rules, configOf(packFacts.name));
  const policies = rules
    .filter((rule): rule is ResourceRule => rule.scope === "resource" && rule.remediate !== undefined)
    .map((rule) => ({ ...toResourcePolicy(rule, session, configOf), enforcementLevel: "remediate" as const }));
  const message = resourceMessage(resource, undefined);
  const response = await call(makeRemediateRpcFun("platform", "0", "remediate", policies), message);
  return response.getRemediationsList().map((one: any) => ({
    policy: one.getPolicyname() as string,
    inputs: one.getProperties()?.toJavaScript() as Record<string, any> | undefined,
  }));
}

/** One evaluation of rules on a stack. */
class Run {
  readonly session: Session;
  private readonly registered: readonly StateResource[];
  private readonly byUrn: ReadonlyMap<string, StateResource>;

  constructor(
    private readonly all: readonly StateResource[],
    private readonly rules: readonly Rule[],
    private readonly configOf: ConfigOf,
  ) {
    this.session = new Session(rules, configOf(packFacts.name));
    this.byUrn = new Map(all.map((resource) => [resource.urn, resource]));
    this.registered = all.filter(({ external }) => external !== true);
    for (const { urn } of this.registered) this.session.register(urn);
  }

  /**
   * Evaluates each resource by the rules for its type only, because the evaluator unpacks the resource once per rule.
   */
  async resources(): Promise<Finding[]> {
    const byType = new Map<string, ResourceRule[]>();
    for (const rule of this.rules) {
      if (rule.scope !== "resource") continue;
      for (const type of rule.types.flatMap(tokensOf)) byType.set(type, [...(byType.get(type) ?? []), rule]);
    }
    const analyzers = new Map<string, Rpc>();
    for (const [type, rules] of byType) {
      const policies = rules.map((rule) => toResourcePolicy(rule, this.session, this.configOf));
      analyzers.set(type, makeAnalyzeRpcFun("platform", "0", "mandatory", policies));
    }
    const found: Finding[] = [];
    for (const resource of this.registered) {
      const rpc = analyzers.get(resource.type);
      if (rpc === undefined) continue;
      const message = resourceMessage(resource, this.providerOf(resource));
      found.push(...findingsOf(await call(rpc, message), resource.urn));
    }
    return found;
  }

  /** Evaluates the rules on the stack as a whole, between the two policies of the pack itself. */
  async stack(separately: boolean): Promise<Finding[]> {
    if (this.all.length === 0) return [];
    const rules = this.rules.filter((rule) => rule.scope !== "resource");
    const whole = () => stackMessage(this.all, (resource) => this.providerOf(resource));
    // The evaluator reads every property once per policy; the policies of the pack itself read names only.
    const bare = () => stackMessage(this.all.map(withoutProperties), () => undefined);
    const found: Finding[] = [];
    const run = async (policy: Policies[number], message: unknown) => {
      const policies = [{ ...policy, ...levelOfOwn(policy.name, this.configOf) }];
      const rpc = makeAnalyzeStackRpcFun("platform", "0", "mandatory", policies);
      found.push(...findingsOf(await call(rpc, message), ""));
    };
    await run(toPackPolicy(this.session, this.configOf), bare());
    if (!separately) await run(toBundle(rules, this.session, this.configOf), whole());
    else for (const rule of rules) await run(toStackPolicy(rule, this.session, this.configOf), whole());
    await run(toWaiversPolicy(this.session), bare());
    return found;
  }

  private providerOf({ provider }: StateResource): StateResource | undefined {
    return provider === undefined ? undefined : this.byUrn.get(provider);
  }
}

function withoutProperties(resource: StateResource): StateResource {
  return { ...resource, inputs: {}, outputs: {}, propertyDependencies: {} };
}

/** The configured level of a policy about the pack itself, which the evaluator applies; those of rules apply in `runOf`. */
function levelOfOwn(name: string, configOf: ConfigOf) {
  const level = name === "stack" ? undefined : configOf(name).enforcementLevel;
  return level === undefined ? {} : { enforcementLevel: level };
}

/** By the number in the protocol. The program decides the severity of some rules, so that it is part of each finding. */
const severityNames: Readonly<Record<number, Severity>> = {
  [analyzer.PolicySeverity.POLICY_SEVERITY_LOW]: "low",
  [analyzer.PolicySeverity.POLICY_SEVERITY_MEDIUM]: "medium",
  [analyzer.PolicySeverity.POLICY_SEVERITY_HIGH]: "high",
  [analyzer.PolicySeverity.POLICY_SEVERITY_CRITICAL]: "critical",
};

function findingsOf(response: any, urn: string): Finding[] {
  return response.getDiagnosticsList().map((diagnostic: any): Finding => {
    const policy: string = diagnostic.getPolicyname();
    const message: string = diagnostic.getMessage();
    const mandatory = diagnostic.getEnforcementlevel() === analyzer.EnforcementLevel.MANDATORY;
    return {
      policy,
      level: levelOf(message, mandatory),
      severity: severityNames[diagnostic.getSeverity()] ?? factsByName.get(policy)?.severity ?? "medium",
      urn: diagnostic.getUrn() || urn,
      message,
    };
  });
}

function call(rpc: Rpc, message: unknown): Promise<any> {
  return new Promise((resolve, reject) =>
    rpc({ request: message }, (error, response) => (error ? reject(error) : resolve(response))),
  );
}
