import assert from "node:assert/strict";
import { exampleConfig, problemsOf } from "./example";

/** Problems of prod with these experiments, after another change. */
function problemsWith(experiments: any, change: (config: any) => void = () => {}): string[] {
  const config: any = exampleConfig("prod");
  config.experiments = experiments;
  change(config);
  return problemsOf(config);
}

const onlyFunctions = (config: any) => {
  for (const service of Object.values<any>(config.services)) service.pattern = "lambda";
};

describe("experiments", () => {
  it("may be of any kinds, or of none", () => {
    assert.deepEqual(problemsWith(undefined), []);
    assert.deepEqual(problemsWith({ minutes: 10 }), []);
    assert.deepEqual(problemsWith({ minutes: 10, instance: true, zone: true }), []);
  });

  it("last from 5 to 60 minutes", () => {
    for (const minutes of [4, 61]) {
      const [problem, ...more] = problemsWith({ minutes, zone: true });
      assert.deepEqual(more, []);
      assert.match(problem ?? "", new RegExp(`^platform:experiments.minutes .*got ${minutes}`));
    }
  });

  it("are refused under a name that is no kind", () => {
    const [problem] = problemsWith({ minutes: 10, zones: true });
    assert.match(problem ?? "", /^platform:experiments.*zones/);
  });

  for (const kind of ["instance", "zone"]) {
    it(`of a lost ${kind} need a service that is no function`, () => {
      const text =
        "must not be true while every service is a function, which has no server and is in no zone that could be lost; remove it, or run a service under another pattern";
      const problems = problemsWith({ minutes: 10, [kind]: true }, onlyFunctions);
      assert.deepEqual(
        problems.filter((each) => each.includes("experiments")),
        [`platform:experiments.${kind} ${text}`],
      );
      assert.deepEqual(
        problemsWith({ minutes: 10, [kind]: false }, onlyFunctions).filter((each) => each.includes("experiments")),
        [],
      );
    });
  }
});
