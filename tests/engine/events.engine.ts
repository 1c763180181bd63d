import assert from "node:assert/strict";
import { errors, operations, stepsInOrder } from "./helpers/events";
import { Project } from "./helpers/project";
import { operate, staysAsItIs } from "./helpers/stacks";

/** Seconds that the test gives a policy to be in effect; AWS's own takes two minutes. */
const IN_EFFECT = 3;
const pipe = "aws:pipes/pipe:Pipe";
const policy = "eu-west-1-food-store-changes-role-policy";

describe("events under the real engine", () => {
  let project: Project;
  const made = new Map<string, number>();
  before(async () => {
    project = await Project.make({ env: { PLATFORM_IN_EFFECT_SECONDS: String(IN_EFFECT) } });
    project.cloud.beforeCreate = ({ type, name }) => void made.set(`${type} ${name}`, Date.now());
    await project.run("stack", "init", "dev");
  });
  after(() => project?.close());

  it("table, stream, role and pipe are made in one go, the pipe when its role's policy has been in effect for a while", async () => {
    const up = await operate(project, "up", "dev");
    assert.deepEqual([up.code, errors(up.events)], [0, []]);
    const waited =
      made.get(`${pipe} eu-west-1-food-store-changes`)! - made.get(`aws:iam/rolePolicy:RolePolicy ${policy}`)!;
    assert.ok(waited >= IN_EFFECT * 1_000, `${waited} ms`);
  });

  it("the stack outputs name each queue of dead letters, and no other", async () => {
    const { text } = await project.run("stack", "output", "-s", "dev", "--json");
    const { compute } = JSON.parse(text.slice(text.indexOf("{")));
    const named = Object.values(compute["eu-west-1"]).flatMap(({ deadLetters = [] }: any) => deadLetters);
    const of = (type: string) => project.cloud.resources.filter((one) => one.type === type);
    const read = of("aws:lambda/eventSourceMapping:EventSourceMapping").map(({ inputs }) => inputs["eventSourceArn"]);
    const unread = of("aws:sqs/queue:Queue").filter(({ outputs }) => !read.includes(outputs["arn"]));
    assert.ok(unread.length > 5);
    assert.deepEqual(named.sort(), unread.map(({ outputs }) => outputs["url"]).sort());
  });

  it("a second up changes nothing, and waits for nothing", async () => {
    const started = Date.now();
    made.clear();
    await staysAsItIs(project, "dev", 2);
    assert.deepEqual([...made.keys()], []);
    assert.ok(Date.now() - started < 600_000);
  });

  it("a consumer that changes its pattern keeps its queues, and what reads them is changed in place", async () => {
    project.configure("dev", (config) => {
      config["platform:services"]["price-calculator"].pattern = "lambda";
    });
    const up = await operate(project, "up", "dev");
    assert.deepEqual([up.code, errors(up.events)], [0, []]);
    const did = operations(up.events);
    assert.deepEqual(
      did.filter((line) => /aws:(sqs|sns|pipes|kms)\//.test(line)),
      [],
    );
    const sources = did.filter((line) => line.includes("aws:lambda/eventSourceMapping:"));
    assert.deepEqual(
      sources.map((line) => line.split(" ")[0]),
      ["update", "update"],
    );
    const order = stepsInOrder(up.events);
    const last = Math.max(...sources.map((line) => order.indexOf(line)));
    const gone = order.indexOf("delete aws:lambda/function:Function eu-west-1-price-calculator-queues-caller-function");
    assert.ok(gone > last, "the function that read the queues is there until they have another");
    await staysAsItIs(project, "dev", 1);
  });
});
