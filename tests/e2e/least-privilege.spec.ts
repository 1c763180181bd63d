import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { request } from "undici";
import { type ServiceName, serviceNames } from "../../apps/catalog";
import { type Graph, GraphIndex } from "../../graph/model";
import { planStack } from "../../graph/plan";
import { patternNames } from "../../infra/compute/registry";
import { signIn } from "../../local/cognito/sign-in";
import { operatorKeys } from "../../local/iam/access";
import { type RunningPlatform, startPlatform } from "../../local/platform";
import { changedValues } from "../helpers/configuration";
import { type Need, needs, ownResources, patternIn, removalTitle, rounds } from "../helpers/removals";
import { withoutAction } from "../helpers/role-actions";
import { environmentOf } from "./helpers/process-environment";

const region = "eu-west-1";
const client = { region, credentials: operatorKeys, maxAttempts: 1 };
const food = { id: "seed", name: "Apple", category: "fruit", weightGrams: 180, price: { amount: 1 }, currency: "EUR" };

/** Attributes of an item that every service can answer with. */
const seeds: Readonly<Record<ServiceName, object>> = {
  "food-store": food,
  "pet-store": { id: "seed", name: "Rex", species: "dog", price: { amount: 1 }, currency: "EUR" },
  "price-calculator": { id: "seed" },
  shipping: { id: "seed", destination: "DE" },
  reviews: { id: "seed", product: "apple-1" },
};

/**
 * Returns a plan whose private API denies whom it does not name, and allows nothing by itself. In one account the policy of
 * the API or that of the role is enough, so that the role's own action would not be seen to be needed.
 */
function withoutOwnAllowance(graph: Graph): Graph {
  const resources = graph.resources.map((each) => {
    if (each.type !== "aws:apigateway/restApi:RestApi") return each;
    const document = JSON.parse(each.outputs["body"]);
    const policy = document["x-amazon-apigateway-policy"];
    policy.Statement = policy.Statement.filter(({ Effect }: any) => Effect === "Deny");
    return { ...each, outputs: { ...each.outputs, body: JSON.stringify(document) } };
  });
  return { ...graph, resources };
}

/** Stores as the operator what is read while the services may not write. */
async function seed(graph: Graph, platform: RunningPlatform): Promise<void> {
  const index = new GraphIndex(graph);
  const store = DynamoDBDocumentClient.from(new DynamoDBClient({ ...client, endpoint: platform.endpoints.dynamodb }));
  for (const [service, Item] of Object.entries(seeds)) {
    const { outputs } = index.ofType("aws:dynamodb/table:Table").find(({ name }) => name.endsWith(`-data-${service}`))!;
    await store.send(new PutCommand({ TableName: outputs["name"], Item }));
  }
  // A function has a process, which knows where the buckets are, after its first event only.
  await request(`${platform.endpoints.global}/pet-store/healthz`).then(({ body }) => body.dump());
  const { servers } = platform.state().workloads.find(({ service }) => service === "pet-store")!;
  const endpoint = environmentOf(servers.find(({ pid }) => pid !== undefined)!.pid!)["AWS_ENDPOINT_URL_S3"]!;
  const { outputs } = index.ofType("aws:s3/bucket:Bucket").find(({ name }) => name.includes("-objects-bucket"))!;
  const Body = JSON.stringify({ id: "seed", entries: [{ day: "2026-03-01", what: "Vaccinated" }] });
  const objects = new S3Client({ ...client, endpoint, forcePathStyle: true });
  await objects.send(new PutObjectCommand({ Bucket: outputs["bucket"], Key: "records/seed.json", Body }));
}

for (const turn of patternNames.keys()) {
  for (const [number, removed] of rounds.entries()) {
    describe(`roles that lack an action, plan ${turn + 1}.${number + 1}`, function () {
      this.timeout(60_000);
      const state = mkdtempSync(join(tmpdir(), "platform-"));
      const log: string[] = [];
      let platform: RunningPlatform;
      let token: string;

      before(async () => {
        const config = changedValues("dev", ({ services }) => {
          for (const name of serviceNames) services[name].pattern = patternIn(turn, name);
        });
        let graph = withoutOwnAllowance(await planStack("dev", { config }));
        for (const name of serviceNames) {
          for (const action of removed[name])
            graph = withoutAction(graph, `-${name}-role`, action, ownResources(action));
        }
        platform = await startPlatform({ graph, stateDir: state, log: (_, line) => log.push(line) });
        ({ accessToken: token } = await signIn({ issuerUrl: platform.endpoints.issuer, user: "ada", groups: "all" }));
        await seed(graph, platform);
      });
      after(async () => {
        await platform?.stop();
        rmSync(state, { recursive: true, force: true });
      });

      async function ask({ method, path, body }: Need): Promise<number> {
        const answer = await request(`${platform.endpoints.global}${path}`, {
          method,
          headers: {
            authorization: `Bearer ${token}`,
            "content-type": "application/json",
            "idempotency-key": randomUUID(),
          },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        });
        await answer.body.dump();
        return answer.statusCode;
      }

      /** Asks for all that a service does; what needs an action that it lacks must fail, and the rest must not. */
      async function check(service: ServiceName, action: string): Promise<void> {
        const lacked = removed[service];
        for (const need of needs[service]) {
          if (need.actions.some((each) => each !== action && lacked.includes(each))) continue;
          const from = log.length;
          const status = await ask(need);
          const denied = need.actions.includes(action);
          const what = `${need.method} ${need.path} under ${patternIn(turn, service)}: ${status}`;
          assert.ok(denied ? [502, 503].includes(status) : status === (need.status ?? 200), what);
          if (!denied) continue;
          const message = new RegExp(`is not authorized to perform: ${action} on resource: `);
          assert.ok(
            log.slice(from).some((line) => message.test(line)),
            `${what}, and no log line says why`,
          );
        }
      }

      for (const service of serviceNames) {
        for (const action of removed[service]) {
          it(removalTitle(patternIn(turn, service), service, action), () => check(service, action));
        }
      }
    });
  }
}
