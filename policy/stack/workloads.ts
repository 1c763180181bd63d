import { at, block, blocks, json, number, text } from "./read";
import type { Resource } from "./resource";
import type { Stack } from "./stack";
import { T } from "./types";
import { peek, UNKNOWN } from "./unknown";

type Lookup = (namespace: string, name: string) => string | undefined;
/** Rules ask for many settings of the same environment. */
const lookups = new WeakMap<Resource, Lookup>();

/** Looks up a Beanstalk setting: `settings(environment)("aws:autoscaling:asg", "MinSize")`. */
export function settings(environment: Resource): Lookup {
  const known = lookups.get(environment);
  if (known !== undefined) return known;
  const table = new Map<string, string>();
  for (const setting of blocks(environment.props["settings"])) {
    table.set(`${text(setting["namespace"])} ${text(setting["name"])}`, text(setting["value"]));
  }
  const lookup: Lookup = (namespace, name) => table.get(`${namespace} ${name}`);
  lookups.set(environment, lookup);
  return lookup;
}

/** The inputs by which the program pins the platform of a Beanstalk environment; none where managed updates move it. */
export function pinnedPlatform(environment: Resource): readonly string[] {
  return ["solutionStackName", "platformArn"].filter(
    (name) => environment.props[name] !== undefined && !environment.ignores(name),
  );
}

/** Container definitions of a task. */
export function containers(task: Resource): Record<string, any>[] {
  return blocks(json(task.props["containerDefinitions"]));
}

/**
 * Environment variables of a container, function, instance or Beanstalk environment, by name. A variable of a function
 * whose value is not known yet throws when it is read, so that it keeps no rule from reading the others.
 */
export function variables(resource: Resource): Record<string, string> {
  switch (resource.type) {
    case T.function:
      return strings(at(resource.props, "environment.variables"));
    case T.ecsTask:
      return Object.assign({}, ...containers(resource).map((one) => pairs(one["environment"], "name")));
    case T.beanstalk:
      return pairs(
        blocks(resource.props["settings"]).filter(
          (one) => one["namespace"] === "aws:elasticbeanstalk:application:environment",
        ),
        "name",
      );
    case T.launchTemplate:
      return lines(userData(resource));
    default:
      return {};
  }
}

/** What an instance runs at its start; templates carry it in base64. */
export function userData(template: Resource): string {
  const value = text(template.props["userData"]);
  return /^[A-Za-z0-9+/=\s]*$/.test(value) ? Buffer.from(value, "base64").toString("utf8") : value;
}

/** Returns an input of a workload as it is without some of its environment variables; user data as text. */
export function inputWithout(resource: Resource, path: string, names: readonly string[]): unknown {
  const kept = (one: Readonly<Record<string, unknown>>) => !names.includes(text(one["name"]));
  const value = resource.props[path];
  if (resource.type === T.launchTemplate) {
    return names.reduce((content, name) => content.replace(variableLine(name), ""), userData(resource));
  }
  if (names.length === 0) return value;
  switch (resource.type) {
    case T.function: {
      const own = block(at(resource.props, "environment.variables"));
      const others = Object.keys(own).filter((name) => !names.includes(name));
      return others.map((name) => own[name]);
    }
    case T.ecsTask:
      return containers(resource).map((one) => ({ ...one, environment: blocks(one["environment"]).filter(kept) }));
    case T.beanstalk:
      return blocks(value).filter(
        (one) => one["namespace"] !== "aws:elasticbeanstalk:application:environment" || kept(one),
      );
    default:
      return value;
  }
}

function variableLine(name: string): RegExp {
  return new RegExp(`^[ \\t]*(?:export[ \\t]+|Environment=)?"?${name}=.*$`, "gm");
}

/** A number a workload's environment states, such as REQUEST_TIMEOUT_SECONDS. */
export function stated(resource: Resource, name: string): number | undefined {
  return number(variables(resource)[name]);
}

function strings(value: unknown): Record<string, string> {
  const values = block(value);
  const read = (name: string) => ({ enumerable: true, get: () => text(values[name]) });
  return Object.defineProperties({}, Object.fromEntries(Object.keys(values).map((name) => [name, read(name)])));
}

function pairs(value: unknown, key: string): Record<string, string> {
  return Object.fromEntries(blocks(value).map((one) => [text(one[key]), text(one["value"])]));
}

