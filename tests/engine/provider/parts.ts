import { createHash } from "node:crypto";
import { CLOUD_SECRET, type Creation } from "./cloud";
import type { Properties } from "./values";

type Part = (request: Creation, nth: number) => Properties;

const hex = ({ type, name }: Creation, length: number) =>
  createHash("sha256").update(`${type} ${name}`).digest("hex").slice(0, length);
const part =
  (prefix: string): Part =>
  (request) => ({ id: `${prefix}-${hex(request, 17)}` });

/** Outputs that the offline plan has no use for: of what awsx makes, and of what differs from run to run. */
export const partAnswers: Readonly<Record<string, Part>> = {
  "aws:cognito/userPoolClient:UserPoolClient": () => ({ clientSecret: CLOUD_SECRET }),
  "aws:ec2/eip:Eip": part("eipalloc"),
  "aws:ec2/internetGateway:InternetGateway": part("igw"),
  "aws:ec2/natGateway:NatGateway": part("nat"),
  "aws:ec2/route:Route": part("r"),
  "aws:ec2/routeTable:RouteTable": part("rtb"),
  "aws:ec2/routeTableAssociation:RouteTableAssociation": part("rtbassoc"),
  "aws:ec2/subnet:Subnet": part("subnet"),
  "aws:ec2/vpc:Vpc": part("vpc"),
  // Unique in its application; AWS's id is the label alone.
  "aws:elasticbeanstalk/applicationVersion:ApplicationVersion": ({ inputs }) => ({
    id: `${inputs["application"]}:${inputs["name"]}`,
  }),
  "aws:ecs/taskDefinition:TaskDefinition": ({ inputs, region }, revision) => {
    const arn = `arn:aws:ecs:${region}:123456789012:task-definition/${inputs["family"]}`;
    return { id: `${inputs["family"]}:${revision}`, revision, arn: `${arn}:${revision}` };
  },
};
