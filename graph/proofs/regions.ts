import { outside } from "../ledger/ledger";
import { sortAway } from "./away";
import type { Proof, ProofContext, Shown } from "./proof";

/** Statements about what each region has, and what changes it. */
export const regionProofs: readonly Proof[] = [
  {
    statement: 16,
    claim: "each region has its own certificate, name, link, endpoint and key before they are needed",
    rules: ["regional-domain", "execute-api-closed"],
    show: showOwnParts,
  },
  { statement: 18, claim: "a release touches one region at a time", rules: ["regions-apart"], show: showReleases },
  {
    statement: 19,
    claim: "what changes by a schedule may be a day late",
    rules: ["certificate-renewal", "scheduled-minimum"],
    show: showSchedules,
  },
  {
    statement: 22,
    claim: "the public zone has accelerated recovery, and nothing relies on it",
    rules: ["zone-accelerated-recovery"],
    show: showRecovery,
  },
];

const domainTypes = ["aws:apigatewayv2/domainName:DomainName", "aws:apigateway/domainName:DomainName"] as const;

function showOwnParts(plan: ProofContext): Shown | undefined {
  const records = plan.failoverRecords();
  if (records.length === 0) return undefined;
  const broken: string[] = [];
  for (const region of plan.regions) {
    for (const record of records.filter((each) => each.region === region)) {
      const domains = domainTypes.flatMap((type) => plan.of(type, region));
      const name = String(record.inputs["name"]);
      if (!domains.some(({ inputs }) => inputs["domainName"] === name))
        broken.push(`${region} has no domain ${name} of its own`);
    }
    for (const { name, inputs } of domainTypes.flatMap((type) => plan.of(type, region))) {
      const settings = inputs["domainNameConfiguration"] ?? {};
      const certificate = String(
        settings.certificateArn ?? inputs["regionalCertificateArn"] ?? inputs["certificateArn"] ?? "",
      );
      const types = [settings.endpointType ?? inputs["endpointConfiguration"]?.types].flat();
      if (!certificate.includes(`:acm:${region}:`))
        broken.push(`${name} has the certificate ${certificate || "of no region"}`);
      else if (
        !plan.of("aws:acm/certificate:Certificate", region).some(({ outputs }) => outputs["arn"] === certificate)
      ) {
        broken.push(`${name} has a certificate that its region does not make`);
      }
      if (types.some((type) => type === undefined || type === "EDGE"))
        broken.push(`${name} is served by CloudFront, of which us-east-1 has the certificate`);
    }
    for (const { name } of records.filter((each) => each.region === region && leadsToCloudFront(each.inputs))) {
      broken.push(`${name} leads to CloudFront: the API would depend on it`);
    }
  }
  broken.push(...missingTwins(plan));
  return {
    evidence: plan.regions.map((region) => {
      const count = (type: string) => plan.of(type, region).length;
      return `${region}: ${count("aws:acm/certificate:Certificate")} certificates, ${domainTypes.reduce((sum, type) => sum + count(type), 0)} names, ${count("aws:apigatewayv2/vpcLink:VpcLink")} VPC links, ${count("aws:ec2/vpcEndpoint:VpcEndpoint")} endpoints, ${count("aws:kms/key:Key")} keys`;
    }),
    broken,
  };
}

function leadsToCloudFront(inputs: Readonly<Record<string, any>>): boolean {
  return JSON.stringify([inputs["aliases"], inputs["records"]]).includes("cloudfront.net");
}

/** Parts of which each region needs as many as the other. */
function missingTwins(plan: ProofContext): string[] {
  const [primary, standby] = plan.regions;
  if (primary === undefined || standby === undefined) return [];
  const types = [
    ...["aws:apigatewayv2/vpcLink:VpcLink", "aws:ec2/vpcEndpoint:VpcEndpoint", "aws:acm/certificate:Certificate"],
    ...["aws:lb/loadBalancer:LoadBalancer", "aws:ecr/repository:Repository", "aws:s3/bucket:Bucket"],
  ];
  return types.flatMap((type) => {
    const [own, other] = [plan.of(type, primary).length, plan.of(type, standby).length];
    return own === other ? [] : [`${primary} has ${own} of ${type}, and ${standby} has ${other}`];
  });
}