function lines(content: string): Record<string, string> {
  const found = [...content.matchAll(/^\s*(?:export\s+)?([A-Z][A-Z0-9_]*)=(.*)$/gm)];
  const written = found.filter(([, , value = ""]) => !isComputed(value));
  return Object.fromEntries(written.map(([, name = "", value = ""]) => [name, value.replace(/^["']|["']$/g, "")]));
}

/** Whether the shell computes a value when it runs, as TOKEN=$(curl ...) and PASSWORD=$1; in single quotes it does not. */
export function isComputed(value: string): boolean {
  return !value.startsWith("'") && (/\$\(|`/.test(value) || /^"?\$\w+"?\s*$/.test(value));
}

/** The launch template a group starts its servers from. */
export function templateOf(group: Resource, stack: Stack): Resource | undefined {
  const paths = [
    "launchTemplate.id",
    "launchTemplate.name",
    "mixedInstancesPolicy.launchTemplate.launchTemplateSpecification.launchTemplateId",
  ];
  for (const path of paths) {
    const [template] = stack.targets(group, path, T.launchTemplate);
    if (template) return template;
  }
  return undefined;
}

/** Names of variables whose values are secrets, unless they only point at one. */
const secretName = /(password|passwd|secret|token|api_?key|access_?key|private_?key|credential)/i;
/** Names of connections, whose values are secrets when there is a password in them. */
const connectionName = /(connection_?string|_(url|uri|dsn))$/i;
/** @example "Server=db;User Id=app;Password=x" */
const passwordPart = /(^|;)\s*(password|pwd|accountkey|sharedaccesskey)\s*=/i;
const pointerWords =
  "arn|name|id|url|uri|path|host|port|ttl|seconds|minutes|hours|days|length|limit|count|size|enabled|required|endpoint|issuer|audience|version|file|table|use|hash|checksum|digest|" +
  "region|prefix|suffix|header|cookie|type|algorithm|alg|policy|provider|source|mode|parameter|param|expires|expires_?in|expiry|expiration|lifetime|timeout|duration|interval|rotation|bucket|queue|topic|model|strategy|format|scheme|domain|store|manager";
const pointerName = new RegExp(`_(${pointerWords})$`, "i");
/** The same at the end of a name in camelCase. */
const pointerEnding = new RegExp(
  `[a-z0-9](${pointerWords
    .split("|")
    .map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`)
    .join("|")})$`,
);
const secretValue = /(AKIA|ASIA)[0-9A-Z]{16}|-----BEGIN [A-Z ]*PRIVATE KEY-----|:\/\/[^/\s:@]+:[^/\s:@]+@/;
/** A switch and a time are settings; a reference leads to the secret, and a public key is for everyone. */
const harmlessValue = /^(|true|false)$|^(arn:|\{\{resolve:|\$\{|ssm:|\/|pk_(live|test)_|phc_)|^\d+ ?(ms|[smhdwy])$/i;
/** Names of what a bundler writes into pages that every visitor gets, and of keys that are meant to be published. */
const publicName =
  /^(NEXT_PUBLIC|NUXT_PUBLIC|PUBLIC|VITE|REACT_APP|VUE_APP|EXPO_PUBLIC|GATSBY)_|public_?(api_?)?key|publishable|site_?key/i;
/** Numbers of tokens, which language models count, and other bounds. */
const boundName = /^(max|min|num|total)_|tokens$/i;

/** Stands for the value of a variable that an exported stack has encrypted, and AWS in clear text. */
export const encryptedValue = "[encrypted]";

/** Returns the names of variables whose value is a secret in clear text. */
export function secretsIn(values: Readonly<Record<string, string>>): string[] {
  return Object.keys(values).filter((name) => {
    const isSecret = isSecretName(name);
    // The program keeps it as a secret, and its name is that of a connection, which has a password in it.
    if (peek(() => values[name]) === encryptedValue && connectionName.test(name)) return true;
    if (isSecret) {
      const value = values[name]!;
      if (boundName.test(name) && /^\d+$/.test(value)) return false;
      return secretValue.test(value) || !harmlessValue.test(value);
    }
    // The name does not promise a secret, and what is only known after the deployment was not written by hand.
    const value = peek(() => values[name]!);
    return value !== UNKNOWN && (secretValue.test(value) || (connectionName.test(name) && passwordPart.test(value)));
  });
}

function isSecretName(name: string): boolean {
  return secretName.test(name) && ![pointerName, pointerEnding, publicName].some((pattern) => pattern.test(name));
}
