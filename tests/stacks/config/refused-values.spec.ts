import { refuses } from "./example";

const label = "a".repeat(63);

describe("a value that AWS refuses", () => {
  refuses("roles.permissionsBoundary", {
    "roles.permissionsBoundary must be the ARN of a policy such as arn:aws:iam::123456789012:policy/platform-boundary, got <value>; change it":
      [
        "arn:aws-cn:iam::123456789012:policy/boundary",
        "arn:aws-us-gov:iam::123456789012:policy/boundary",
        "arn:aws:iam::12345678901:policy/boundary",
        "arn:aws:iam::AWS:policy/PowerUserAccess",
        "arn:aws:iam::123456789012:role/boundary",
        "arn:aws:iam::123456789012:policy/",
        "arn:aws:iam::123456789012:policy//boundary",
        "arn:aws:iam::123456789012:policy/team/",
        "arn:aws:iam::123456789012:policy/*",
        `arn:aws:iam::123456789012:policy/${"a".repeat(129)}`,
        "arn:aws:iam:eu-west-1:123456789012:policy/boundary",
        "",
      ],
  });

  refuses("imageRelease", {
    "imageRelease must be a release of Amazon Linux 2023 such as 2023.12.20261012.0 (its version, the date and a number), got <value>; change it":
      [
        "al2023-ami-2023.12.20261012.0-kernel-6.1-arm64",
        "latest",
        "2023.12",
        "2023.12.20261312.0",
        "2023.12.20261032.0",
        "",
      ],
  });

  refuses("alarms.emails[0]", {
    "alarms.emails[0] must be an e-mail address, got <value>; change it": [
      "on-call",
      "on-call@",
      "@example.com",
      "on-call@example",
      "on call@example.com",
      "on-call@@example.com",
      "On Call <on-call@example.com>",
      "on-call@example.com,ops@example.com",
      "on-call@example..com",
      ".on-call@example.com",
      "on-call.@example.com",
      "on-call@-example.com",
    ],
    "alarms.emails[0] must have at most 64 characters before @, got <value>; change it": [
      `${"a".repeat(65)}@example.com`,
    ],
    "alarms.emails[0] must be at most 254 characters, got <value>; lower it": [`a@${`${label}.`.repeat(4)}com`],
    "alarms.emails[0] must have at most 63 characters between two dots, got <value>; change it": [`a@${label}a.com`],
  });

  refuses("alarms.emails", {
    'alarms.emails[1] is listed twice, got "on-call@example.com"; remove it': [
      ["on-call@example.com", "on-call@example.com"],
    ],
    'alarms.emails[1] is listed twice, got "On-Call@example.com"; remove it': [
      ["on-call@example.com", "On-Call@example.com"],
    ],
    "alarms.emails must be at most 10 entries, got <value>; lower it": [
      Array.from({ length: 11 }, (_, i) => `a${i}@example.com`),
    ],
  });

  refuses("logRetentionDays", {
    "logRetentionDays must be one of 1, 3, 5, 7, 14, 3<value>, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653, got 0; change it":
      [0],
    "logRetentionDays must be one of 1, 3, 5, 7, 14, 30, 60, 90, 1<value>0, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653, got 2; change it":
      [2],
    "logRetentionDays must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 1<value>0, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653, got 8; change it":
      [8],
    "logRetentionDays must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653, got <value>; change it":
      [364, 3654, -1],
    "logRetentionDays must be of type int, got <value>; change it, without quotes if it is a number": [7.5],
  });

  refuses("tokens.accessMinutes", {
    "tokens.accessMinutes must be at least 5, got <value>; raise it": [4, 0],
    "tokens.accessMinutes must be at most 1440, got <value>; lower it": [1441],
  });

  refuses("tokens.idMinutes", {
    "tokens.idMinutes must be at least 5, got <value>; raise it": [4],
    "tokens.idMinutes must be at most 1440, got <value>; lower it": [1441],
  });

  refuses("tokens.refreshDays", {
    "tokens.refreshDays must be at least 1, got <value>; raise it": [0],
    "tokens.refreshDays must be at most 3650, got <value>; lower it": [3651],
  });

  refuses("throttle.rate", {
    "throttle.rate must be at most 10000, got <value>; lower it": [10001],
    "throttle.rate must be at least 1, got <value>; raise it": [0],
    "throttle.rate must be of type number, got <value>; change it, without quotes if it is a number": ["500"],
  });

  refuses("throttle.burst", {
    "throttle.burst must be at most 5000, got <value>; lower it": [5001],
    "throttle.burst must be at least 1, got <value>; raise it": [0],
  });

  refuses("services.shipping.routes", {
    "services.shipping.routes.get-health.throttle must be a throttle of at least rate 5 and burst 20, as Route 53 checks every region with it, got rate 4 and burst 20; raise it":
      [{ "get-health": { throttle: { rate: 4, burst: 20 } } }],
    "services.shipping.routes.get-health.throttle must be a throttle of at least rate 5 and burst 20, as Route 53 checks every region with it, got rate 5 and burst 19; raise it":
      [{ "get-health": { throttle: { rate: 5, burst: 19 } } }],
    "services.shipping.routes.get-health.throttle must be a throttle of at least rate 5 and burst 20, as Route 53 checks every region with it, got rate 1 and burst 1; raise it":
      [{ "get-health": { throttle: { rate: 1, burst: 1 } } }],
    "services.shipping.routes.get-health.enabled must not be false, as health checks ask this route; remove it": [
      { "get-health": { enabled: false } },
    ],
    "services.shipping.routes.probe-region.enabled must not be false, as health checks ask this route; remove it": [
      { "probe-region": { enabled: false } },
    ],
    "services.shipping.routes.get-shipment.throttle.rate must be at least 1, got 0; raise it": [
      { "get-shipment": { throttle: { rate: 0, burst: 10 } } },
    ],
    "services.shipping.routes.get-shipment.throttle.rate must be at most 10000, got 10001; lower it": [
      { "get-shipment": { throttle: { rate: 10001, burst: 10 } } },
    ],
    "services.shipping.routes.get-shipment.throttle.burst is missing; set it to a value of type number": [
      { "get-shipment": { throttle: { rate: 10 } } },
    ],
    "services.shipping.routes.get-nothing is no route of the contract (put-shipment, get-shipment, get-tracking, list-shipments, get-pickup, post-shipment, get-health, probe-region, get-rates, post-pickup); name one of them, or remove it":
      [{ "get-nothing": { enabled: false } }],
  });

  refuses("services.shipping.variables", {
    "services.shipping.variables.NOPE must be a variable that the contract declares (CARRIER_URL); remove it, or declare it in needs.variables":
      [{ NOPE: "x" }],
  });

  refuses("services.shipping.variables.CARRIER_URL", {
    "services.shipping.variables.CARRIER_URL must be one line of at most 1,024 characters without quotes, backslash, # and ;, got <value>; change it":
      ['a "quote"', "two\nlines", "x".repeat(1_025), "a; b", "# c", "back\\slash"],
  });

  refuses("network.nat", {
    'network.nat must not be none, as shipping could not call the hosts of needs.egress, got "none"; choose zone or single':
      ["none"],
  });

  refuses("services.shipping.capacity.peak", {
    "services.shipping.capacity.peak must be at least 1, got <value>; raise it": [0],
  });

  refuses("services.shipping.capacity.max", {
    "services.shipping.capacity.max must be at most 1000, got <value>; lower it": [1001],
  });

  refuses("services.shipping.ecs.spotPercent", {
    "services.shipping.ecs.spotPercent must be at most 100, got <value>; lower it": [101],
  });

  refuses("services.shipping.capacity.size", {
    "services.shipping.capacity.size must be one of small, medium, large, got <value>; choose one of them": ["huge"],
  });

  refuses("services.shipping.lambda.reservedConcurrency", {
    "services.shipping.lambda.reservedConcurrency must be at least 1, got <value>; raise it": [0],
  });

  refuses('services["pet-store"].lambda.provisionedConcurrency', {
    "services.pet-store.lambda.provisionedConcurrency must be at most reservedConcurrency (200), got <value>; lower it":
      [201],
  });

  refuses("services.shipping.scaling.cpuPercent", {
    "services.shipping.scaling.cpuPercent must be at least 1, got <value>; raise it": [0],
    "services.shipping.scaling.cpuPercent must be at most 100, got <value>; lower it": [101],
  });

  refuses("services.shipping.ecs.memoryPercent", {
    "services.shipping.ecs.memoryPercent must be at most 100, got <value>; lower it": [101],
    "services.shipping.ecs.memoryPercent must be at most 60, so that the other zones can carry a lost one, got <value>; lower it":
      [61],
  });

  refuses("services.shipping.ec2.requestsPerSecond", {
    "services.shipping.ec2.requestsPerSecond must be at least 1, got <value>; raise it": [0],
  });

  refuses("class", {
    "class must be one of development, production, got <value>; choose one of them": ["prod", null, "constructor"],
  });

  refuses("services.shipping.ecs.ingress", {
    "services.shipping.ecs.ingress must be one of cloudmap, alb, got <value>; choose one of them": ["nlb"],
  });

  refuses("targets.availabilityPercent", {
    "targets.availabilityPercent must be at most 99.999, got <value>; lower it": [100],
  });

  refuses("targets.recoveryTimeSeconds", {
    "targets.recoveryTimeSeconds must be at least 95, got <value>; raise it": [94],
  });

  refuses("beanstalkPlatform", {
    'beanstalkPlatform must be managed, or a Beanstalk platform on Amazon Linux 2023 such as "64bit Amazon Linux 2023 v6.6.2 running Node.js 22", got <value>; change it':
      ["64bit Amazon Linux 2 v5.8.0 running Node.js 18"],
  });

  refuses("tableKey", {
    "tableKey must be one of aws, customer, got <value>; choose one of them": ["none"],
  });

  refuses("network.nat", {
    "network.nat must be one of zone, single, none, got <value>; choose one of them": ["two"],
  });
});
