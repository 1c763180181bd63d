import { editsOf, type Threat, testsOf } from "./threat";

const configuration = testsOf("tests/stacks/config/outside-images.spec.ts");
const contracts = testsOf("tests/apps/outside-service.spec.ts");
const plans = testsOf("tests/conformance/outside-image.spec.ts");
const schema = editsOf("stacks/config/outside-image-schema.ts");
const service = editsOf("apps/kit/outside-service.ts");
const image = editsOf("infra/compute/ecs/image.ts");
const container = editsOf("infra/compute/ecs/container.ts");
const task = editsOf("infra/compute/ecs/task.ts");

/** What an image of a registry outside, or its file, could do. */
export const imageThreats: readonly Threat[] = [
  {
    input: "A tag, which the owner of the registry can move to another image",
    result: "refused: the configuration names a digest",
    test: configuration("ghcr.io/acme/notes:1.2"),
    removals: [[schema("+@sha256:[0-9a-f]{64}$/", "+.*$/")]],
  },
  {
    input: "Another image in the registry, or under the copy's tag in ECR",
    result: "no task starts from it: the task definition has the configured digest, of the account's own copy",
    test: plans(
      "starts from the region's own copy by the digest, closed like every container, and checked by the balancer",
    ),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a source
    removals: [[image("`${url}@${digest}`", "`${url}:latest`")]],
  },
  {
    input: "An image that writes to its file system, or wants privileges",
    result: "its root file system is read-only, without capabilities, and its user is not root",
    test: plans(
      "starts from the region's own copy by the digest, closed like every container, and checked by the balancer",
    ),
    removals: [[container("readonlyRootFilesystem: true", "readonlyRootFilesystem: false")]],
  },
  {
    input: "An image that is configured to run as root",
    result: "refused",
    test: configuration("a user that is root"),
    removals: [[schema("/^[1-9]\\d{0,8}", "/^\\d{1,9}")]],
  },
  {
    input: "Code of an image that calls AWS",
    result: "denied: its role has no policy, unless its file asks for a table, a bucket or calls",
    test: plans("has no table and no permission that it does not ask for"),
    removals: [[task("return statements.length === 0", "return false")]],
  },
  {
    input: "A path in the file that a server reads as another one, such as /a/../b or /a%2fb",
    result: "refused",
    test: contracts("/a/../b"),
    removals: [[service("[A-Za-z0-9_~-][A-Za-z0-9._~-]*|", "[^/{}]+|")]],
  },
  {
    input: "A contract outside contracts/, such as ../secrets.json",
    result: "refused, and not read",
    test: configuration("a contract elsewhere"),
    removals: [[schema("/^contracts\\/[a-z0-9][a-z0-9-]*\\.json$/", "/.json$/")]],
  },
];
