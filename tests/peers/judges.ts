import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { NestedTemplate } from "./cloudformation/nested";
import type { Template } from "./cloudformation/render";

/*
 * What others think of a rendered plan. The packages are large: each is loaded by the first test that asks it.
 */

/** A rule of a peer, broken by a resource. */
export interface PeerFinding {
  /** `AwsSolutions`, `NIST.800.53.R5`, `PCI.DSS.321`, `HIPAA.Security`, `Serverless`, `ControlTower`. */
  readonly pack: string;
  /** The rule's id within the pack: `S1`, `LambdaDLQ`, `CT.S3.PR.2`. */
  readonly rule: string;
  /** What exactly, where the rule tells: `Resource::*`. */
  readonly detail?: string;
  readonly region: string;
  readonly logicalId: string;
  /** Logical name of the planned resource, the region left out. */
  readonly resource: string;
}

const packs = ["AwsSolutions", "NIST80053R5", "PCIDSS321", "HIPAASecurity", "Serverless"] as const;

/** cdk-nag's packs, on the templates read into the CDK's own classes. */
export function cdkNag(templates: readonly Template[]): PeerFinding[] {
  const nag = require("cdk-nag") as typeof import("cdk-nag");
  const { App, Stack } = require("aws-cdk-lib") as typeof import("aws-cdk-lib");
  const { CfnInclude } =
    require("aws-cdk-lib/cloudformation-include") as typeof import("aws-cdk-lib/cloudformation-include");
  return inFiles(templates, (files) =>
    templates.flatMap((template, index) => {
      const app = new App({ analyticsReporting: false, outdir: join(dirname(files[index]!), "out") });
      new CfnInclude(new Stack(app, "plan"), "template", { templateFile: files[index]! });
      return packs.flatMap((pack) =>
        new nag[`${pack}Checks`](app).validateScope(app).violations.flatMap(({ ruleName, violatingResources }) => {
          const [, name = "", rule = "", detail] = /^(.*?)-([^[]+)(?:\[(.*)\])?$/s.exec(ruleName) ?? [];
          return violatingResources.map(({ constructPath = "" }) =>
            finding(template, name, rule, constructPath.split("/")[2] ?? "", detail),
          );
        }),
      );
    }),
  );
}

/** The proactive controls of Control Tower. Rules about types that no template has would only cost time. */
export function controlTower(templates: readonly Template[]): PeerFinding[] {
  const { CfnGuardValidator } =
    require("@cdklabs/cdk-validator-cfnguard") as typeof import("@cdklabs/cdk-validator-cfnguard");
  const rules = guardRules();
  const types = new Set(templates.flatMap(({ Resources }) => Object.values(Resources).map(({ Type }) => Type)));
  const relevant = rules.filter(({ reads }) => reads.some((type) => types.has(type)));
  if (relevant.length === 0) return [];
  const read = new Set(relevant.flatMap(({ reads }) => reads));
  const validator = new CfnGuardValidator({
    controlTowerRulesEnabled: false,
    rules: relevant.map(({ path }) => path),
    maxBuffer: 1e8,
  });
  const known = templates.map((template) => {
    const judged = Object.entries(template.Resources).filter(([, { Type }]) => read.has(Type));
    // A rule also asks whether what a resource refers to is there; the validator ends in an error where it is not.
    const references = new Set(judged.flatMap(([, resource]) => referencesOf(resource)));
    const kept = Object.entries(template.Resources).filter(([id, { Type }]) => read.has(Type) || references.has(id));
    return { ...template, Resources: Object.fromEntries(kept) };
  });
  return inFiles(known, (files) => {
    const { violations } = validator.validate({ templatePaths: files } as any);
    return violations.flatMap(({ description, violatingResources }) => {
      const rule = /\[(CT\.[^\]]+)\]/.exec(description)?.[1] ?? description;
      // A rule that fails on a whole document says so once more, without a resource.
      return violatingResources.flatMap(({ resourceLogicalId: id, templatePath = "" }) =>
        id ? [finding(templates[files.indexOf(templatePath)]!, "ControlTower", rule, id)] : [],
      );
    });
  });
}

/** Logical ids that Ref and Fn::GetAtt name anywhere in a value. */
function referencesOf(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === "Ref" || key === "Fn::GetAtt") return [String(Array.isArray(inner) ? inner[0] : inner)];
    return referencesOf(inner);
  });
}

interface GuardRule {
  readonly path: string;
  readonly reads: readonly string[];
}

/** Every rule file of the package, with the resource types it names. */
export function guardRules(): GuardRule[] {
  const root = join(dirname(require.resolve("@cdklabs/cdk-validator-cfnguard")), "../rules/control-tower/cfn-guard");
  return (readdirSync(root, { recursive: true }) as string[])
    .filter((path) => path.endsWith(".guard"))
    .sort()
    .map((path) => ({
      path: join(root, path),
      reads: [...new Set(readFileSync(join(root, path), "utf8").match(/AWS::\w+::\w+/g))],
    }));
}

export interface Diagnostic {
  /** `F` cannot be deployed, `E` will fail, `W` is doubtful, `I` for information; then cfn-lint's number. */
  readonly ruleId: string;
  readonly message: string;
  readonly propertyPath?: string;
  readonly entity?: { readonly logicalId?: string };
}

let engine: { validateTemplate(template: unknown, options: unknown): { diagnostics: Diagnostic[] } } | undefined;

/** AWS's validator of templates: schemas of all types and the rules of cfn-lint. It comes inside aws-cdk-lib. */
export function awsValidator({ Resources, Parameters }: NestedTemplate): Diagnostic[] {
  const validator = createRequire(require.resolve("aws-cdk-lib"))("@aws/cloudformation-validate");
  engine ??= new validator.RegoEngine() as NonNullable<typeof engine>;
  const content = new validator.TemplateContent(JSON.stringify({ Resources, Parameters }), "plan");
  return engine.validateTemplate(content, { detailLevel: "STANDARD" }).diagnostics;
}

function finding({ region, origins }: Template, pack: string, rule: string, logicalId: string, detail?: string) {
  const name = origins.get(logicalId)?.name;
  if (name === undefined) throw new Error(`${pack} ${rule} names ${logicalId}, which the rendering does not have`);
  const resource = name.replace(`${region}-`, "");
  return { pack, rule, region, logicalId, resource, ...(detail === undefined ? {} : { detail }) };
}

/** Both peers read files. */
function inFiles<T>(templates: readonly Pick<Template, "Resources">[], use: (files: string[]) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "peers-"));
  try {
    return use(
      templates.map(({ Resources }, index) => {
        const file = join(folder, `${index}.json`);
        writeFileSync(file, JSON.stringify({ Resources }));
        return file;
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
