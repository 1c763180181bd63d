import assert from "node:assert/strict";
import { CloudMapService, type HealthStatusFilter } from "../../../local/cloudmap/discovery";

const filters: readonly HealthStatusFilter[] = ["HEALTHY", "UNHEALTHY", "ALL", "HEALTHY_OR_ELSE_ALL"];

function discovered(service: CloudMapService): Record<string, string> {
  return Object.fromEntries(
    filters.map((filter) => [
      filter,
      service
        .discover(filter)
        .map(({ id }) => id)
        .join(" "),
    ]),
  );
}

function picked(service: CloudMapService, times: number): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let i = 0; i < times; i++) {
    const choice = service.pick();
    const key = choice.kind === "server" ? choice.origin : "none";
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

const server = (id: string) => ({ id, origin: `http://${id}` });

describe("Cloud Map service", () => {
  it("has nothing to choose from without instances", () => {
    assert.deepEqual(new CloudMapService(true).pick(), { kind: "none", via: "discovery" });
  });

  it("keeps an instance unhealthy until its platform reports it", async () => {
    const service = new CloudMapService(true);
    const [one, two] = ["one", "two"].map((id) => service.register(server(id), true));
    assert.equal(one!.health, "initial");
    one!.report(true);
    await one!.healthy;
    assert.deepEqual(discovered(service), {
      HEALTHY: "one",
      UNHEALTHY: "two",
      ALL: "one two",
      HEALTHY_OR_ELSE_ALL: "one",
    });
    two!.report(true);
    one!.report(false);
    assert.deepEqual(picked(service, 20), { "http://two": 20 });
  });

  it("fails open when no instance is healthy", () => {
    const service = new CloudMapService(true);
    for (const id of ["one", "two"]) service.register(server(id), true).report(false);
    assert.deepEqual(discovered(service), {
      HEALTHY: "",
      UNHEALTHY: "one two",
      ALL: "one two",
      HEALTHY_OR_ELSE_ALL: "one two",
    });
    assert.equal(Object.keys(picked(service, 60)).length, 2);
  });

  it("spreads at random, about evenly", () => {
    const service = new CloudMapService(true);
    for (const id of ["one", "two", "three"]) service.register(server(id), false);
    const counts = Object.values(picked(service, 3_000));
    assert.equal(counts.length, 3);
    assert.ok(
      counts.every((count) => count > 850 && count < 1_150),
      `${counts}`,
    );
  });

  it("hands out unhealthy instances when nothing is planned that knows their health", () => {
    const service = new CloudMapService(false);
    service.register(server("one"), true).report(false);
    assert.equal(discovered(service)["HEALTHY"], "one");
  });

  it("forgets an instance as soon as it is deregistered, reports on it included", async () => {
    const service = new CloudMapService(true);
    const instance = service.register(server("one"), false);
    await instance.deregister();
    instance.report(true);
    assert.deepEqual(discovered(service), { HEALTHY: "", UNHEALTHY: "", ALL: "", HEALTHY_OR_ELSE_ALL: "" });
    assert.equal(service.pick().kind, "none");
  });
});
