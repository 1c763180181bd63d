import { runLoss } from "../local/messaging/loss";
import type { Soak } from "./run";

/** Kills consumer, service and store in turn under 100 events a second, and counts what is lost or has two effects. */
export const events: Soak = {
  name: "events",
  what: "a minute of 100 events a second, while consumer, service and store are killed in turn (once)",
  async run({ count = 1, say }) {
    const problems: string[] = [];
    for (let i = 0; i < count; i++) {
      const { deadLetters, kills, ...figures } = await runLoss(60);
      say(JSON.stringify({ ...figures, deadLetters: deadLetters.length, kills }));
      if (figures.lost > 0) problems.push(`${figures.lost} events were lost`);
      if (figures.twice > 0) problems.push(`${figures.twice} events had more than one effect`);
      const wrong = deadLetters.filter((id) => !id.startsWith("poison"));
      if (wrong.length > 0 || deadLetters.length !== figures.poisoned) {
        problems.push(`dead letters must be the ${figures.poisoned} poisoned events, got ${deadLetters.join(", ")}`);
      }
      if (figures.sentAgain !== figures.poisoned) problems.push(`${figures.sentAgain} dead letters were sent again`);
    }
    return problems;
  },
};
