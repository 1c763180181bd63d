import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { capture } from "../../../graph/capture/capture";
import { projectRoot } from "../../../graph/project-root";
import { beanstalkPlatform } from "../../../infra/compute/beanstalk/platform";
import { userData } from "../../../infra/compute/ec2/user-data";
import { containerDefinition } from "../../../infra/compute/ecs/container";
import { type RuntimeName, runtimes } from "../../../infra/compute/runtimes";

const common = { service: "reviews", region: "eu-west-1", logGroup: "logs", variables: { PORT: "8085" } };

describe("a service in Python", () => {
  it("has one version under every pattern, and starts by the same file", () => {
    const { command, amazonLinux, lambda, beanstalk } = runtimes.python;
    assert.deepEqual([lambda, beanstalk, amazonLinux.package], ["python3.13", "Python 3.13", "python3.13"]);
    assert.deepEqual([command.join(" "), amazonLinux.command], ["python3 server.py", "python3.13 server.py"]);
    const dockerfile = readFileSync(join(projectRoot, "apps/bundler/Dockerfile.python"), "utf8");
    assert.match(dockerfile, /^FROM public\.ecr\.aws\/docker\/library\/python:3\.13-slim@sha256:[0-9a-f]{64}$/m);
    assert.doesNotMatch(dockerfile, /^RUN/m);
    assert.ok(dockerfile.endsWith('USER 1000\nCMD ["python3", "server.py"]\n'));
  });

  it("starts and is checked in a container by Python, as a user that is not root", () => {
    const { command, user, healthCheck } = containerDefinition({
      ...{ ...common, port: 8085, image: "image", secrets: {} },
      program: runtimes.python,
    });
    assert.deepEqual([command, user], [["python3", "server.py"], "1000"]);
    assert.deepEqual(healthCheck?.command, ["CMD", "python3", "-m", "platform_kit.healthcheck"]);
  });

  it("starts on an instance by Amazon Linux's own package", () => {
    const text = userData({ ...common, bucket: "b", artifactKey: "k", runtime: runtimes.python });
    assert.match(text, /^ {2}- python3\.13$/m);
    assert.match(text, /ExecStart=\/usr\/bin\/env python3\.13 server\.py\n/);
    assert.doesNotMatch(text, /node/);
  });

  it("runs on Beanstalk's platform of its language, and on no other that is pinned", async () => {
    const names: unknown[] = [];
    const platformOf = (runtime: RuntimeName, solutionStack?: string) =>
      capture(() => {
        const { solutionStackName } = beanstalkPlatform(
          { service: { name: "reviews" }, solutionStack, artifact: { runtime } },
          {},
        );
        if (typeof solutionStackName === "string") names.push(solutionStackName);
        else solutionStackName.apply((name) => names.push(name));
      });
    await platformOf("python");
    assert.deepEqual(names, ["64bit Amazon Linux 2023 v4.7.1 running Python 3.13"]);
    const pinned = "64bit Amazon Linux 2023 v6.6.2 running Node.js 22";
    await platformOf("node", pinned);
    assert.equal(names.at(-1), pinned);
    await assert.rejects(platformOf("python", pinned), {
      message: `service "reviews": beanstalkPlatform must be one that runs Python, got "${pinned}"; set platform:beanstalkPlatform to managed, or give the service another pattern`,
    });
  });
});
