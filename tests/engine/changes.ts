import { imageName } from "../../infra/compute/ec2/image";
import type { Project } from "./helpers/project";

export interface Change {
  make(project: Project): void;
  /** Every step but "same", `<operation> <class> <name without region>`; unset: those of changes.txt. */
  readonly exactly?: readonly string[];
}

const NEWER_RELEASE = "2023.998.20981231.0";

type Config = Record<string, any>;
const configure = (change: (config: Config) => void) => (project: Project) => project.configure("dev", change);
const service = (name: string, change: (service: Config) => void) =>
  configure((config) => change(config["platform:services"][name]));
/** Something an artifact's hash must notice. */
const newBuild = (name: string) => (project: Project) =>
  project.edit(`apps/${name}/app.ts`, "export function createApp", 'process.title = "new";\nexport function createApp');

/** Changes of one running environment, one after the other. */
export const changes: Readonly<Record<string, Change>> = {
  "another token lifetime": {
    make: configure((config) => {
      config["platform:tokens"].accessMinutes = 30;
    }),
    exactly: ["update UserPoolClient identity-service", "update UserPoolClient identity-web"],
  },
  "another throttle of everything": {
    make: configure((config) => {
      config["platform:throttle"].rate = 400;
    }),
    exactly: ["update MethodSettings private-settings", "update Stage http-stage"],
  },
  "another throttle of one route": {
    make: service("food-store", (settings) => {
      settings["routes"] = { "get-food": { throttle: { rate: 5, burst: 5 } } };
    }),
    exactly: ["update MethodSettings private-food-store-get-food-settings", "update Stage http-stage"],
  },
  "a route turned off, the last that needs its scope": {
    // No later change is of this service, as the route stays turned off.
    make: service("reviews", (settings) => {
      settings["routes"] = { "put-review": { enabled: false }, "post-review": { enabled: false } };
    }),
    exactly: [
      "delete Permission http-reviews-post-review-permission",
      "delete Permission http-reviews-put-review-permission",
      "delete ResourceServer identity-reviews",
      "delete Route http-reviews-post-review",
      "delete Route http-reviews-put-review",
      // Editors may write everywhere, and the trigger knows what that is.
      "update Alias identity-pre-token-generation-alias",
      "update Alias reference-function-alias",
      // The scopes that the web app asks for.
      "update BucketObjectv2 web-config.json",
      "update Function identity-pre-token-generation",
      "update Function reference-function",
      "update Stage http-stage",
      "update UserGroup identity-group-editors",
      "update UserPoolClient identity-service",
      "update UserPoolClient identity-web",
    ],
  },
  "more servers at most": {
    make: service("shipping", (settings) => {
      settings["capacity"].max = 6;
    }),
    exactly: ["update Group shipping-servers"],
  },
  "another origin for browsers": {
    make: configure((config) => {
      config["platform:cors"].origins.push("https://shop.example.com");
    }),
    exactly: ["update Api http-api"],
  },
  "somebody to tell of alarms": {
    make: configure((config) => {
      config["platform:alarms"].emails = ["on-call@example.com"];
    }),
    exactly: [
      "create TopicSubscription alarms-email-1",
      "create TopicSubscription gateway-alarms-email-1",
      "create TopicSubscription identity-messages-alarms-email-1",
      "create TopicSubscription web-alarms-email-1",
    ],
  },
  "larger containers": {
    make: service("food-store", (settings) => {
      settings["capacity"].size = "medium";
    }),
    exactly: ["replace TaskDefinition food-store-task", "update Service food-store-service"],
  },
  "another build of a container": {
    make: newBuild("food-store"),
    exactly: ["replace TaskDefinition food-store-task", "update Service food-store-service"],
  },
  "another style of the web app": {
    make: (project) => project.edit("apps/web/style.css", ":root {", ":root {\n  --changed: 1;"),
    // Vite puts the style into the hash of the script that comes with it.
    exactly: [
      "replace BucketObjectv2 web-index.css",
      "replace BucketObjectv2 web-index.js",
      "update BucketObjectv2 web-index.html",
    ],
  },
  "another build of a function": {
    make: newBuild("pet-store"),
    exactly: ["replace Invocation pet-store-canary-release", "update Function pet-store-function"],
  },
  "another build on servers": {
    make: newBuild("shipping"),
    exactly: [
      "replace BucketObjectv2 shipping-artifact",
      "update Group shipping-servers",
      "update LaunchTemplate shipping-template",
    ],
  },
  "a newer release of the servers' image": {
    make: (project) => {
      project.cloud.images.publish(imageName(NEWER_RELEASE));
      project.configure("dev", (config) => {
        config["platform:imageRelease"] = NEWER_RELEASE;
      });
    },
    exactly: ["update Group shipping-servers", "update LaunchTemplate shipping-template"],
  },
  "a newer release at Amazon, and the one in use deprecated: nothing": {
    make: ({ cloud: { images } }) => {
      images.publish(imageName("2023.999.20990101.0"));
      images.deprecate(imageName(NEWER_RELEASE));
    },
    exactly: [],
  },
  "another build for Beanstalk": {
    make: newBuild("price-calculator"),
    exactly: [
      "replace ApplicationVersion price-calculator-version",
      "replace BucketObjectv2 price-calculator-artifact",
      "update Environment price-calculator-env",
    ],
  },
  "a newer platform of Beanstalk, which managed updates install": {
    make: ({ cloud }) => {
      const name = "64bit Amazon Linux 2023 v6.8.0 running Node.js 22";
      cloud.lookups["aws:elasticbeanstalk/getSolutionStack:getSolutionStack"] = { id: name, name };
    },
    exactly: [],
  },
  "a pinned platform of Beanstalk": {
    make: configure((config) => {
      config["platform:beanstalkPlatform"] = "64bit Amazon Linux 2023 v6.7.1 running Node.js 22";
    }),
    exactly: ["update Environment price-calculator-env"],
  },
  "a customer key for the tables": {
    make: configure((config) => {
      config["platform:tableKey"] = "customer";
    }),
  },
  "AWS's own key for the tables again": {
    make: configure((config) => {
      config["platform:tableKey"] = "aws";
    }),
  },
  "back to the build before": {
    make: (project) => {
      for (const name of ["food-store", "pet-store", "shipping", "price-calculator"]) {
        project.edit(`apps/${name}/app.ts`, 'process.title = "new";\n', "");
      }
    },
  },
  "one more route": {
    make: (project) => {
      const route =
        '"get-price": { method: "GET", path: "/pet-store/pets/{id}/price", summary: "Price", access: "open", throttle: readThrottle, answer: pet },';
      project.edit("apps/pet-store/contract.ts", '"list-pets": {', `${route} "list-pets": {`);
      const answer = '"get-price": ({ params }) => getOrNotFound(items, params.id),';
      project.edit("apps/pet-store/app.ts", '"list-pets":', `${answer} "list-pets":`);
    },
    exactly: [
      "create Permission http-pet-store-get-price-permission",
      "create Route http-pet-store-get-price",
      // The price calculator has the pet store's contract in its build, as it calls it.
      "replace ApplicationVersion price-calculator-version",
      "replace BucketObjectv2 price-calculator-artifact",
      "replace Invocation pet-store-canary-release",
      "update Alias reference-function-alias",
      "update Environment price-calculator-env",
      "update Function pet-store-function",
      "update Function reference-function",
      "update Stage http-stage",
    ],
  },
  "a NAT gateway in every zone": {
    make: configure((config) => {
      config["platform:network"].nat = "zone";
    }),
    exactly: ["create Eip network-vpc-2", "create NatGateway network-vpc-2", "update Route network-vpc-private-2"],
  },
  "one more tag": {
    make: (project) =>
      project.edit("infra/region/region-cell.ts", '"managed-by": "pulumi"', '"managed-by": "pulumi", team: "one"'),
  },
  "a resource renamed, with an alias": {
    make: (project) => {
      const named = (role: string) => `\`\${name}-${role}\``;
      project.edit("infra/dns/hosted-zone.ts", named("zone"), named("public-zone"));
      const options = "{ parent: this, protect: args.protection";
      const renamed = `${options}, aliases: [{ name: ${named("zone")} }]`;
      project.edit("infra/dns/hosted-zone.ts", options, renamed);
    },
    exactly: [],
  },
  "a third zone": {
    make: configure((config) => {
      config["platform:regions"][0].zones.push("eu-west-1c");
      for (const settings of Object.values<Config>(config["platform:services"])) settings["capacity"].max = 6;
    }),
  },
  "one more service": {
    make: addService,
  },
  "another pattern": {
    make: service("food-store", (settings) => {
      settings["pattern"] = "lambda";
    }),
  },
  // The bucket stays, and the schedule invokes another function.
  "another pattern of a service with needs": {
    make: service("pet-store", (settings) => {
      settings["pattern"] = "ecs";
    }),
  },
};

/** As the README says to. */
function addService(project: Project): void {
  for (const file of ["app", "contract", "handler", "records", "server"]) {
    const text = project.read(`apps/pet-store/${file}.ts`);
    const own = text.replaceAll("pet-store", "toy-store").replaceAll("petStore", "toyStore").replaceAll("8082", "8099");
    project.write(`apps/toy-store/${file}.ts`, own);
  }
  const line = 'import { shipping } from "./shipping/contract";';
  project.edit("apps/catalog.ts", line, `${line}\nimport { toyStore } from "./toy-store/contract";`);
  project.edit("apps/catalog.ts", "shipping: shipping,", 'shipping: shipping,\n  "toy-store": toyStore,');
  project.configure("dev", (config) => {
    const services = config["platform:services"];
    services["toy-store"] = services["pet-store"];
    // `configure` writes defaults out: every service is on the HTTP API.
    config["platform:gateways"].http.services.push("toy-store");
  });
}
