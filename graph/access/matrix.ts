import { type Graph, GraphIndex, type PlannedResource } from "../model";
import { ServiceIndex, withoutRegion } from "../services";
import { AccessDecisions, type Decision } from "./decide";
import { type GatewayRoute, routesOf } from "./routes";
import { nameOf, type SigningRole, type Subject, subjectsOf } from "./subjects";

/** Who may call what: every route of every gateway, everyone who may ask, and what becomes of each request. */
export class AccessMatrix {
  readonly routes: readonly GatewayRoute[];
  readonly subjects: readonly Subject[];
  private readonly decisions: AccessDecisions;

  /** @throws {UserError} on a policy or an authorizer that it cannot decide by */
  constructor(private readonly graph: Graph) {
    const index = new GraphIndex(graph);
    this.routes = routesOf(index);
    this.decisions = new AccessDecisions(index);
    const demands = this.routes.map(({ demand }) => demand);
    const scopes = demands.flatMap((demand) => ("scopes" in demand ? demand.scopes : []));
    this.subjects = subjectsOf({
      scopes: [...new Set(scopes.filter((scope) => scope !== ""))].sort(),
      tenants: demands.some(({ kind }) => kind === "tenant"),
      roles: [...workloadRoles(index), ...outsideRoles(this.routes)],
      account: accountOf(index),
    });
  }

  decide(route: GatewayRoute, subject: Subject): Decision {
    return this.decisions.decide(route, subject);
  }

  /** Returns the whole table as one JSON document: for each route, the subjects by their numbers in the list. */
  toJSON() {
    const describe = (subject: Subject, id: number) => ({
      ...{ id, identity: nameOf(subject) },
      ...("tenant" in subject && { tenant: subject.tenant }),
      ...("state" in subject && { state: subject.state }),
    });
    return {
      stack: this.graph.stack,
      subjects: this.subjects.map(describe),
      routes: this.routes.map((route) => ({
        ...{ gateway: route.gateway, region: route.region, method: route.method, path: route.path },
        demands: demandText(route),
        ...this.bySubjects(route),
      })),
    };
  }

  private bySubjects(route: GatewayRoute) {
    const results = this.subjects.map((subject) => this.decide(route, subject).result);
    const numbers = (wanted: Decision["result"]) => [...results.keys()].filter((id) => results[id] === wanted);
    return { admitted: numbers("admitted"), refused: { 401: numbers(401), 403: numbers(403) } };
  }
}

/** Returns in words what a route demands. */
export function demandText({ demand }: GatewayRoute): string {
  switch (demand.kind) {
    case "nothing":
      return "nothing";
    case "signature":
      return "signature";
    case "tenant": {
      const scopes = demand.scopes.filter((scope) => scope !== "");
      return scopes.length === 0 ? "tenant" : `tenant, ${scopes.join(" or ")}`;
    }
    default:
      return demand.scopes.length === 0 ? "token" : demand.scopes.join(" or ");
  }
}

const runners = ["lambda.amazonaws.com", "ecs-tasks.amazonaws.com", "ec2.amazonaws.com"];

/** Roles that code runs as, by the name of their service where it is one of a service alone. */
function workloadRoles(index: GraphIndex): { readonly arn: string; readonly name: string }[] {
  const services = new ServiceIndex(index.graph.resources);
  const trusts = ({ outputs }: PlannedResource) => JSON.stringify(outputs["assumeRolePolicy"]);
  return index
    .ofType("aws:iam/role:Role")
    .filter((role) => runners.some((service) => trusts(role).includes(service)))
    .map((role) => ({ arn: role.outputs["arn"] as string, name: roleName(role, services) }));
}

/** Roles of other accounts and VPCs, each with the endpoint that the policy of a private API demands of it. */
function outsideRoles(routes: readonly GatewayRoute[]): SigningRole[] {
  const policies = routes.flatMap(({ demand }) => (demand.kind === "signature" ? [demand.api.policy] : []));
  const documents = new Map(
    policies.map((policy) => [
      JSON.stringify(policy),
      typeof policy === "string" ? JSON.parse(policy) : (policy as any),
    ]),
  );
  const found = [...documents.values()].flatMap(({ Statement }) =>
    [Statement].flat().flatMap(({ Condition: condition = {} }: any): SigningRole[] => {
      const arn = condition.StringEquals?.["aws:PrincipalArn"];
      const endpointId = condition.StringNotEquals?.["aws:SourceVpce"];
      if (arn === undefined) return [];
      return [{ arn, endpointId, name: `role ${arn.split("/").at(-1)} of account ${arn.split(":")[4]}` }];
    }),
  );
  return [...new Map(found.map((each) => [`${each.arn} ${each.endpointId}`, each])).values()];
}

function roleName(role: PlannedResource, services: ServiceIndex): string {
  const name = withoutRegion(role.name, role.region).replace(/-role$/, "");
  const several = new Set(services.names).has(name) ? `service ${name}` : `role ${name}`;
  return `${several} of ${role.region}`;
}

function accountOf(index: GraphIndex): string {
  const [role] = index.ofType("aws:iam/role:Role");
  return String(role?.outputs["arn"] ?? "").split(":")[4] ?? "";
}
