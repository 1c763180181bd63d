import { renderTable } from "../summary/table";
import { type AccessMatrix, demandText } from "./matrix";
import type { GatewayRoute } from "./routes";
import type { CredentialState, Subject } from "./subjects";

const titles = { http: "HTTP API", rest: "REST API", private: "private API", websocket: "WebSocket API" } as const;

/** A column of the table: those whom it stands for, given a route. */
interface Column {
  readonly title: string;
  of(route: GatewayRoute): readonly Subject[];
}

/** Writes who may call what for people: a table for each gateway; `yes`, or the status of the gateway's answer. */
export function renderAccess(matrix: AccessMatrix): string {
  const groups = new Map<string, GatewayRoute[]>();
  for (const route of matrix.routes) {
    const title = `${titles[route.gateway]} of ${route.region}`;
    groups.set(title, [...(groups.get(title) ?? []), route]);
  }
  return [...groups].map(([title, routes]) => [title, "", ...renderGateway(matrix, routes)].join("\n")).join("\n\n");
}

function renderGateway(matrix: AccessMatrix, routes: readonly GatewayRoute[]): string[] {
  const columns = routes[0]!.gateway === "private" ? privateColumns(matrix, routes) : publicColumns(matrix);
  return renderTable([
    ["method", "path", "needs", ...columns.map(({ title }) => title)],
    ...routes.map((route) => [
      ...[route.method, route.path, demandText(route)],
      ...columns.map((column) => cell(matrix, route, column.of(route))),
    ]),
  ]);
}

function cell(matrix: AccessMatrix, route: GatewayRoute, subjects: readonly Subject[]): string {
  const results = subjects.map((subject) => matrix.decide(route, subject).result);
  const texts = new Set(results.map((result) => (result === "admitted" ? "yes" : String(result))));
  return [...texts].sort().reverse().join(" or ") || "-";
}

function publicColumns({ subjects }: AccessMatrix): Column[] {
  const tokens = (state: (each: CredentialState) => boolean, tenant: string) => (route: GatewayRoute, scope: boolean) =>
    subjects.filter((each) => {
      if (each.kind !== "token" || each.use !== "access" || each.tenant !== tenant || !state(each.state)) return false;
      const { demand } = route;
      const wanted = "scopes" in demand ? demand.scopes.filter((one) => one !== "") : [];
      const has = wanted.some((one) => each.scopes.includes(one));
      return scope ? wanted.length === 0 || has : !has;
    });
  const valid = (state: CredentialState) => state === "valid";
  const without = tokens(valid, "none");
  const columns: Column[] = [
    { title: "no token", of: () => subjects.filter(({ kind }) => kind === "guest") },
    { title: "invalid token", of: () => subjects.filter((each) => each.kind === "token" && each.state !== "valid") },
    { title: "token", of: (route) => without(route, false) },
    { title: "with scope", of: (route) => without(route, true) },
  ];
  if (subjects.some((each) => each.kind === "token" && each.tenant === "active")) {
    const [active, suspended] = [tokens(valid, "active"), tokens(valid, "suspended")];
    columns.push(
      { title: "of a tenant", of: (route) => active(route, false) },
      { title: "of a tenant, with scope", of: (route) => active(route, true) },
      { title: "of a suspended one", of: (route) => [...suspended(route, false), ...suspended(route, true)] },
    );
  }
  const signers = subjects.filter(({ kind }) => kind === "role" || kind === "administrator");
  return [...columns, { title: "signature", of: () => signers }];
}

/** Callers that some route admits have a column each; the others, of which no route admits one, have one together. */
function privateColumns(matrix: AccessMatrix, routes: readonly GatewayRoute[]): Column[] {
  const signers = matrix.subjects.filter((each) => each.kind === "role" || each.kind === "administrator");
  const isCaller = (signer: Subject) =>
    routes.some((route) => matrix.decide(route, signer).result === "admitted" && signer.kind !== "guest");
  const valid = signers.filter(({ state }) => state === "valid");
  const callers = valid.filter(isCaller);
  const rest = (kind: Subject["kind"]) => valid.filter((each) => each.kind === kind && !callers.includes(each));
  return [
    { title: "not signed", of: () => matrix.subjects.filter(({ kind }) => kind === "guest" || kind === "token") },
    { title: "invalid signature", of: () => signers.filter(({ state }) => state !== "valid") },
    ...callers.map((each) => ({ title: each.kind === "role" ? each.name : "administrator", of: () => [each] })),
    { title: "other roles", of: () => rest("role") },
    { title: "administrator", of: () => rest("administrator") },
  ];
}
