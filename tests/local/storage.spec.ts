import assert from "node:assert/strict";
import { Reaper } from "../../local/processes/reaper";
import { Storage } from "../../local/storage";
import { RoleSessions } from "../../local/sts/role-sessions";
import { TimeScale } from "../../local/time-scale";
import { addTable, plan } from "./helpers/program";

const regions = ["eu-central-1", "eu-west-1"] as const;

describe("storage", () => {
  const reaper = new Reaper();
  let storage: Storage;

  const open = async (options: Partial<ConstructorParameters<typeof Storage>[2]>) => {
    storage = new Storage(() => {}, reaper, { time: new TimeScale(10), ...options });
    await storage.open(plan("", (region) => void addTable(region), [...regions]));
  };
  afterEach(() => storage.stop());
  after(() => reaper.stop());

  it("tells what runs in a region the address of the region's own tables", async () => {
    await open({});
    const urls = regions.map((region) => storage.variablesIn(region)["AWS_ENDPOINT_URL_DYNAMODB"]);
    assert.equal(new Set([...urls, storage.dynamodb]).size, 3);
    assert.deepEqual(
      urls,
      regions.map((region) => storage.variablesIn(region)["AWS_ENDPOINT_URL_DYNAMODB_STREAMS"]),
    );
    const { origin } = storage.services(new RoleSessions([]));
    assert.deepEqual(
      regions.map((region) => origin("dynamodb", region)),
      urls,
    );
    assert.equal(storage.lagSeconds, 0.1);
  });

  it("tells it the address that is put in front of them, where there is one", async () => {
    const behind: Record<string, string> = {};
    const storeAddress = async (region: string, url: string) => {
      behind[region] = url;
      return region === "eu-west-1" ? "http://127.0.0.1:9999" : url;
    };
    await open({ storeAddress, replicationSeconds: 5 });
    assert.deepEqual(storage.withTables({ "eu-west-1": {}, "eu-central-1": {} }), {
      "eu-west-1": { dynamodb: "http://127.0.0.1:9999" },
      "eu-central-1": { dynamodb: behind["eu-central-1"] },
    });
    assert.equal(storage.variablesIn("eu-west-1")["AWS_ENDPOINT_URL_DYNAMODB"], "http://127.0.0.1:9999");
    assert.equal(storage.lagSeconds, 0.5);
  });
});
