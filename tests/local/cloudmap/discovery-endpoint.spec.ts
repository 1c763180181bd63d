import assert from "node:assert/strict";
import { request } from "node:http";
import { ListServicesCommand, ServiceDiscoveryClient } from "@aws-sdk/client-servicediscovery";
import { readCloudMapServices } from "../../../local/cloudmap/discovery";
import { DiscoveryEndpoint } from "../../../local/cloudmap/discovery-endpoint";
import { operatorKeys } from "../../../local/iam/access";
import { operatorOnly } from "../helpers/access";
import { addEcs, plan } from "../helpers/program";

describe("the address of DiscoverInstances", () => {
  let endpoint: DiscoveryEndpoint;
  const logged: string[] = [];

  before(async () => {
    const index = await plan("/nowhere", (region) => void addEcs(region));
    endpoint = new DiscoveryEndpoint(index, readCloudMapServices(index), operatorOnly, (line) => logged.push(line));
    await endpoint.start();
  });

  after(() => endpoint.stop());

  const statusFor = (host: string) =>
    new Promise<number>((resolve, reject) => {
      const asked = request(endpoint.url, { agent: false, method: "POST", headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode!);
      });
      asked.once("error", reject).end("{}");
    });

  it("answers 403 to the name of another site, and Cloud Map's errors to this machine's own names", async () => {
    for (const host of ["evil.example", "127.0.0.1.evil.example"]) assert.equal(await statusFor(host), 403);
    for (const host of ["127.0.0.1", "LOCALHOST:80"]) assert.equal(await statusFor(host), 400);
  });

  it("answers other calls of Cloud Map as an unknown operation, and logs who called it", async () => {
    const client = new ServiceDiscoveryClient({
      ...{ endpoint: endpoint.url, region: "eu-west-1", credentials: operatorKeys, maxAttempts: 1 },
    });
    await assert.rejects(client.send(new ListServicesCommand({})), { name: "UnknownOperationException" });
    const who = "arn:aws:iam::123456789012:user/local";
    assert.deepEqual(logged, [`${who} called servicediscovery ListServices, which is not here`]);
  });
});
