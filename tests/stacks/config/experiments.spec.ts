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
    const every = { instance: true, zone: true, dependency: true, region: true };
    assert.deepEqual(problemsWith({ minutes: 10, ...every }), []);
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

  for (const kind of ["dependency", "region"]) {
    const ofExperiments = (problems: readonly string[]) => problems.filter((each) => each.includes("experiments"));

    it(`of a lost ${kind} need a second region, to which the name moves`, () => {
      const problems = problemsWith({ minutes: 10, [kind]: true }, (config) => {
        config.regions = config.regions.slice(0, 1);
      });
      assert.deepEqual(ofExperiments(problems), [
        `platform:experiments.${kind} must not be true with one region, as no other takes over what it breaks, and no alarm could tell it from more; remove it, or add a region`,
      ]);
    });

    it(`of a lost ${kind} are refused where functions, which do not notice, are enough to keep the name`, () => {
      const problems = problemsWith({ minutes: 10, [kind]: true }, (config) => {
        config.failover = { atLeast: 1 };
      });
      assert.deepEqual(ofExperiments(problems), [
        `platform:experiments.${kind} must not be true while so many critical services are functions that the name would not move, as those do not notice it, got ["pet-store"]; remove it, raise failover.atLeast, or run one of them under another pattern`,
      ]);
      const moving = problemsWith({ minutes: 10, [kind]: true }, (config) => {
        config.failover = { atLeast: 2 };
      });
      assert.deepEqual(ofExperiments(moving), []);
    });
  }
});
