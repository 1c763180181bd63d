import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type UserDataArgs, userData } from "../../../../infra/compute/ec2/user-data";
import { runtimes } from "../../../../infra/compute/runtimes";

const args: UserDataArgs = {
  service: "shipping",
  runtime: runtimes.node,
  region: "eu-west-1",
  bucket: "artifacts-1234567",
  artifactKey: `shipping/${"ab".repeat(32)}.zip`,
  logGroup: "shipping-logs-1234567",
  variables: { SERVICE_NAME: "shipping", TABLE_NAME: "shipping", PORT: "8084" },
};
const snapshot = join(__dirname, "user-data.snapshot.yaml");

describe("user data of ec2 servers", () => {
  it("reads as the snapshot beside this test (UPDATE_SNAPSHOTS=1 rewrites it)", () => {
    const text = userData(args);
    if (process.env["UPDATE_SNAPSHOTS"] === "1") writeFileSync(snapshot, text);
    assert.equal(text, readFileSync(snapshot, "utf8"));
  });

  it("is a cloud-config that survives parsing unchanged", () => {
    const text = userData(args);
    assert.ok(text.startsWith("#cloud-config\n"));
    const config = parse(text);
    const file = (path: string) => config.write_files.find((each: any) => each.path === path);
    assert.equal(file("/etc/platform/shipping.env").content, "SERVICE_NAME=shipping\nTABLE_NAME=shipping\nPORT=8084\n");
    assert.equal(file("/etc/platform/shipping.env").permissions, "0640");
    const agent = JSON.parse(file("/opt/aws/amazon-cloudwatch-agent/etc/platform.json").content);
    assert.deepEqual(agent.logs.logs_collected.files.collect_list, [
      {
        file_path: "/var/log/platform/shipping.log",
        log_group_name: "shipping-logs-1234567",
        log_stream_name: "{instance_id}",
      },
    ]);
    assert.deepEqual(config.runcmd[1].slice(0, 4), ["aws", "s3", "cp", `s3://artifacts-1234567/${args.artifactKey}`]);
  });

  it("runs nothing through a shell", () => {
    for (const command of parse(userData(args)).runcmd) assert.ok(Array.isArray(command));
  });

  it("gives a stopping server as long as every other pattern does, under a user of its own", () => {
    const unit: string = parse(userData(args)).write_files[1].content;
    for (const line of ["TimeoutStopSec=60", "DynamicUser=yes", "NoNewPrivileges=yes", "Restart=always"]) {
      assert.ok(unit.split("\n").includes(line), line);
    }
  });

  it("refuses a value that would become syntax of the environment file", () => {
    for (const value of ["a\nPATH=/tmp", 'a"b', "a\\", "a;b", "a#b"]) {
      assert.throws(() => userData({ ...args, variables: { LOG_LEVEL: value } }), /LOG_LEVEL must be one line/);
    }
  });

  it("refuses more than EC2 takes", () => {
    const variables = { LONG: "x".repeat(17_000) };
    assert.throws(() => userData({ ...args, variables }), /user data must be at most 16384 bytes, got \d{5};/);
  });
});
