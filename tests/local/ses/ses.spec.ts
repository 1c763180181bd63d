import assert from "node:assert/strict";
import {
  BadRequestException,
  GetAccountCommand,
  MessageRejected,
  SESv2Client,
  SendEmailCommand,
} from "@aws-sdk/client-sesv2";
import { GraphIndex } from "../../../graph/model";
import { AwsEndpoint } from "../../../local/aws/aws-endpoint";
import { Mailbox } from "../../../local/cognito/mailbox";
import { Access, operatorKeys, withOperator } from "../../../local/iam/access";
import { readPolicy } from "../../../local/iam/policy";
import type { SigningCaller } from "../../../local/iam/signing-caller";
import { sesApi } from "../../../local/ses/ses-api";
import { replanned } from "../../conformance/plans";

const account = "123456789012";
const identity = `arn:aws:ses:eu-west-1:${account}:identity/dev.example.com`;
/** A function that may send from one address of the domain. */
const senderKeys = { accessKeyId: "ASIASENDER", secretAccessKey: "sender" };
const sender: SigningCaller = {
  ...senderKeys,
  caller: { kind: "user", arn: `arn:aws:iam::${account}:user/sender`, account },
  identity: [
    readPolicy(
      {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: "ses:SendEmail",
            Resource: identity,
            Condition: { StringEquals: { "ses:FromAddress": "no-reply@dev.example.com" } },
          },
        ],
      },
      "identity",
    ),
  ],
};

describe("Amazon SES on this machine", () => {
  const mailbox = new Mailbox(Date.now);
  let endpoint: AwsEndpoint;
  const clients: SESv2Client[] = [];

  before(async () => {
    const { graph } = await replanned("dev", (config) => {
      config.signIn.mail = { from: "no-reply@dev.example.com", sender: "ses" };
    });
    const index = new GraphIndex(graph);
    const callers = withOperator((key) => (key === senderKeys.accessKeyId ? sender : undefined), account);
    endpoint = new AwsEndpoint(index, {
      usagePlans: () => undefined,
      access: new Access(callers),
      apis: () => ({ ses: sesApi(index, mailbox) }),
      log: () => {},
    });
    await endpoint.start();
  });

  after(async () => {
    for (const client of clients) client.destroy();
    await endpoint?.stop();
  });

  const clientOf = (credentials: { accessKeyId: string; secretAccessKey: string }, region = "eu-west-1") => {
    const client = new SESv2Client({ region, endpoint: endpoint.url, credentials, maxAttempts: 1 });
    clients.push(client);
    return client;
  };
  const mail = (from: string, to = ["ada@example.com"]) =>
    new SendEmailCommand({
      FromEmailAddress: from,
      Destination: { ToAddresses: to },
      Content: { Simple: { Subject: { Data: "Hello" }, Body: { Text: { Data: "12345678 signs you in." } } } },
    });

  it("puts a mail of the planned identity into the mailbox, and says its code", async () => {
    const { MessageId } = await clientOf(senderKeys).send(mail("Shop <no-reply@dev.example.com>"));
    assert.match(MessageId!, /^[0-9a-f-]{36}$/);
    const [{ id: _id, at: _at, ...kept }] = mailbox.messages("ada@example.com") as [any];
    assert.deepEqual(kept, {
      ...{ medium: "EMAIL", to: "ada@example.com", subject: "Hello" },
      ...{ text: "12345678 signs you in.", code: "12345678" },
    });
  });

  it("refuses an address that the caller's policy does not name, and delivers nothing", async () => {
    await assert.rejects(clientOf(senderKeys).send(mail("someone@dev.example.com", ["bob@example.com"])), {
      name: "AccessDeniedException",
      message: `User: arn:aws:iam::${account}:user/sender is not authorized to perform: ses:SendEmail on resource: ${identity} because no identity-based policy allows the ses:SendEmail action`,
    });
    assert.deepEqual(mailbox.messages("bob@example.com"), []);
  });

  it("refuses an address of which no identity is planned in the region", async () => {
    const texts = { "eu-west-1": "no-reply@example.org", "eu-central-1": "no-reply@dev.example.com" };
    for (const [region, from] of Object.entries(texts)) {
      await assert.rejects(clientOf(operatorKeys, region).send(mail(from)), (error: Error) => {
        assert.ok(error instanceof MessageRejected);
        const where = `in region ${region.toUpperCase()}: ${from}`;
        assert.equal(
          error.message,
          `Email address is not verified. The following identities failed the check ${where}`,
        );
        return true;
      });
    }
  });

  it("takes an address in a subdomain of an identity's domain", async () => {
    await clientOf(operatorKeys).send(mail("no-reply@mail.dev.example.com", ["eve@example.com"]));
    assert.equal(mailbox.messages("eve@example.com").length, 1);
  });

  it("refuses a mail to no one, to too many, and of templates", async () => {
    const many = Array.from({ length: 51 }, (_, i) => `user-${i}@example.com`);
    for (const to of [[], many]) {
      await assert.rejects(clientOf(operatorKeys).send(mail("no-reply@dev.example.com", to)), BadRequestException);
    }
    const { FromEmailAddress, Destination } = mail("no-reply@dev.example.com").input;
    const templated = new SendEmailCommand({
      ...{ FromEmailAddress, Destination },
      Content: { Template: { TemplateName: "welcome", TemplateData: "{}" } },
    });
    await assert.rejects(clientOf(operatorKeys).send(templated), /takes Content\.Simple/);
  });

  it("answers another operation as AWS answers one that it does not have", async () => {
    await assert.rejects(clientOf(operatorKeys).send(new GetAccountCommand({})), { name: "UnknownOperationException" });
  });
});
