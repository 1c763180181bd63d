import { QueueSteps } from "./events/queue-steps";
import { SourceSteps } from "./events/source-steps";
import { TopicSteps } from "./events/topic-steps";
import { account, region, World } from "./events/world";
import type { EventsCase, EventsStep } from "./events-cases";

/**
 * Runs the steps of a case over HTTP against the local AWS endpoint, and returns what each of them has shown by its name;
 * see `QueueSteps`, `TopicSteps` and
 * `SourceSteps`; or why the plan is `refused`.
 */
export async function observeEvents({ steps, timeScale, pipes }: EventsCase): Promise<Record<string, unknown>> {
  let world: World;
  try {
    world = await World.start(timeScale, planned(pipes ?? []));
  } catch (error) {
    return { refused: (error as Error).message };
  }
  try {
    const queues = new QueueSteps(world);
    const runners = { queues, topics: new TopicSteps(world, queues), sources: new SourceSteps(world, queues) };
    const seen: Record<string, unknown> = {};
    let running: Promise<unknown> = Promise.resolve();
    for (const step of steps) {
      const { as = "last", meanwhileMs } = step;
      if (meanwhileMs === undefined) await running;
      else await new Promise((resolve) => setTimeout(resolve, meanwhileMs));
      const run = runStep(world, runners, step).then((result) => {
        if (result !== undefined) seen[as] = result;
      });
      running = meanwhileMs === undefined ? run : Promise.all([running, run]);
    }
    await running;
    return seen;
  } finally {
    await world.stop();
  }
}

interface Runners {
  readonly queues: QueueSteps;
  readonly topics: TopicSteps;
  readonly sources: SourceSteps;
}

async function runStep(world: World, { queues, topics, sources }: Runners, step: EventsStep): Promise<unknown> {
  if (step.pass !== undefined) return world.pass(step.pass);
  if (step.waitMs !== undefined) return new Promise((resolve) => setTimeout(resolve, step.waitMs));
  if (step.function !== undefined) {
    world.function.behaviours = step.function;
    return undefined;
  }
  if (step.dynamodb !== undefined) return sources.dynamodb(step);
  if (step.mapping !== undefined) return sources.mapping(step.mapping);
  if (step.invocations !== undefined) return sources.invocations(step.invocations);
  if (step.sns !== undefined) return topics.run(step);
  if (step.gets !== undefined) return topics.got(step.gets);
  return queues.run(step);
}

/** Fills in ARNs of what is planned. */
function planned(pipes: NonNullable<EventsCase["pipes"]>): object[] {
  const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:${account}:${rest}`;
  const text = JSON.stringify(pipes)
    .replaceAll("(function)", arn("lambda", "function:f"))
    .replaceAll("(stream)", arn("dynamodb", "table/things/stream/planned"))
    .replace(/\(arn ([\w.-]+)\)/g, (_, name) => arn("sqs", name));
  return JSON.parse(text);
}
