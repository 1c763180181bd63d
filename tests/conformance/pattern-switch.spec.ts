import assert from "node:assert/strict";
import { catalog } from "../../apps/catalog";
import { planDocument } from "../../graph/document";
import type { GraphIndex } from "../../graph/model";
import { type Ingress, ingressNames } from "../../infra/compute/pattern";
import { computePatterns, type PatternName, patternNames } from "../../infra/compute/registry";
import { configOf, planned, replanned, withoutCalls } from "./plans";

interface Variant {
  readonly pattern: PatternName;
  readonly ingress: Ingress;
}

const region = "eu-west-1";
const current: Record<string, Variant> = Object.fromEntries(
  Object.entries<any>(configOf("dev").services).map(([name, { pattern, ecs }]) => [
    name,
    { pattern, ingress: ecs.ingress },
  ]),
);

/** Runs a service in another way; the other keys of its pattern stay. */
function move(service: any, { pattern, ingress }: Variant): void {
  service.pattern = pattern;
  service.ecs.ingress = ingress;
}

/** Every pattern, and every way a gateway reaches it. */
const variants = patternNames.flatMap((pattern) =>
  (pattern === "ecs" ? ingressNames : (["cloudmap"] as const)).map((ingress): Variant => ({ pattern, ingress })),
);

const sameVariant = (a: Variant, b: Variant) =>
  a.pattern === b.pattern && (a.pattern !== "ecs" || a.ingress === b.ingress);

const kindOf = (variant: Variant) => computePatterns[variant.pattern].backendKind(variant);

/** The plan as `plan --json` prints it, by the place below the stack. */
function printed(plan: GraphIndex): Map<string, string> {
  return new Map(planDocument(plan.graph).resources.map((resource) => [resource.urn, JSON.stringify(resource)]));
}

/** Names of what two plans do not share byte for byte, without those below one service's component. */
function difference(a: GraphIndex, b: GraphIndex, service?: string) {
  const [old, now] = [printed(a), printed(b)];
  const outside = (plan: GraphIndex, urns: string[]) =>
    urns.filter((urn) => service === undefined || !isBelow(plan, urn, service)).map((urn) => plan.urn(urn)!.name);
  const gone = [...old.keys()].filter((urn) => !now.has(urn));
  const made = [...now.keys()].filter((urn) => !old.has(urn));
  const changed = [...old].filter(([urn, text]) => now.has(urn) && now.get(urn) !== text).map(([urn]) => urn);
  return {
    gone: outside(a, gone).sort(),
    made: outside(b, made).sort(),
    changed: outside(a, changed).sort(),
    moved: made.length - outside(b, made).length,
  };
}

/** Whether a resource is the compute component of a service, or below it. */
function isBelow(plan: GraphIndex, urn: string, service: string): boolean {
  const resource = plan.urn(urn)!;
  if (resource.type.startsWith("platform:compute:") && resource.name === `${region}-${service}`) return true;
  return resource.parent !== undefined && isBelow(plan, resource.parent, service);
}

/** What lets the gateway in, per kind of backend: a pair of rules, or a permission per route. */
function admission(service: string, { pattern }: Variant): string[] {
  const gateway = `${region}-http-${service}`;
  if (pattern !== "lambda") return [`${gateway}-link-egress`, `${gateway}-link-ingress`];
  return catalog[service as keyof typeof catalog].routes.map(({ id }) => `${gateway}-${id}-permission`);
}

// While no service calls another; what calls add is below.
const alone = (change: (config: any) => void = () => undefined) => withoutCalls(() => replanned("dev", change));

describe("moving one service to another pattern", () => {
  let original: GraphIndex;
  before(async () => {
    original = await alone();
  });

  for (const [service, variant] of Object.entries(current)) {
    for (const next of variants.filter((each) => !sameVariant(each, variant))) {
      it(`touches ${service}'s own servers, integration and admission only: ${label(variant)} to ${label(next)}`, async () => {
        const moved = await alone((config) => move(config.services[service], next));
        const { gone, made, changed, ...own } = difference(original, moved, service);
        const [left, entered] = [admission(service, variant), admission(service, next)];
        assert.deepEqual(gone, left.filter((name) => !entered.includes(name)).sort());
        assert.deepEqual(made, entered.filter((name) => !left.includes(name)).sort());
        // Behind the shared balancer the listener stays, and with it what leads to it.
        const kept = left.filter((name) => entered.includes(name));
        const integration = `${region}-http-${service}-integration`;
        const redirected = kindOf(variant) === kindOf(next) ? [] : [...kept, integration];
        // Beanstalk's rule on the listener matches one host, which the gateway then sends.
        const renamed = (variant.pattern === "beanstalk") === (next.pattern === "beanstalk") ? [] : [integration];
        assert.deepEqual(changed, [...new Set([...redirected, ...renamed])].sort());
        assert.ok(own.moved > 2);
        assertOutputsKept(moved, service);
      });
    }
  }

  /** URL, tables, users and network stay as they are; of what compute hands out, the service's backend alone differs. */
  function assertOutputsKept(moved: GraphIndex, service: string): void {
    const rest = ({ graph }: GraphIndex) => {
      const { compute, ...others } = structuredClone(graph.outputs);
      delete compute[region][service];
      return JSON.stringify([others, compute]);
    };
    assert.equal(rest(moved), rest(original));
  }
});

