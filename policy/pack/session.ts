import type { Resource } from "../stack/resource";
import { kindOfUrn, serviceOf } from "../stack/service-names";
import type { Rule, RuleFacts } from "./rule";
import { type EnvironmentClass, type KnownFinding, type PackSettings, readSettings, type Waiver } from "./settings";

/** A resource as a waiver names it. */
type Subject = Pick<Resource, "urn" | "type" | "name">;

/**
 * What all policies of a pack share in one run: the settings of the pack, the resources that the program registered,
 * and which waivers and known findings were met. CrossGuard gives a policy its own configuration only; the policy `pack`
 * runs before all others and puts the settings here. @see docs/adr/0016-settings-of-the-pack.md
 */
export class Session {
  private readonly ruleNames: ReadonlySet<string>;
  private configured = "";
  private settings: PackSettings;
  private found: readonly string[] = [];
  private readonly registered = new Set<string>();
  private readonly used = new Set<string>();
  private readonly known = new Set<string>();

  constructor(rules: readonly Rule[], config: unknown = {}) {
    this.ruleNames = new Set(rules.map(({ name }) => name));
    this.settings = readSettings({}, this.ruleNames).settings;
    this.configure(config);
  }

  /** Takes the configuration of the policy `pack`; the same one again changes nothing. */
  configure(config: unknown): void {
    const text = JSON.stringify(config ?? {});
    if (text === this.configured) return;
    this.configured = text;
    const { settings, problems } = readSettings(config, this.ruleNames);
    this.settings = settings;
    this.found = problems;
  }

  /** What is wrong with the configuration, a sentence each. */
  get problems(): readonly string[] {
    return this.found;
  }

  get class(): EnvironmentClass {
    return this.settings.class;
  }

  /** Whether the configuration sets the class; without it, production is assumed. */
  get isClassSet(): boolean {
    return this.settings.isClassSet;
  }

  /** Notes that the program registers a resource, and does not only read it. */
  register(urn: string): void {
    this.registered.add(urn);
  }

  /**
   * Tells whether a resource is only read (`Bucket.get(...)`): the engine shows it with the stack, but never by itself.
   * A run that was shown no resource by itself cannot tell, and judges all.
   */
  isRead(urn: string): boolean {
    return this.registered.size > 0 && !this.registered.has(urn);
  }

  /** Tells whether a rule is selected by its severity and its catalogues. */
  selectsRule({ severity, ids }: Pick<RuleFacts, "severity" | "ids">): boolean {
    const { severities, frameworks } = this.settings.select;
    if (severities !== undefined && !severities.includes(severity)) return false;
    return frameworks === undefined || frameworks.some((one) => ids[one] !== undefined);
  }

  /** Tells whether findings of a rule may be selected: of its own severity, or low ones, which it may give as advice. */
  mayReport(rule: Pick<RuleFacts, "severity" | "ids">): boolean {
    return this.selectsRule(rule) || this.selectsRule({ ...rule, severity: "low" });
  }

  /** Tells whether a resource is selected by its AWS service. */
  selectsResource(type: string): boolean {
    const { services } = this.settings.select;
    return services === undefined || services.some((one) => one.toLowerCase() === serviceOf(type).toLowerCase());
  }

  /** Returns the waiver of a rule on a resource that has not expired, and notes that it was used. */
  waiver(rule: string, resource: Subject): Waiver | undefined {
    const own = this.settings.waivers.filter((one) => one.rule === rule && covers(one, resource));
    for (const one of own) this.used.add(JSON.stringify(one));
    return own.find((one) => one.expires >= this.settings.today);
  }

  /** Tells whether a finding is in the baseline, and notes that it is still there. */
  isKnown(rule: string, urn: string): boolean {
    const found = this.settings.baseline.some((one) => one.rule === rule && one.urn === urn);
    if (found) this.known.add(`${rule} ${urn}`);
    return found;
  }

  /** How many known findings were met, which are not reported. */
  get knownCount(): number {
    return this.known.size;
  }

  /** Waivers whose last day is over. */
  expiredWaivers(): readonly Waiver[] {
    return this.settings.waivers.filter(({ expires }) => expires < this.settings.today);
  }

  /** Waivers that have covered nothing; those for URNs of another stack are left out. */
  unusedWaivers(stack: readonly Subject[]): readonly Waiver[] {
    return this.settings.waivers.filter(
      (one) =>
        one.expires >= this.settings.today &&
        !this.used.has(JSON.stringify(one)) &&
        isOfStack(one.urn, stack[0]?.urn ?? ""),
    );
  }

  /** Known findings of this stack that are no longer there. */
  fixedFindings(stack: readonly Subject[]): readonly KnownFinding[] {
    return this.settings.baseline.filter(
      ({ rule, urn }) => !this.known.has(`${rule} ${urn}`) && isOfStack(urn, stack[0]?.urn ?? ""),
    );
  }
}

function covers({ urn, type, name }: Waiver, resource: Subject): boolean {
  return urn === undefined ? type === resource.type && name === resource.name : urn === resource.urn;
}

/** Two parts of a URN name its stack and project; a waiver without a URN may be for any stack. */
function isOfStack(urn: string | undefined, other: string): boolean {
  const stack = (one: string) => one.split("::").slice(0, 2).join("::");
  return urn === undefined || stack(urn) === stack(other);
}

/** The resource that a URN names, as a waiver names it. */
export function subjectOf(urn: string): Subject {
  return { urn, ...kindOfUrn(urn) };
}
