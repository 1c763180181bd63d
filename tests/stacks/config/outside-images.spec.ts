import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../../graph/project-root";
import { outsideImageOf, withOutsideContracts } from "../../../stacks/config/outside-images";
import { parseConfig } from "../../../stacks/config/read";
import { configuredServices } from "../../../stacks/config/services";
import { outsideNotes } from "../../helpers/outside-image";
import { sampleCatalog as catalog } from "../../helpers/samples";
import { exampleConfig, problemsOf } from "./example";

/** The example of `prod` with a service by an image; gateways have every service. */
function withImage(service: object, name = "notes"): any {
  const config = exampleConfig("prod");
  delete config.gateways.http.services;
  config.services[name] = service;
  return config;
}

const refused = (service: object, name?: string) => problemsOf(withImage(service, name));

describe("a service by an image from outside", () => {
  it("needs five lines of configuration, and runs behind the balancer", () => {
    const config = parseConfig(withImage(outsideNotes), "prod", catalog);
    const notes = config.services["notes"]!;
    assert.equal(notes.ecs.ingress, "alb");
    assert.deepEqual(outsideImageOf(notes), {
      reference: outsideNotes.image,
      healthPath: "/health",
      architecture: "arm64",
      user: "1000",
    });
    const services = configuredServices(config, withOutsideContracts(catalog, config));
    const found = services.find(({ name }) => name === "notes");
    assert.deepEqual([found?.port, found?.table, found?.routes.length], [3000, undefined, 4]);
  });

  it("may say how the image runs, and change its routes like those of any service", () => {
    const container = { architecture: "amd64", user: "65532:65532", command: ["serve", "--quiet"] };
    const routes = { "put-note": { throttle: { rate: 5, burst: 5 } } };
    const config = parseConfig(withImage({ ...outsideNotes, container, routes }), "prod", catalog);
    const { architecture, user, command } = outsideImageOf(config.services["notes"]!)!;
    assert.deepEqual({ architecture, user, command }, container);
  });

  const { image, port: _p, healthPath: _h, contract: _c, ...none } = outsideNotes;
  const form =
    "must be a registry, a repository and a digest, such as ghcr.io/acme/notes@sha256: and 64 hex digits, as a tag can be moved to another image";
  const sentences: readonly (readonly [string, object, string])[] = [
    ...["ghcr.io/acme/notes:1.2", "notes", `acme/notes@${image.split("@")[1]}`, "ghcr.io/acme/notes@sha256:12"].map(
      (bad) => {
        const shown = JSON.stringify(bad).length > 60 ? `${JSON.stringify(bad).slice(0, 57)}...` : JSON.stringify(bad);
        const sentence = `services.notes.image ${form}, got ${shown}; change it`;
        return [`an image ${bad}`, { ...outsideNotes, image: bad }, sentence] as const;
      },
    ),
    [
      "another pattern",
      { ...outsideNotes, pattern: "lambda" },
      'services.notes.pattern must be ecs, as nothing else runs an image from outside, got "lambda"; set it, or remove image',
    ],
    [
      "an ingress that cannot check it",
      { ...outsideNotes, ecs: { ingress: "cloudmap" } },
      'services.notes.ecs.ingress must be alb, as the balancer alone can check and drain an image that knows nothing of the platform, got "cloudmap"; remove it',
    ],
    [
      "no port",
      { ...outsideNotes, port: undefined },
      "services.notes.port is missing, as the service runs an image; set the port that the image listens on",
    ],
    [
      "no health path",
      { ...outsideNotes, healthPath: undefined },
      "services.notes.healthPath is missing, as the service runs an image; set a path of the image that answers 200 while it works",
    ],
    [
      "no contract",
      { ...outsideNotes, contract: undefined },
      "services.notes.contract is missing, as the service runs an image; set the OpenAPI file in contracts/ that has its routes",
    ],
    [
      "a contract elsewhere",
      { ...outsideNotes, contract: "../notes.json" },
      'services.notes.contract must be a JSON file in contracts/ such as contracts/notes.json, got "../notes.json"; change it',
    ],
    [
      "a contract that there is not",
      { ...outsideNotes, contract: "contracts/none.json" },
      "services.notes.contract must name a file that can be read, got ENOENT; write the file",
    ],
    [
      "a contract without its health path",
      { ...outsideNotes, healthPath: "/healthy" },
      "services.notes.contract at paths./healthy.get must be an operation without token and parameters, as it is the healthPath of the service, got null; add it, or correct healthPath",
    ],
    [
      "a user that is root",
      { ...outsideNotes, container: { user: "0" } },
      'services.notes.container.user must be the number of a user that is not root, such as 1000, got "0"; change it',
    ],
    [
      "the port of another service",
      { ...outsideNotes, port: 8081 },
      "services.notes.port must listen on a port of its own, got 8081, the port of food-store; change it",
    ],
    [
      "a route that its contract does not have",
      { ...outsideNotes, routes: { "get-toy": { enabled: false } } },
      "services.notes.routes.get-toy is no route of the contract (get-note, put-note, get-health, probe-region); name one of them, or remove it",
    ],
    [
      "no image but its port",
      { ...none, port: 3000 },
      "services.notes.port must stand with an image, got 3000 without one; add image, or remove it",
    ],
  ];
  for (const [title, service, sentence] of sentences) {
    it(`is refused with ${title}, in one sentence`, () => {
      const [first, ...others] = refused(service);
      assert.equal(first, `platform:${sentence}`);
      // Without an image there is no such service.
      assert.deepEqual(others.length, title === "no image but its port" ? 1 : 0, others.join("\n"));
    });
  }

  it("is refused under the name of a service of apps/", () => {
    const [first] = refused({ ...outsideNotes, port: 3001 }, "shipping");
    assert.match(
      first!,
      /^platform:services\.shipping\.image must be of a service that is not in apps\/catalog\.ts, got "ghcr/,
    );
  });

  it("is refused with a contract that is not JSON", () => {
    const file = join(projectRoot, `contracts/test-${process.pid}.json`);
    writeFileSync(file, "{");
    try {
      const [first, ...others] = refused({ ...outsideNotes, contract: `contracts/test-${process.pid}.json` });
      assert.match(first!, /^platform:services\.notes\.contract must be JSON, got .+; correct the file$/);
      assert.deepEqual(others, []);
    } finally {
      rmSync(file);
    }
  });
});
