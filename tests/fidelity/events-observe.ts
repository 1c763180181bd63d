import { QueueSteps } from "./events/queue-steps";
import { World } from "./events/world";
import type { EventsCase, EventsStep } from "./events-cases";

/**
 * Runs the steps of a case over HTTP against the local AWS endpoint, and returns what each of them has shown by its name;
 * see `QueueSteps`.
 */
export async function observeEvents({ steps }: EventsCase): Promise<Record<string, unknown>> {
  const world = await World.start();
  try {
    const queues = new QueueSteps(world);
    const seen: Record<string, unknown> = {};
    let running: Promise<unknown> = Promise.resolve();
    for (const step of steps) {
      const { as = "last", meanwhileMs } = step;
      if (meanwhileMs === undefined) await running;
      else await new Promise((resolve) => setTimeout(resolve, meanwhileMs));
      const run = runStep(world, queues, step).then((result) => {
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

async function runStep(world: World, queues: QueueSteps, step: EventsStep): Promise<unknown> {
  if (step.pass !== undefined) return world.pass(step.pass);
  return queues.run(step);
}
