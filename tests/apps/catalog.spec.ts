import assert from "node:assert/strict";
import { catalog, type ServiceName, serviceNames } from "../../apps/catalog";
import type { RouteDefinition, Service, ServiceContract } from "../../apps/kit/contract";
import type { RouteSpec, TableSpec } from "../../infra/contract/service";
import { sampleCatalog } from "../helpers/samples";
import { harness, samples } from "./helpers/services";

const services: readonly ServiceContract[] = Object.values(catalog);
const allRoutes = ({ routes, legacyRoutes, gatewayRoutes, workRoutes }: ServiceContract) => [
  ...routes,
  ...legacyRoutes,
  ...gatewayRoutes,
  ...workRoutes,
];

describe("catalog", () => {
  it("lists each service under its own name, on a port of its own", () => {
    assert.deepEqual(
      Object.entries(catalog)
        .map(([key, { name }]) => [key, name])
        .filter(([a, b]) => a !== b),
      [],
    );
    assert.deepEqual(
      Object.values(sampleCatalog).map(({ port }) => port),
      [8081, 8082, 8083, 8084],
    );
    assert.equal(new Set(services.map(({ port }) => port)).size, services.length);
    assert.deepEqual(
      serviceNames,
      samples.map(({ name }) => name),
    );
  });

  it("gives infrastructure the routes and tables it declares", () => {
    const routes: readonly RouteSpec[] = Object.values(sampleCatalog).flatMap(allRoutes);
    const tables: readonly TableSpec[] = Object.values(sampleCatalog).map(({ table }) => table);
    assert.equal(routes.length, 38);
    assert.deepEqual(structuredClone(routes), routes);
    assert.deepEqual(
      tables.map(({ hashKey, indexes }) => [hashKey, ...indexes.map((index) => `${index.name}:${index.hashKey}`)]),
      [["id", "by-category:category"], ["id", "by-species:species"], ["id"], ["id", "by-destination:destination"]],
    );
  });

  for (const service of services) {
    describe(service.name, () => {
      it("declares each route once, under its own prefix", () => {
        const routes = allRoutes(service);
        assert.equal(new Set(routes.map(({ id }) => id)).size, routes.length);
        assert.equal(new Set(routes.map(({ method, path }) => `${method} ${path}`)).size, routes.length);
        for (const { id, path } of routes) {
          assert.match(id, /^[a-z]+(-[a-z]+)*$/);
          assert.ok(path.startsWith(`/${service.name}/`), path);
        }
      });

      it("asks every write for its scope, and every read of a caller's session, and leaves the other reads open", () => {
        const { definitions } = service as Service;
        for (const { id, method, scopes } of allRoutes(service)) {
          const open = method === "GET" && definitions[id]?.session === undefined;
          assert.deepEqual(scopes, open ? [] : [`${service.name}/write`], id);
        }
      });

      it("has a throttle on every route that Route 53's checkers stay below", () => {
        for (const { id, throttle } of allRoutes(service)) {
          assert.ok(throttle.rate >= 10 && throttle.burst >= 10, id);
        }
        for (const path of ["healthz", "healthz/region"]) {
          const health = service.routes.find((route) => route.path === `/${service.name}/${path}`);
          assert.deepEqual(health?.throttle, { rate: 20, burst: 20 });
        }
      });

      const sample = samples.find(({ name }) => name === service.name)!;
      it("serves the routes of its contract, and no other", async () => {
        if (sample.language === "python") {
          // It has no list of routes, and refuses to be made with other handlers than those of its contract.
          for (const { method, path } of service.routes) {
            const answer = await harness(sample).app.request(path.replace(/\{\w+\}/g, "a"), { method });
            assert.notEqual(((await answer.json()) as { code?: string }).code, "route_not_found", path);
          }
          return;
        }
        const served = harness(sample)
          .app.routes.filter(({ method }) => method !== "ALL")
          .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, "{$1}")}`);
        const declared = Object.values<RouteDefinition>(catalog[service.name as ServiceName].definitions).map(
          ({ method, path }) => `${method} ${path}`,
        );
        assert.deepEqual(served.sort(), [...declared, "GET /healthz"].sort());
      });

      it("describes every route in OpenAPI, with the parameters of its path", () => {
        const { paths, openapi } = service.openApi();
        assert.equal(openapi, "3.0.3");
        const operations = Object.entries(paths).flatMap(([path, methods]) =>
          Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
        );
        assert.equal(operations.length, allRoutes(service).length);
        for (const { id, method, path } of allRoutes(service)) {
          const found = operations.find(({ operation }) => operation["operationId"] === id);
          assert.deepEqual([found?.method, found?.path], [method, path]);
          const parameters = (found?.operation["parameters"] ?? []) as { name: string; in: string }[];
          const inPath = parameters.filter((parameter) => parameter.in === "path").map(({ name }) => name);
          assert.deepEqual(
            inPath,
            [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
          );
        }
      });

      it("has a closed draft-4 model for each request body", () => {
        const shapes = Object.entries(service.requestShapes());
        const models = shapes.flatMap(([id, { body }]) => (body === undefined ? [] : [{ id, body }]));
        const withBody = Object.entries<RouteDefinition>(catalog[service.name as ServiceName].definitions).filter(
          ([, { body, access }]) => body !== undefined && access !== "platform",
        );
        assert.deepEqual(
          models.map(({ id }) => id),
          [...withBody, ...service.workRoutes.map(({ id }) => [id])].map(([id]) => id),
        );
        for (const { body } of models) {
          assert.equal(body["$schema"], "http://json-schema.org/draft-04/schema#");
          assert.equal(body["additionalProperties"], false);
        }
      });
    });
  }

  it("names the shipping rates as the one route that stays outside the platform", () => {
    assert.deepEqual(
      Object.values<ServiceContract>(sampleCatalog).flatMap(({ legacyRoutes }) =>
        legacyRoutes.map(({ id, path }) => [id, path]),
      ),
      [["get-rates", "/shipping/rates"]],
    );
  });
});
