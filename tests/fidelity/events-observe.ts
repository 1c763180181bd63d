import { QueueSteps } from "./events/queue-steps";
import { TopicSteps } from "./events/topic-steps";
import { World } from "./events/world";
import type { EventsCase, EventsStep } from "./events-cases";

/**
 * Runs the steps of a case over HTTP against the local AWS endpoint, and returns what each of them has shown by its name;
 * see `QueueSteps` and `TopicSteps`.
 */
export async function observeEvents({ steps }: EventsCase): Promise<Record<string, unknown>> {
  const world = await World.start();
  try {
    const queues = new QueueSteps(world);
    const runners = { queues, topics: new TopicSteps(world, queues) };
    const seen: Record<string, unknown> = {};
    let running: Promise<unknown> = Promise.resolve();
    for (const step of steps) {
      const { as = "last", meanwhileMs } = step;
      if (meanwhileMs === undefined) await running;
      else await new Promise((resolve) => setTimeout(resolve, meanwhileMs));
      const run = runStep(world, runners, step).then((result) => {
        seen[as] = result;
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
}

async function runStep(world: World, { queues, topics }: Runners, step: EventsStep): Promise<unknown> {
  if (step.pass !== undefined) return world.pass(step.pass);
  if (step.sns !== undefined) return topics.run(step);
  if (step.gets !== undefined) return topics.got(step.gets);
  return queues.run(step);
}