function showReleases(plan: ProofContext): Shown | undefined {
  const regions = new Set(plan.graph.resources.flatMap(({ region }) => region ?? []));
  if (regions.size === 0) return undefined;
  const named = /\.([a-z0-9-]+)$/.exec(plan.graph.stack)?.[1];
  const away = named === undefined ? [] : plan.graph.resources.filter(({ region = named }) => region !== named);
  const { titles, others } = sortAway(away);
  const broken = others.map(({ name, region }) => `${name} is in ${region}, and the stack is of ${named}`);
  const order = [...plan.regions].reverse().map((region) => `${plan.graph.stack}.${region}`);
  return {
    evidence: [
      named === undefined
        ? `deployed by region, standby first: ${order.join(", then ")}`
        : `${plan.graph.stack} changes resources of ${[`${named} alone`, ...titles].join(", and ")}`,
    ],
    broken,
    open: [
      ...(named === undefined && regions.size > 1
        ? [`${plan.graph.stack} as one stack changes both regions in one update`]
        : []),
      "that a release waits, and does not start in a region that has the other's traffic: nothing here runs releases",
    ],
  };
}

function showSchedules(plan: ProofContext): Shown | undefined {
  const broken: string[] = [];
  const evidence: string[] = [];
  for (const { name, inputs } of plan.of("aws:acm/certificate:Certificate")) {
    if (inputs["privateKey"] !== undefined) broken.push(`${name} is imported: a person has to renew it in time`);
    else if (inputs["validationMethod"] !== "DNS")
      broken.push(`${name} is validated by ${inputs["validationMethod"]}: its renewal waits for a person`);
  }
  const certificates = plan.of("aws:acm/certificate:Certificate").length;
  if (certificates > 0)
    evidence.push(`${certificates} certificates are renewed by ACM, which begins 60 days before they expire`);
  const schedules = plan.of("aws:scheduler/schedule:Schedule");
  for (const { name, inputs } of schedules) {
    if (inputs["target"]?.deadLetterConfig?.arn === undefined)
      broken.push(`${name} has no queue for runs that were not delivered: a late one is lost`);
  }
  if (schedules.length > 0)
    evidence.push(`${schedules.length} schedules of services keep runs that were not delivered, and tell operators`);
  for (const { name, inputs } of plan.of("aws:secretsmanager/secretRotation:SecretRotation")) {
    const { automaticallyAfterDays, scheduleExpression = "" } = inputs["rotationRules"] ?? {};
    if (Number(automaticallyAfterDays ?? 30) < 2 || /hour/.test(scheduleExpression))
      broken.push(`${name} rotates more often than every two days`);
  }
  for (const type of ["aws:autoscaling/schedule:Schedule", "aws:appautoscaling/scheduledAction:ScheduledAction"]) {
    for (const { name } of plan.of(type))
      broken.push(`${name} changes the number of servers at a time, and may be late`);
  }
  for (const { name, inputs } of plan.of("aws:elasticbeanstalk/environment:Environment")) {
    const setting = (key: string) =>
      (inputs["settings"] ?? []).find((each: { name: string }) => each.name === key)?.value;
    if (setting("ManagedActionsEnabled") !== "true") continue;
    if (setting("UpdateLevel") === undefined) broken.push(`${name} has managed updates without a level`);
    evidence.push(`${name} is updated in a weekly window; a week without an update changes nothing`);
  }
  return evidence.length + broken.length === 0 ? undefined : { evidence, broken };
}

function showRecovery(plan: ProofContext): Shown | undefined {
  const zones = plan.of("aws:route53/zone:Zone").filter(({ inputs }) => (inputs["vpcs"] ?? []).length === 0);
  if (zones.length === 0) return undefined;
  const relying = outside(plan.ledger.entries).filter(
    ({ service, plane }) => /Route 53/.test(service) && plane === "control",
  );
  return {
    evidence: [
      `${zones.map(({ inputs }) => inputs["name"]).join(", ")}: changes are possible about an hour after us-east-1 is lost`,
      "serving and failing over change no record",
    ],
    broken: [
      ...zones
        .filter(({ inputs }) => inputs["enableAcceleratedRecovery"] !== true)
        .map(({ name }) => `${name} has no accelerated recovery`),
      ...relying.map(({ purpose, resources, call }) => `${resources[0]} changes DNS to ${purpose}: ${call}`),
    ],
  };
}
