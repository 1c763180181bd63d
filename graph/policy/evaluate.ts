import type { Policies } from "@pulumi/policy";
import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { type ConfigOf, toBundle, toResourcePolicy, toStackPolicy } from "../../policy/pack/policies";
import type { ResourceRule, Rule } from "../../policy/pack/rule";
import { NOT_EVALUATED } from "../../policy/pack/run";
import { rules as allRules } from "../../policy/rules";
import { tokensOf } from "../../policy/stack/types";
import type { Finding } from "../document";
import type { Graph, PlannedResource } from "../model";
import { toWireData } from "./encode";

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
interface EvaluateOptions {
  /** @default every rule of the pack */
  readonly rules?: readonly Rule[];
  /**
   * Returns the configuration of a rule, as it is in a configuration file of the pack.
   * @default no rule is configured
   */
  readonly configOf?: ConfigOf;
  /**
   * Whether each rule on the stack is a policy of its own, as in the engine; slower, with the same findings.
   * @default false
   */
  readonly separately?: boolean;
}

/**
 * Evaluates the rules of the policy pack on a graph.
 * @returns findings, sorted by level, severity, rule and resource
 */
export async function evaluate(graph: Graph, options: EvaluateOptions = {}): Promise<Finding[]> {
  const { rules = allRules, configOf = () => ({}) } = options;
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0; // an unknown is an exception here, and its stack trace would take longer than the rule
  try {
    const evaluation = new Evaluation(graph, rules, configOf);
    const found = [...(await evaluation.resources()), ...(await evaluation.stack(options.separately === true))];
    return found.sort(byImportance);
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/**
 * Runs the rules that can change inputs on a resource, each rule as if its level were `remediate`.
 * @returns the changed inputs, by rule
 */
export async function remediate(resource: PlannedResource, options: EvaluateOptions = {}) {
  const { rules = allRules, configOf = () => ({}) } = options;
  const policies = rules
    .filter((rule): rule is ResourceRule => rule.scope === "resource" && rule.remediate !== undefined)
    .map((rule) => ({ ...toResourcePolicy(rule, configOf), enforcementLevel: "remediate" as const }));
  const message = resourceMessage(resource, resource.inputs, undefined);
  const response = await call(makeRemediateRpcFun("platform", "0", "remediate", policies), message);
  return response.getRemediationsList().map((one: any) => ({
    policy: one.getPolicyname() as string,
    inputs: one.getProperties()?.toJavaScript() as Record<string, any> | undefined,
  }));
}

/** One evaluation of rules on a graph. */
class Evaluation {
  private readonly byUrn: ReadonlyMap<string, PlannedResource>;
  private readonly rulesByName: ReadonlyMap<string, Rule>;

  constructor(
    private readonly graph: Graph,
    private readonly rules: readonly Rule[],
    private readonly configOf: ConfigOf,
  ) {
    this.byUrn = new Map(graph.resources.map((resource) => [resource.urn, resource]));
    this.rulesByName = new Map(rules.map((rule) => [rule.name, rule]));
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
      const policies = rules.map((rule) => toResourcePolicy(rule, this.configOf));
      analyzers.set(type, makeAnalyzeRpcFun("platform", "0", "mandatory", policies));
    }
    const found: Finding[] = [];
    for (const resource of this.graph.resources) {
      const rpc = analyzers.get(resource.type);
      if (rpc === undefined) continue;
      const message = resourceMessage(resource, resource.inputs, this.providerOf(resource));
      found.push(...this.findings(await call(rpc, message), resource.urn));
    }
    return found;
  }

  /** Evaluates the rules on the stack as a whole. */
  async stack(separately: boolean): Promise<Finding[]> {
    const rules = this.rules.filter((rule) => rule.scope !== "resource");
    if (rules.length === 0 || this.graph.resources.length === 0) return [];
    const policies = separately
      ? rules.map((rule) => toStackPolicy(rule, this.configOf))
      : [toBundle(rules, this.configOf)];
    const rpc = makeAnalyzeStackRpcFun("platform", "0", "mandatory", policies);
    const message = new analyzer.AnalyzeStackRequest();
    for (const resource of this.graph.resources) message.addResources(this.stackResource(resource));
    return this.findings(await call(rpc, message), "");
  }

  private stackResource(resource: PlannedResource) {
    const message = new analyzer.AnalyzerResource();
    describe(message, resource, { ...resource.inputs, ...outputsOnly(resource) }, this.providerOf(resource));
    message.setParent(resource.parent ?? "");
    message.setDependenciesList([...resource.dependencies]);
    for (const [key, urns] of Object.entries(resource.propertyDependencies)) {
      const dependencies = new analyzer.AnalyzerPropertyDependencies();
      dependencies.setUrnsList([...urns]);
      message.getPropertydependenciesMap().set(key, dependencies);
    }
    return message;
  }

  private providerOf(resource: PlannedResource): PlannedResource | undefined {
    return resource.provider === undefined ? undefined : this.byUrn.get(resource.provider);
  }

  private findings(response: any, urn: string): Finding[] {
    return response.getDiagnosticsList().map((diagnostic: any): Finding => {
      const policy: string = diagnostic.getPolicyname();
      const message: string = diagnostic.getMessage();
      const rule = this.rulesByName.get(policy);
      const mandatory = diagnostic.getEnforcementlevel() === analyzer.EnforcementLevel.MANDATORY;
      return {
        policy,
        level: message.startsWith(NOT_EVALUATED) ? "not-evaluated" : mandatory ? "mandatory" : "advisory",
        severity: rule?.severity ?? "medium",
        urn: diagnostic.getUrn() || urn,
        message,
      };
    });
  }
}

/** Returns the outputs that are not inputs. In outputs, the value of a secret input would be visible. */
function outputsOnly({ inputs, outputs }: PlannedResource): Record<string, any> {
  return Object.fromEntries(Object.entries(outputs).filter(([key]) => !(key in inputs)));
}

function resourceMessage(resource: PlannedResource, props: object, provider: PlannedResource | undefined) {
  const message = new analyzer.AnalyzeRequest();
  describe(message, resource, props, provider);
  return message;
}

/** Fills the fields of a resource that are the same in both kinds of messages. */
function describe(message: any, resource: PlannedResource, props: object, provider: PlannedResource | undefined): void {
  message.setType(resource.type);
  message.setName(resource.name);
  message.setUrn(resource.urn);
  message.setProperties(Struct.fromJavaScript(toWireData(props)));
  const options = new analyzer.AnalyzerResourceOptions();
  options.setProtect(resource.protect);
  options.setIgnorechangesList([...resource.ignoreChanges]);
  options.setParent(resource.parent ?? "");
  message.setOptions(options);
  if (provider === undefined) return;
  const own = new analyzer.AnalyzerProviderResource();
  own.setType(provider.type);
  own.setName(provider.name);
  own.setUrn(provider.urn);
  own.setProperties(Struct.fromJavaScript(toWireData(provider.inputs)));
  message.setProvider(own);
}

function call(rpc: Rpc, message: unknown): Promise<any> {
  return new Promise((resolve, reject) =>
    rpc({ request: message }, (error, response) => (error ? reject(error) : resolve(response))),
  );
}

const LEVELS = ["mandatory", "advisory", "not-evaluated"];
const SEVERITIES = ["critical", "high", "medium", "low"];

function byImportance(a: Finding, b: Finding): number {
  return (
    LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) ||
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    compare(a.policy, b.policy) ||
    compare(a.urn, b.urn) ||
    compare(a.message, b.message)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
