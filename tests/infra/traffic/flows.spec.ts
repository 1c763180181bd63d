import assert from "node:assert/strict";
import {
  balancerToServer,
  declaredFlows,
  forwarderToBalancer,
  forwarderToServer,
  linkToBalancer,
  linkToServer,
  serverToHttps,
  serverToStore,
  workloadToEndpoint,
  workloadToStorage,
} from "../../../infra/traffic/flows";

const shop = { name: "food-store", port: 8081 };
const kiosk = { name: "kiosk", port: 80 };

describe("declared flows", () => {
  it("give every service what any of its patterns needs", () => {
    const ids = declaredFlows([shop], { nat: true, interfaceEndpoints: true }).map(({ id }) => id);
    assert.deepEqual(ids, [
      "link-to-food-store",
      "link-to-balancer-food-store",
      "balancer-to-food-store-8081",
      "balancer-to-food-store-80",
      "forwarder-to-food-store",
      "forwarder-to-balancer-food-store",
      "server-to-postgresql",
      "server-to-redis",
      "workload-to-storage",
      "workload-to-endpoint",
      "server-to-https",
    ]);
  });

  it("are declared once where a service already listens on port 80", () => {
    const ids = declaredFlows([kiosk], { nat: false, interfaceEndpoints: false, stores: [] }).map(({ id }) => id);
    assert.deepEqual(ids, [
      "link-to-kiosk",
      "link-to-balancer-kiosk",
      "balancer-to-kiosk-80",
      "forwarder-to-kiosk",
      "forwarder-to-balancer-kiosk",
      "workload-to-storage",
    ]);
  });

  it("never start at the internet, and reach it on port 443 only", () => {
    const flows = declaredFlows([shop, kiosk], { nat: true, interfaceEndpoints: true });
    assert.deepEqual([...new Set(flows.map(({ from }) => from))], ["private"]);
    const out = flows.filter(({ to }) => to === "internet");
    assert.deepEqual(
      out.map(({ id, fromPort, toPort, via }) => [id, fromPort, toPort, via]),
      [
        ["workload-to-storage", 443, 443, undefined],
        ["server-to-https", 443, 443, "nat"],
      ],
    );
  });

  it("carry the ports of the service, of nginx and of the stores", () => {
    const ports = [linkToServer(shop), linkToBalancer(shop), balancerToServer(shop), balancerToServer(shop, 80)];
    const rest = [
      forwarderToServer(shop),
      forwarderToBalancer(shop),
      serverToStore("postgresql"),
      serverToStore("redis"),
      workloadToEndpoint(),
    ];
    assert.deepEqual(
      [...ports, ...rest, workloadToStorage(), serverToHttps()].map(({ fromPort, toPort }) => [fromPort, toPort]),
      [8081, 8081, 8081, 80, 8081, 8081, 5432, 6379, 443, 443, 443].map((port) => [port, port]),
    );
  });

  it("have descriptions that EC2 accepts", () => {
    for (const flow of declaredFlows([shop], { nat: true, interfaceEndpoints: true })) {
      assert.match(flow.description, /^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/, flow.id);
    }
  });
});