describe("moving a service that others call, or that calls others", () => {
  const api = [`${region}-private-api`, `${region}-private-deployment`];
  const rules = (service: string) => ["egress", "ingress"].map((way) => `${region}-rest-${service}-${way}`);
  const permission = `${region}-private-pet-store-get-pet-permission`;
  const calls = `${region}-private-price-calculator-calls`;
  const { ec2, ecs, lambda } = Object.fromEntries(
    (["ec2", "ecs", "lambda"] as const).map((pattern) => [pattern, { pattern, ingress: "cloudmap" } as const]),
  ) as Record<"ec2" | "ecs" | "lambda", Variant>;

  /** Names of what a move changes of the private API and of what leads to it. */
  async function changes(service: string, next: Variant) {
    const moved = await replanned("dev", (config) => move(config.services[service], next));
    const { gone, made, changed } = difference(await planned("dev"), moved, service);
    const ofCalls = (names: string[]) => names.filter((name) => /^eu-west-1-(private|rest|gateway)/.test(name));
    return { gone: ofCalls(gone), made: ofCalls(made), changed: ofCalls(changed) };
  }

  it("leads the private API to the other servers of one that is called, and lets it in there", async () => {
    assert.deepEqual(await changes("pet-store", ec2), { gone: [permission], made: [], changed: api });
    const throughForwarder = await changes("pet-store", ecs);
    assert.deepEqual([throughForwarder.gone, throughForwarder.made], [[permission], rules("pet-store")]);
  });

  it("takes the forwarder away with the last servers in Cloud Map that are called", async () => {
    const { gone, made, changed } = await changes("food-store", lambda);
    assert.deepEqual([made, changed], [[`${region}-private-food-store-get-food-permission`], api]);
    assert.deepEqual(
      gone.filter((name) => !/^eu-west-1-(private|rest)-forwarder/.test(name)),
      [`${region}-rest`, ...rules("food-store"), `${region}-rest-group`, `${region}-rest-https`],
    );
  });

  it("names the other role of one that calls in the policy of the API and of the role", async () => {
    for (const next of [ec2, ecs, lambda]) {
      assert.deepEqual(await changes("price-calculator", next), { gone: [], made: [], changed: [...api, calls] });
    }
  });

  it("changes nothing of it for a service that has no part in calls", async () => {
    assert.deepEqual(await changes("shipping", lambda), { gone: [], made: [], changed: [] });
  });
});

describe("moving a service between patterns behind the shared balancer", () => {
  it("keeps its listener the same resource, as two cannot share a port", async () => {
    const listeners = async (variant: Variant) => {
      const plan = await replanned("dev", (config) => move(config.services.shipping, variant));
      const port = catalog.shipping.port;
      return plan.where("aws:lb/listener:Listener", { port }).map(({ urn }) => urn);
    };
    const behind = variants.filter((variant) => kindOf(variant) === "listener");
    const urns = await Promise.all(behind.map(listeners));
    assert.deepEqual(
      urns.map((each) => each.length),
      [1, 1, 1],
    );
    assert.equal(new Set(urns.flat()).size, 1);
  });
});

describe("moving every service to functions", () => {
  it("takes the shared balancer and the artifact bucket away, and leaves everything else that is shared", async () => {
    const moved = await alone(({ services }) => {
      for (const service of Object.values<any>(services)) service.pattern = "lambda";
    });
    const { gone, made } = difference(await alone(), moved);
    const names = Object.keys(current).flatMap((service) => [service, `-${service.slice(0, 5)}`]);
    const shared = (list: string[]) => list.filter((name) => !names.some((part) => name.includes(part)));
    const bucket = (name: string) => [
      name,
      ...["bucket", "encryption", "lifecycle", "ownership", "policy", "public-access", "versioning"].map(
        (role) => `${name}-${role}`,
      ),
    ];
    assert.deepEqual(
      shared(gone),
      [
        ...bucket(`${region}-artifacts`),
        `${region}-balancer`,
        `${region}-balancer-alb`,
        `${region}-balancer-group`,
        ...bucket(`${region}-balancer-logs`),
      ].sort(),
    );
    assert.deepEqual(shared(made), []);
  });
});

function label({ pattern, ingress }: Variant): string {
  return pattern === "ecs" ? `ecs by ${ingress}` : pattern;
}
