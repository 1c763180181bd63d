import assert from "node:assert/strict";
import { catalog } from "../../apps/catalog";
import { readProject } from "../../graph/project";
import { parseConfig } from "../../stacks/config/read";
import { configuredServices } from "../../stacks/config/services";

const root = `${__dirname}/../..`;

/** The environment's configuration as the program sees it, to be broken. */
function sound(environment: "dev" | "prod"): any {
  const entries = Object.entries(readProject(root, environment).config).map(([key, value]) => {
    const name = key.replace("platform:", "");
    return [name, name === "beanstalkPlatform" ? value : JSON.parse(value)];
  });
  return Object.fromEntries(entries);
}

/** The problems found after a change; fails when there are none. */
function problems(change: (config: any) => void, environment: "dev" | "prod" = "prod"): string[] {
  const config = sound(environment);
  change(config);
  try {
    parseConfig(config, environment, catalog);
  } catch (error) {
    return (error as Error).message
      .split("\n")
      .slice(1)
      .map((line) => line.trim());
  }
  assert.fail("the configuration was accepted");
}

describe("config", () => {
  it("accepts dev and prod, which have the same keys", () => {
    const [dev, prod] = [sound("dev"), sound("prod")];
    assert.doesNotThrow(() => parseConfig(dev, "dev", catalog));
    assert.doesNotThrow(() => parseConfig(prod, "prod", catalog));
    const keys = (value: any): unknown =>
      value && typeof value === "object" && !Array.isArray(value)
        ? Object.fromEntries(
            Object.keys(value)
              .sort()
              .map((key) => [key, keys(value[key])]),
          )
        : true;
    assert.deepEqual(keys(dev), keys(prod));
  });

  const refusals: [title: string, change: (config: any) => void, expected: RegExp][] = [
    [
      "an unknown key",
      (c) => {
        c.regoins = [];
      },
      /^platform:regoins is not a key the platform knows; check its spelling/,
    ],
    [
      "an unknown key of a service",
      (c) => {
        c.services.shipping.patern = "ecs";
      },
      /^platform:services\.shipping\.patern is not a key/,
    ],
    [
      "a missing key",
      (c) => {
        delete c.domain;
      },
      /^platform:domain is missing; set it to a value of type object/,
    ],
    [
      "a text where a number is due",
      (c) => {
        c.services.shipping.capacity.peak = "3";
      },
      /^platform:services\.shipping\.capacity\.peak must be of type number, got "3"; change it, without quotes/,
    ],
    [
      "NaN",
      (c) => {
        c.throttle.rate = Number.NaN;
      },
      /^platform:throttle\.rate must be of type number/,
    ],
    [
      "a negative count",
      (c) => {
        c.throttle.burst = -1;
      },
      /^platform:throttle\.burst must be at least 1, got -1; raise it/,
    ],
    [
      "a huge count",
      (c) => {
        c.throttle.rate = 1e9;
      },
      /^platform:throttle\.rate must be at most 10000, got 1000000000; lower it/,
    ],
    [
      "a fraction of a server",
      (c) => {
        c.services.shipping.capacity.peak = 1.5;
      },
      /^platform:services\.shipping\.capacity\.peak must be of type int, got 1.5/,
    ],
    [
      "an unknown pattern",
      (c) => {
        c.services.shipping.pattern = "k8s";
      },
      /^platform:services\.shipping\.pattern must be one of ec2, ecs, beanstalk, lambda, got "k8s"; choose one/,
    ],
    [
      "an object's own name as pattern",
      (c) => {
        c.services.shipping.pattern = "constructor";
      },
      /pattern must be one of/,
    ],
    [
      "the same region twice",
      (c) => {
        c.regions[1] = { ...c.regions[0], cidr: "10.99.0.0/16" };
      },
      /^platform:regions\[1\]\.name must differ from the primary region, got "eu-west-1" twice/,
    ],
    [
      "overlapping blocks",
      (c) => {
        c.regions[1].cidr = "10.16.128.0/17";
      },
      /^platform:regions\[1\]\.cidr overlaps platform:?regions\[0\]\.cidr|^platform:regions\[1\]\.cidr overlaps regions\[0\]\.cidr \(10\.16\.0\.0\/16\), got "10\.16\.128\.0\/17"/,
    ],
    [
      "a block with host bits",
      (c) => {
        c.regions[0].cidr = "10.16.0.1/16";
      },
      /^platform:regions\[0\]\.cidr cannot be used: .*10\.16\.0\.1\/16/,
    ],
    [
      "a block too small",
      (c) => {
        c.regions[0].cidr = "10.16.0.0/30";
      },
      /^platform:regions\[0\]\.cidr cannot be used:/,
    ],
    [
      "one zone",
      (c) => {
        c.regions[0].zones = ["eu-west-1a"];
      },
      /^platform:regions\[0\]\.zones must be at least 2 entries/,
    ],
    [
      "two zones in prod",
      (c) => {
        c.regions[0].zones.pop();
      },
      /^platform:regions\[0\]\.zones must be at least 3 in prod, got 2; add a zone/,
    ],
    [
      "a zone of another region",
      (c) => {
        c.regions[0].zones[0] = "us-east-1a";
      },
      /^platform:regions\[0\]\.zones\[0\] must be a zone of eu-west-1, got "us-east-1a"; try eu-west-1a/,
    ],
    [
      "a zone twice",
      (c) => {
        c.regions[0].zones[1] = "eu-west-1a";
      },
      /^platform:regions\[0\]\.zones\[1\] is named twice/,
    ],
    [
      "a name outside its zone",
      (c) => {
        c.domain.api = "api.example.org";
      },
      /^platform:domain\.api must lie in the zone example\.com, got "api\.example\.org"; try "api\.example\.com"/,
    ],
    [
      "a bad domain",
      (c) => {
        c.domain.zone = "exa mple.com\n";
      },
      /^platform:domain\.zone must be a lower-case domain name/,
    ],
    [
      "any origin",
      (c) => {
        c.cors.origins = ["*"];
      },
      /^platform:cors\.origins\[0\] must be an exact origin such as https:\/\/app\.example\.com, never \*, got "\*"/,
    ],
    [
      "a recovery time DNS cannot keep",
      (c) => {
        c.targets.recoveryTimeSeconds = 89;
      },
      /^platform:targets\.recoveryTimeSeconds must be at least 90/,
    ],
    [
      "a maximum below the minimum",
      (c) => {
        c.services.shipping.capacity.max = 3;
      },
      /^platform:services\.shipping\.capacity\.max must be at least 5, one and a half times the minimum of 3, got 3; raise it/,
    ],
    [
      "a target that leaves no room for a lost zone",
      (c) => {
        c.services.shipping.scaling.cpuPercent = 61;
      },
      /^platform:services\.shipping\.scaling\.cpuPercent must be at most 60, .*got 61; lower it/,
    ],
    [
      "more provisioned than reserved",
      (c) => {
        c.services.shipping.functions = { reservedConcurrency: 5, provisionedConcurrency: 6 };
      },
      /provisionedConcurrency must be at most reservedConcurrency \(5\), got 6/,
    ],
    [
      "more concurrency than an account has",
      (c) => {
        for (const s of Object.values<any>(c.services)) s.functions.reservedConcurrency = 300;
      },
      /^platform:services reserve 1200 concurrent executions, more than the 900/,
    ],
    [
      "a service nobody wrote",
      (c) => {
        c.services.toys = c.services.shipping;
      },
      /^platform:services\.toys is no service of apps\/catalog\.ts \(food-store, .*\); add it there, or remove it/,
    ],
    [
      "a service left out",
      (c) => {
        delete c.services.shipping;
      },
      /^platform:services\.shipping is missing/,
    ],
    [
      "a service named like a property of every object",
      (c) => {
        c.services = JSON.parse(JSON.stringify(c.services).replace('"shipping"', '"__proto__"'));
      },
      /platform:services/,
    ],
    [
      "a legacy route without its URL",
      (c) => {
        delete c.services.shipping.legacyUrl;
      },
      /^platform:services\.shipping\.legacyUrl is missing; set the https URL that get-rates stays with/,
    ],
    [
      "a legacy URL nobody uses",
      (c) => {
        c.services["pet-store"].legacyUrl = "https://legacy.example.com/";
      },
      /^platform:services\.pet-store\.legacyUrl has no route that uses it/,
    ],
    [
      "a route nobody declared",
      (c) => {
        c.services.shipping.routes = { "get-nothing": { enabled: false } };
      },
      /^platform:services\.shipping\.routes\.get-nothing is no route of the contract \(put-shipment, .*get-rates\); name one/,
    ],
    [
      "a health route switched off",
      (c) => {
        c.services.shipping.routes = { "get-health": { enabled: false } };
      },
      /^platform:services\.shipping\.routes\.get-health\.enabled must not be false/,
    ],
    [
      "servers that cannot reach AWS",
      (c) => {
        c.network = { nat: "none", interfaceEndpoints: false };
      },
      /^platform:network\.nat must not be none while interfaceEndpoints is false, as food-store, price-calculator, shipping could not/,
    ],
    [
      "a boundary that is no policy",
      (c) => {
        c.roles.permissionsBoundary = "platform-boundary";
      },
      /^platform:roles\.permissionsBoundary must be the ARN of a policy such as arn:aws:iam::123456789012:policy\//,
    ],
    [
      "a retention CloudWatch does not know",
      (c) => {
        c.logRetentionDays = 8;
      },
      /^platform:logRetentionDays must be one of 1, 3, 5/,
    ],
    [
      "tokens shorter than Cognito makes",
      (c) => {
        c.tokens.accessMinutes = 4;
      },
      /^platform:tokens\.accessMinutes must be at least 5, got 4/,
    ],
  ];
  for (const [title, change, expected] of refusals) {
    it(`refuses ${title}`, () => {
      const found = problems(change);
      assert.ok(
        found.some((line) => expected.test(line)),
        found.join("\n"),
      );
    });
  }

  it("reports every problem at once, a line each, wrong shapes beside values that do not fit", () => {
    const found = problems((config) => {
      config.regoins = 1;
      config.throttle.rate = "many";
      config.services.shipping.pattern = "k8s";
      config.services["pet-store"].capacity.max = 3;
      config.protection = "yes";
      config.regions[1].cidr = config.regions[0].cidr;
      config.domain.api = "api.example.org";
    });
    assert.deepEqual(
      found.map((line) => line.split(" ")[0]),
      [
        "platform:protection",
        "platform:throttle.rate",
        "platform:services.shipping.pattern",
        "platform:regoins",
        "platform:regions[1].cidr",
        "platform:domain.api",
        "platform:services.pet-store.capacity.max",
      ],
    );
  });

  it("keeps every message on one line and short, whatever the value", () => {
    for (const line of problems((config) => {
      config.domain.zone = `${"x\n".repeat(100_000)}`;
    })) {
      assert.ok(line.length < 300, line);
      assert.ok(!line.includes("\n"));
    }
  });

  it("changes a route's limit and switches routes off, per environment", () => {
    const config = sound("dev");
    config.services.shipping.routes = {
      "put-shipment": { throttle: { rate: 3, burst: 2 } },
      "list-shipments": { enabled: false },
    };
    const routes = configuredServices(parseConfig(config, "dev", catalog), catalog).at(-1)!.routes;
    assert.deepEqual(
      routes.map(({ id, throttle }) => [id, throttle.rate]),
      [
        ["put-shipment", 3],
        ["get-shipment", 100],
        ["get-health", 20],
      ],
    );
  });

  it("joins contract and configuration of every service", () => {
    const specs = configuredServices(sound("dev"), catalog);
    assert.deepEqual(
      specs.map(({ name, pattern }) => [name, pattern]),
      [
        ["food-store", "ecs"],
        ["pet-store", "lambda"],
        ["price-calculator", "beanstalk"],
        ["shipping", "ec2"],
      ],
    );
    assert.deepEqual(
      specs.at(-1)!.legacyRoutes.map(({ path, url }) => [path, url]),
      [["/shipping/rates", "https://legacy.example.com/rates"]],
    );
  });
});
