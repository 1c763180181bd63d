import { type Loss, lossRun } from "../e2e/helpers/loss-run";
import type { Soak } from "./run";

/** Part by which the medians may differ. */
const tolerance = 0.25;

/** Loses a zone and then the primary region, with control planes up and dark in turn; the medians are compared. */
export const dark: Soak = {
  name: "dark",
  what: "failures by the loss of a zone and a region, control planes up and dark (5 times)",
  async run({ count = 5, say }) {
    const up: Loss[] = [];
    const without: Loss[] = [];
    for (let i = 0; i < count; i++) {
      up.push(await lossRun(false, up[0]?.rate));
      without.push(await lossRun(true, up[0]!.rate));
      const [one, other] = [up.at(-1)!, without.at(-1)!];
      say(
        `${one.rate} requests a second: zone ${one.zone} up, ${other.zone} dark; region ${one.region}, ${other.region}`,
      );
    }
    const problems: string[] = [];
    for (const part of ["zone", "region"] as const) {
      const [a, b] = [median(up.map((loss) => loss[part])), median(without.map((loss) => loss[part]))];
      say(`${part}: median ${a} failed with control planes up, ${b} dark`);
      if (Math.abs(a - b) > tolerance * Math.max(a, b)) {
        problems.push(`${part}: medians ${a} and ${b} differ by more than ${tolerance * 100} %`);
      }
    }
    const asked = without.reduce((sum, { calls }) => sum + calls.serve.asked + calls["fail over"].asked, 0);
    say(`control planes asked by what serves or fails over: ${asked}`);
    if (asked > 0) problems.push(`what serves or fails over asked a control plane ${asked} times`);
    return problems;
  },
};

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
