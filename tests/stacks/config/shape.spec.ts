import assert from "node:assert/strict";
import { parseConfig } from "../../../stacks/config/read";
import { configuredServices } from "../../../stacks/config/services";
import { sampleCatalog as catalog } from "../../helpers/samples";
import { exampleConfig, problemsOfChange } from "./example";

describe("config", () => {
  it("accepts dev and prod, which have the same keys but for the concurrency that dev does not ask for", () => {
    const [dev, prod] = [exampleConfig("dev"), exampleConfig("prod")];
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
    for (const service of Object.values<any>(prod.services)) service.lambda = {};
    assert.deepEqual(keys(dev), keys(prod));
  });

  it("counts reserved concurrency of services under lambda only, each with its releaser", () => {
    const prod = exampleConfig("prod");
    for (const service of Object.values<any>(prod.services)) service.lambda = { reservedConcurrency: 899 };
    assert.doesNotThrow(() => parseConfig(prod, "prod", catalog));
    prod.services["food-store"].pattern = "lambda";
    assert.throws(() => parseConfig(prod, "prod", catalog), /services reserve 1800 concurrent executions/);
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
      "a release that is the name of an image",
      (c) => {
        c.imageRelease = "al2023-ami-2023.12.20261012.0-kernel-6.1-arm64";
      },
      /^platform:imageRelease must be a release of Amazon Linux 2023 such as 2023\.12\.20261012\.0 .*, got "al2023-ami-.*; change it/,
    ],
    [
      "an image that is a parameter",
      (c) => {
        c.regions[0].machineImage = "resolve:ssm:/image";
      },
      /^platform:regions\[0\]\.machineImage must be an image of the region such as ami-.*, got "resolve:ssm:\/image"/,
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
      "two zones in production",
      (c) => {
        c.regions[0].zones.pop();
      },
      /^platform:regions\[0\]\.zones must be at least 3 in production, got 2; add a zone/,
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
  ];
  for (const [title, change, expected] of refusals) {
    it(`refuses ${title}`, () => {
      const found = problemsOfChange(change);
      assert.ok(
        found.some((line) => expected.test(line)),
        found.join("\n"),
      );
    });
  }

  it("reports every problem at once, a line each, wrong shapes beside values that do not fit", () => {
    const found = problemsOfChange((config) => {
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
    for (const line of problemsOfChange((config) => {
      config.domain.zone = `${"x\n".repeat(100_000)}`;
    })) {
      assert.ok(line.length < 300, line);
      assert.ok(!line.includes("\n"));
    }
  });

  it("changes a route's limit and switches routes off, per environment", () => {
    const config = exampleConfig("dev");
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
        ["get-tracking", 20],
        ["get-pickup", 100],
        ["post-shipment", 20],
        ["get-health", 20],
        ["probe-region", 20],
      ],
    );
  });

  it("joins contract and configuration of every service", () => {
    const specs = configuredServices(exampleConfig("dev"), catalog);
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
