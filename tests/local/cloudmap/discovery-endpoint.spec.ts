import assert from "node:assert/strict";
import { request } from "node:http";
import { readCloudMapServices } from "../../../local/cloudmap/discovery";
import { DiscoveryEndpoint } from "../../../local/cloudmap/discovery-endpoint";
import { operatorOnly } from "../helpers/access";
import { addEcs, plan } from "../helpers/program";

describe("the address of DiscoverInstances", () => {
  let endpoint: DiscoveryEndpoint;

  before(async () => {
    const index = await plan("/nowhere", (region) => void addEcs(region));
    endpoint = new DiscoveryEndpoint(index, readCloudMapServices(index), operatorOnly);
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
});
