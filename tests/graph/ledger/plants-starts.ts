import type { Purpose } from "../../../graph/ledger/need";
import type { Plant } from "./plant";

const region = "eu-west-1";
const template = "eu-west-1-shipping-template";
const task = "eu-west-1-food-store-task";
const account = "123456789012";

/** Commands that people add to the start of a server. */
const commands: readonly (readonly [lines: readonly string[], answeredBy: string])[] = [
  [["  - curl -fsSL https://packages.example.net/agent.sh | sh"], "packages.example.net"],
  [["  - aws s3 cp s3://tools-us-east-1/agent.zip /opt/agent.zip"], "us-east-1"],
  [["  - [aws, ssm, get-parameter, --name, /x, --region, us-west-2]"], "us-west-2"],
  [["  - aws secretsmanager get-secret-value --secret-id x --region=eu-west-3"], "eu-west-3"],
  [["  - yum-config-manager --add-repo https://rpm.example.org/x.repo"], "rpm.example.org"],
  [["  - docker pull 123456789012.dkr.ecr.ap-south-1.amazonaws.com/agent:3"], "ap-south-1"],
  [["  - - aws", "    - s3", "    - ls", "    - --region", "    - ca-west-1"], "ca-west-1"],
  [["  - wget -q https://s3.amazonaws.com/ec2-downloads-linux/agent.rpm"], "us-east-1"],
];

type ContainerChange = readonly [what: string, answeredBy: string, change: (container: Record<string, any>) => void];

/** Changes of a container of a task. */
const containers: readonly ContainerChange[] = [
  [
    "a sidecar secret of another region",
    "eu-north-1",
    (it) => (it["secrets"] = [{ name: "KEY", valueFrom: `arn:aws:ssm:eu-north-1:${account}:parameter/key` }]),
  ],
  [
    "a file of variables in another region",
    "us-west-1",
    (it) => (it["environmentFiles"] = [{ type: "s3", value: "arn:aws:s3:::env-us-west-1/food.env" }]),
  ],
  [
    "credentials of a registry",
    "ap-east-1",
    (it) =>
      (it["repositoryCredentials"] = {
        credentialsParameter: `arn:aws:secretsmanager:ap-east-1:${account}:secret:hub`,
      }),
  ],
];

/** Images that a container may be given instead. */
const images: readonly (readonly [image: string, answeredBy: string])[] = [
  ["node:22-slim", "registry-1.docker.io"],
  ["public.ecr.aws/docker/library/node:22", "the edge network"],
  ["ghcr.io/example/food-store:1", "ghcr.io"],
  [`${account}.dkr.ecr.us-east-2.amazonaws.com/food-store:1`, "us-east-2"],
];

/** Dependencies of what starts: servers, tasks and functions. */
export const startPlants: readonly Plant[] = [
  ...commands.map(
    ([lines, answeredBy], index): Plant => ({
      ...{ what: `user data: ${lines.join(" ").trim()}`, answeredBy, region, on: "shipping-template" },
      purpose: (index % 2 === 0 ? "scale" : "replace") as Purpose,
      change: (graph) => graph.userData(template, "runcmd:", lines),
    }),
  ),
  ...containers.map(
    ([what, answeredBy, change]): Plant => ({
      ...{ what, answeredBy, region, on: "food-store-task", purpose: "replace" as Purpose },
      change: (graph) => graph.containers(task, change),
    }),
  ),
  ...images.map(
    ([image, answeredBy], index): Plant => ({
      ...{ what: `another container's image ${image}`, answeredBy, region, on: "food-store-task" },
      purpose: (index % 2 === 0 ? "scale" : "replace") as Purpose,
      change: (graph) => {
        const inputs = graph.inputs("aws:ecs/taskDefinition:TaskDefinition", task);
        const all = JSON.parse(inputs["containerDefinitions"]);
        inputs["containerDefinitions"] = JSON.stringify([...all, { name: `more-${index}`, image }]);
      },
    }),
  ),
  {
    what: "logs of a container that wait for another region",
    ...{ answeredBy: "eu-south-2", region, on: "food-store-task", purpose: "serve" },
    change: (graph) =>
      graph.containers(task, ({ logConfiguration: { options } }) => {
        options["awslogs-region"] = "eu-south-2";
        delete options.mode;
      }),
  },
  {
    what: "a function from an image of another region",
    ...{ answeredBy: "us-west-2", region, on: "rest-forwarder", purpose: "scale" },
    change: (graph) => {
      const inputs = graph.inputs("aws:lambda/function:Function", "eu-west-1-rest-forwarder");
      inputs["imageUri"] = `${account}.dkr.ecr.us-west-2.amazonaws.com/forwarder:7`;
    },
  },
  {
    what: "a function with a layer of another region",
    ...{ answeredBy: "us-east-1", region, on: "pet-store-function", purpose: "serve" },
    change: (graph) => {
      const inputs = graph.inputs("aws:lambda/function:Function", "eu-west-1-pet-store-function");
      inputs["layers"] = [`arn:aws:lambda:us-east-1:${account}:layer:tracing:4`];
    },
  },
];
