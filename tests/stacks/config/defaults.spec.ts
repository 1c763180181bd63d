import assert from "node:assert/strict";
import { zoneLetters, zonesPerAccount } from "../../../stacks/config/aws-regions";
import { classDefaults, generalDefaults } from "../../../stacks/config/defaults";
import { explainConfig, parseConfig } from "../../../stacks/config/read";
import { sampleCatalog as catalog } from "../../helpers/samples";
import { problemsOf } from "./example";

const signIn = {
  domainPrefix: "example",
  callbackUrls: ["https://app.example.com/in"],
  logoutUrls: ["https://app.example.com/"],
};

/** The least that an environment must say. */
function least(more: Record<string, unknown> = {}): any {
  return {
    regions: [{ name: "eu-west-1" }],
    domain: { zone: "example.com" },
    signIn,
    services: {
      "food-store": { pattern: "ecs" },
      "pet-store": { pattern: "lambda" },
      "price-calculator": { pattern: "beanstalk" },
      shipping: { pattern: "ec2", legacyUrl: "https://legacy.example.com/rates" },
    },
    ...more,
  };
}

const parse = (written: unknown) => parseConfig(written, "dev", catalog);
const sourceOf = (written: unknown, path: string) => explainConfig(written, "dev", catalog).sources.get(path);

