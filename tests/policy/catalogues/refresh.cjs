// `npm run refresh:catalogues`: writes the lists of ids in this folder anew, from the packages of the catalogues: checkov and
// prowler from PyPI (prowler lists the controls of Security Hub), and cdk-nag as it is installed. Needs Python with pip.
const { execFileSync } = require("node:child_process");
const { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");

const folder = mkdtempSync(join(tmpdir(), "catalogues-"));
try {
  write("security-hub", securityHub());
  write("checkov", checkov());
  write("cdk-nag", cdkNag());
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function write(name, { source, ids }) {
  const sorted = [...new Set(ids)].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  const document = { source, date: new Date().toISOString().slice(0, 10), ids: sorted };
  writeFileSync(join(__dirname, `${name}.json`), `${JSON.stringify(document, null, 2)}\n`);
  console.log(`${name}: ${sorted.length} ids of ${source}`);
}

/** Unpacks the newest wheel of a package from PyPI. */
function unpack(name) {
  const target = join(folder, name);
  execFileSync("pip", ["download", "--quiet", "--no-deps", "--dest", target, name], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [wheel] = readdirSync(target).filter((file) => file.endsWith(".whl"));
  execFileSync("python3", ["-m", "zipfile", "-e", join(target, wheel), target]);
  return { root: target, source: `${name} ${wheel.split("-")[1]}` };
}

/** The controls of the standard, and those of other standards whose pages prowler's checks link to. */
function securityHub() {
  const { root, source } = unpack("prowler");
  const file = "prowler/compliance/aws/aws_foundational_security_best_practices_aws.json";
  const { Requirements: controls } = JSON.parse(readFileSync(join(root, file), "utf8"));
  const standard = controls.map(({ Id }) => Id);
  const services = new Map(standard.map((id) => id.split(".")[0]).map((name) => [name.toLowerCase(), name]));
  const links = /securityhub\/latest\/userguide\/[a-z0-9]+-controls\.html#([a-z0-9]+)-(\d+)/g;
  const checks = readdirSync(join(root, "prowler/providers/aws"), { recursive: true });
  const linked = checks
    .filter((path) => path.endsWith(".metadata.json"))
    .flatMap((path) => [...readFileSync(join(root, "prowler/providers/aws", path), "utf8").matchAll(links)])
    .map(([, service, number]) => `${services.get(service) ?? service}.${number}`);
  return { source, ids: [...standard, ...linked] };
}

/** Checks are Python, YAML or JSON; all name their id in quotes. */
function checkov() {
  const { root, source } = unpack("checkov");
  const folder = join(root, "checkov/terraform/checks");
  const checks = readdirSync(folder, { recursive: true }).filter((path) => /\.(py|ya?ml|json)$/.test(path));
  const ids = checks.flatMap((path) =>
    [...readFileSync(join(folder, path), "utf8").matchAll(/["'](CKV2?_AWS_\d+)["']/g)].map(([, id]) => id),
  );
  return { source, ids };
}

/** Rules are named as their files are; the pack AwsSolutions numbers them. */
function cdkNag() {
  const root = join(__dirname, "../../../node_modules/cdk-nag");
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const rules = readdirSync(join(root, "lib/rules"), { recursive: true })
    .filter((path) => path.endsWith(".js") && !path.endsWith("index.js"))
    .map((path) => path.replace(/^.*[\\/]|\.js$/g, ""));
  const pack = readFileSync(join(root, "lib/packs/aws-solutions.js"), "utf8");
  const numbered = [...pack.matchAll(/ruleSuffixOverride: '(\w+)'/g)].map(([, suffix]) => `AwsSolutions-${suffix}`);
  return { source: `cdk-nag ${version}`, ids: [...rules, ...numbered] };
}
