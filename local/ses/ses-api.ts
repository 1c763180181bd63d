import { randomUUID } from "node:crypto";
import type { GraphIndex } from "../../graph/model";
import { AwsError } from "../aws/aws-error";
import { restOperation } from "../aws/known-operations";
import type { ServiceApi, ServiceCall } from "../aws/service-call";
import type { Mailbox } from "../cognito/mailbox";

/** The most addresses of one mail. */
const maxRecipients = 50;
/** Digits in a row that are no part of a longer word: a code that signs someone in. */
const codeOf = /(?<!\w)\d{6,8}(?!\w)/;

/**
 * SendEmail of Amazon SES (version 2) on the planned identities: mail from their addresses and domains is put into the mailbox
 * of this machine and never leaves it. Identities are verified from the start, and the account is out of SES's sandbox.
 * @see https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
 */
export function sesApi(index: GraphIndex, mailbox: Mailbox): ServiceApi {
  const identities = index
    .ofType("aws:sesv2/emailIdentity:EmailIdentity")
    .map(({ region, outputs }) => ({ region, name: String(outputs["emailIdentity"]).toLowerCase() }));
  const verifiedOf = (address: string, region: string): string | undefined =>
    namesOf(address).find((name) => identities.some((each) => each.region === region && each.name === name));
  return {
    asks: ({ region, body }, { account }) => {
      const from = addressOf(body["FromEmailAddress"]);
      const identity = verifiedOf(from, region) ?? domainOf(from);
      return [
        {
          action: "ses:SendEmail",
          resource: `arn:aws:ses:${region}:${account}:identity/${identity}`,
          context: { "ses:FromAddress": from, "ses:Recipients": recipientsOf(body), "ses:ApiVersion": "2" },
        },
      ];
    },
    answer: ({ region, method, path, body }: ServiceCall) => {
      const operation = restOperation("ses", method, `/${path.join("/")}`);
      if (operation !== "SendEmail") throw new AwsError("UnknownOperationException", "", 404);
      const from = addressOf(body["FromEmailAddress"]);
      if (verifiedOf(from, region) === undefined) {
        throw new AwsError(
          "MessageRejected",
          `Email address is not verified. The following identities failed the check in region ${region.toUpperCase()}: ${from}`,
        );
      }
      const recipients = recipientsOf(body);
      if (recipients.length === 0 || recipients.length > maxRecipients) {
        throw new AwsError("BadRequestException", `Destination must have 1-${maxRecipients} addresses`);
      }
      const { subject, text } = simpleContent(body);
      const code = codeOf.exec(text)?.[0] ?? "";
      for (const to of recipients) mailbox.deliver({ medium: "EMAIL", to, subject, text, code });
      return { MessageId: randomUUID() };
    },
  };
}

/** Returns the address of a sender or a recipient. @example addressOf("Shop <no-reply@example.com>") // "no-reply@example.com" */
function addressOf(given: unknown): string {
  const text = typeof given === "string" ? given.trim() : "";
  const address = /<([^<>]*)>$/.exec(text)?.[1] ?? text;
  if (/^[^\s@]+@[^\s@]+$/.test(address)) return address;
  throw new AwsError("BadRequestException", `Missing final '@domain'`);
}

function recipientsOf({ Destination: to = {} }: ServiceCall["body"]): string[] {
  const { ToAddresses = [], CcAddresses = [], BccAddresses = [] } = to;
  return [ToAddresses, CcAddresses, BccAddresses].flat().map(addressOf);
}

/** @throws {AwsError} for raw mail and templates, which the project does not send */
function simpleContent({ Content: content }: ServiceCall["body"]): { subject: string; text: string } {
  const { Subject: subject, Body: body } = content?.Simple ?? {};
  const text = body?.Text?.Data ?? body?.Html?.Data;
  if (typeof subject?.Data !== "string" || typeof text !== "string") {
    throw new AwsError(
      "BadRequestException",
      "the local AWS endpoint takes Content.Simple with a Subject and a Text or Html",
    );
  }
  return { subject: subject.Data, text };
}

/**
 * Returns the names that the identity of an address may have: itself, its domain, and those above that, whose verification
 * counts for subdomains.
 */
function namesOf(address: string): string[] {
  const labels = domainOf(address).split(".");
  return [address.toLowerCase(), ...labels.slice(0, -1).map((_, i) => labels.slice(i).join("."))];
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1).toLowerCase();
}