describe("the defaults of configuration", () => {
  it("make a whole service of its pattern", () => {
    assert.deepEqual(parse(least()).services["food-store"], {
      pattern: "ecs",
      critical: true,
      capacity: { peak: 2, max: 12, size: "medium" },
      scaling: { cpuPercent: 60 },
      ecs: { ingress: "cloudmap", spotPercent: 50, memoryPercent: 60 },
      ec2: { requestsPerSecond: 100 },
      lambda: {},
    });
  });

  it("are those of production, unless the class is development", () => {
    const production = parse(least());
    const development = parse(least({ class: "development" }));
    assert.deepEqual(parse(least({ class: "production" })), production);
    const chosen = ({
      class: _,
      regions,
      network,
      protection,
      logRetentionDays,
      tokens,
      targets,
    }: typeof production) => [regions, network, protection, logRetentionDays, tokens, targets];
    assert.deepEqual(chosen(production), [
      [{ name: "eu-west-1", cidr: "10.16.0.0/16", zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"] }],
      { nat: "zone", interfaceEndpoints: true },
      true,
      90,
      { accessMinutes: 15, idMinutes: 15, pool: true, refreshDays: 30 },
      { availabilityPercent: 99.9, recoveryTimeSeconds: 120 },
    ]);
    assert.deepEqual(chosen(development), [
      [{ name: "eu-west-1", cidr: "10.8.0.0/16", zones: ["eu-west-1a", "eu-west-1b"] }],
      { nat: "single", interfaceEndpoints: false },
      false,
      7,
      { accessMinutes: 60, idMinutes: 60, pool: true, refreshDays: 30 },
      { availabilityPercent: 99.5, recoveryTimeSeconds: 300 },
    ]);
    assert.deepEqual(development.services["shipping"], {
      pattern: "ec2",
      critical: true,
      capacity: { peak: 1, max: 4, size: "small" },
      scaling: { cpuPercent: 45 },
      ecs: { ingress: "cloudmap", spotPercent: 100, memoryPercent: 45 },
      ec2: { requestsPerSecond: 50 },
      lambda: {},
      legacyUrl: "https://legacy.example.com/rates",
    });
  });

  it("give way to the file, key by key; a list replaces another", () => {
    const written = least({
      tokens: { accessMinutes: 30 },
      regions: [{ name: "eu-west-1", zones: ["eu-west-1c", "eu-west-1b", "eu-west-1a"] }],
    });
    written.services.shipping.ecs = { ingress: "alb" };
    const { tokens, regions, services } = parse(written);
    assert.deepEqual(tokens, { accessMinutes: 30, idMinutes: 15, pool: true, refreshDays: 30 });
    assert.deepEqual(regions[0]!.zones, ["eu-west-1c", "eu-west-1b", "eu-west-1a"]);
    assert.deepEqual(services["shipping"]!.ecs, { ingress: "alb", spotPercent: 50, memoryPercent: 60 });
  });

  it("are taken anew each time: what one reader changes, no other sees", () => {
    const before = JSON.stringify([generalDefaults, classDefaults]);
    const config: any = parse(least());
    for (const service of Object.values<any>(config.services)) service.lambda.reservedConcurrency = 5;
    config.roles.permissionsBoundary = "x";
    config.alarms.emails.push("a@example.com");
    assert.equal(JSON.stringify([generalDefaults, classDefaults]), before);
    assert.deepEqual(parse(least()).roles, {});
  });

  it("name zones that exist and are enough, in every region of the table but the one with two zones", () => {
    const refused = Object.keys(zoneLetters).filter((name) => {
      const problems = problemsOf(least({ regions: [{ name }] }), "dev");
      return problems.length > 0;
    });
    assert.deepEqual(refused, Object.keys(zonesPerAccount));
    const inDevelopment = Object.keys(zoneLetters).flatMap((name) =>
      problemsOf(least({ class: "development", regions: [{ name }] }), "dev"),
    );
    assert.deepEqual(inDevelopment, []);
  });

  it("fit two regions and any number of zones, so that no default is refused", () => {
    for (const environmentClass of ["development", "production"]) {
      for (const letters of environmentClass === "production" ? ["abc", "abcd"] : ["ab", "abc", "abcd"]) {
        const regions = ["us-east-1", "us-west-2"].map((name) => ({
          name,
          zones: [...letters].map((letter) => `${name}${letter}`),
        }));
        for (const peak of [1, 7, 100]) {
          const written = least({ class: environmentClass, regions });
          written.services.shipping.capacity = { peak };
          assert.deepEqual(problemsOf(written, "dev"), [], `${environmentClass} ${letters} ${peak}`);
        }
      }
    }
  });

  it("follow the peak and the zones", () => {
    const written = least();
    written.services.shipping.capacity = { peak: 10 };
    assert.deepEqual(parse(written).services["shipping"]!.capacity, { peak: 10, max: 60, size: "medium" });
    written.regions = [{ name: "us-east-1", zones: ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d"] }];
    assert.equal(parse(written).services["shipping"]!.scaling.cpuPercent, 67);
    assert.equal(parse(written).domain.api, "api.example.com");
  });

  it("are one number for regions with other numbers of zones: enough servers for each, a target that each survives", () => {
    const zones = ["eu-west-1a", "eu-west-1b"];
    const written = least({ class: "development", regions: [{ name: "eu-west-1", zones }, { name: "us-east-1" }] });
    written.regions[1].zones = ["a", "b", "c", "d"].map((letter) => `us-east-1${letter}`);
    const { capacity, scaling, ecs } = parse(written).services["shipping"]!;
    assert.deepEqual([capacity.max, scaling.cpuPercent, ecs.memoryPercent], [8, 45, 45]);
  });

  it("are named by where they came from", () => {
    const written = least({ tokens: { accessMinutes: 30 } });
    const sources: Record<string, string> = {
      class: "default",
      "tokens.accessMinutes": "Pulumi.dev.yaml",
      "tokens.idMinutes": "class production",
      "tokens.refreshDays": "default",
      "alarms.emails": "default",
      "regions[0].name": "Pulumi.dev.yaml",
      "regions[0].cidr": "from the region's place",
      "regions[0].zones": "from the region",
      "domain.zone": "Pulumi.dev.yaml",
      "domain.api": "from zone",
      "services.shipping.pattern": "Pulumi.dev.yaml",
      "services.shipping.capacity.peak": "class production",
      "services.shipping.capacity.max": "from peak and the zones",
      "services.shipping.scaling.cpuPercent": "from the zones",
      "services.shipping.ecs.ingress": "default",
      "services.shipping.lambda": "default",
    };
    for (const [path, source] of Object.entries(sources)) assert.equal(sourceOf(written, path), source, path);
    assert.equal(sourceOf(least({ class: "development" }), "protection"), "class development");
  });
});

describe("a problem of what people wrote", () => {
  const alone: readonly (readonly [title: string, written: any, problem: string])[] = [
    [
      "a region that does not exist",
      least({ regions: [{ name: "ireland" }] }),
      'platform:regions[0].name must be an AWS region such as eu-west-1, got "ireland"; change it',
    ],
    [
      "a region without a name",
      least({ regions: [{}] }),
      "platform:regions[0].name is missing; set it to a value of type string",
    ],
    [
      "a zone that is no domain name",
      least({ domain: { zone: "Example" } }),
      'platform:domain.zone must be a lower-case domain name such as api.example.com, got "Example"; change it',
    ],
    ["no zone", least({ domain: {} }), "platform:domain.zone is missing; set it to a value of type string"],
    ["no domain", least({ domain: undefined }), "platform:domain is missing; set it to a value of type object"],
    ["no regions", least({ regions: undefined }), "platform:regions is missing; set it to a value of type array"],
    [
      "regions that are no list",
      least({ regions: "eu-west-1" }),
      'platform:regions must be of type array, got "eu-west-1"; change it, without quotes if it is a number',
    ],
    [
      "an object that is a text",
      least({ tokens: "short" }),
      'platform:tokens must be of type object, got "short"; change it, without quotes if it is a number',
    ],
    [
      "an object that is null, which does not take its defaults away",
      least({ network: null }),
      "platform:network must be of type object, got null; change it, without quotes if it is a number",
    ],
    [
      "a class that does not exist",
      least({ class: "prod" }),
      'platform:class must be one of development, production, got "prod"; choose one of them',
    ],
  ];
  for (const [title, written, problem] of alone) {
    it(`is reported alone, without problems of the defaults that depend on it: ${title}`, () =>
      assert.deepEqual(problemsOf(written, "dev"), [problem]));
  }

  it("of an api that was written is reported next to that of its zone", () => {
    const problems = problemsOf(least({ domain: { zone: "Example", api: "API" } }), "dev");
    assert.deepEqual(
      problems.map((line) => line.split(" ")[0]),
      ["platform:domain.zone", "platform:domain.api"],
    );
  });

  it("does not hide those of services", () => {
    const written = least({ regions: [{ name: "ireland" }] });
    written.services.shipping.routes = { "get-health": { enabled: false } };
    assert.deepEqual(
      problemsOf(written, "dev").map((line) => line.split(" ")[0]),
      ["platform:regions[0].name", "platform:services.shipping.routes.get-health.enabled"],
    );
  });

  it("says what a service that is left out must have", () => {
    const written = least();
    delete written.services.shipping;
    assert.deepEqual(problemsOf(written, "dev"), [
      "platform:services.shipping is missing; give this service of apps/catalog.ts its pattern, such as shipping: { pattern: ecs }",
    ]);
  });
});

describe("a key of a service in the wrong place", () => {
  const place = "platform:services.shipping";
  const sentences: readonly (readonly [change: Record<string, unknown>, problem: string])[] = [
    [{ ingress: "alb" }, `${place}.ingress is a key of the pattern ecs; write it as services.shipping.ecs.ingress`],
    [
      { functions: { reservedConcurrency: 5 } },
      `${place}.functions is now named lambda; write its keys under services.shipping.lambda`,
    ],
    [
      { scaling: { memoryPercent: 45 } },
      `${place}.scaling.memoryPercent is a key of the pattern ecs; write it as services.shipping.ecs.memoryPercent`,
    ],
    [
      { scaling: { requestsPerSecond: 50 } },
      `${place}.scaling.requestsPerSecond is a key of the pattern ec2; write it as services.shipping.ec2.requestsPerSecond`,
    ],
    [
      { capacity: { spotPercent: 0 } },
      `${place}.capacity.spotPercent is a key of the pattern ecs; write it as services.shipping.ecs.spotPercent`,
    ],
    [
      { reservedConcurrency: 5 },
      `${place}.reservedConcurrency is a key of the pattern lambda; write it as services.shipping.lambda.reservedConcurrency`,
    ],
    [
      { ec2: { ingress: "alb" } },
      `${place}.ec2.ingress is a key of the pattern ecs; write it as services.shipping.ecs.ingress`,
    ],
    [{ peak: 5 }, `${place}.peak is a key of capacity; write it as services.shipping.capacity.peak`],
    [
      { ecs: { legacyUrl: "https://legacy.example.com/" } },
      `${place}.ecs.legacyUrl is a key of the service; write it as services.shipping.legacyUrl`,
    ],
    [
      { lambda: { memory: 5 } },
      `${place}.lambda.memory is not a key the platform knows; check its spelling against docs/reference.md, or remove it`,
    ],
    [
      { beanstalk: {} },
      `${place}.beanstalk is not a key the platform knows; check its spelling against docs/reference.md, or remove it`,
    ],
  ];
  for (const [change, problem] of sentences) {
    it(`is refused with where it belongs: ${JSON.stringify(change)}`, () => {
      const written = least();
      Object.assign(written.services.shipping, change);
      assert.deepEqual(problemsOf(written, "dev"), [problem]);
    });
  }
});
