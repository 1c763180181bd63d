import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";

/** Sends codes by Amazon SES. */
export class Mail {
  private readonly client = new SESv2Client({
    maxAttempts: 2,
    // Cognito waits for 5 s. Both attempts and a start of the function end before.
    requestHandler: { connectionTimeout: 500, requestTimeout: 1_200, throwOnRequestTimeout: true },
  });

  /**
   * @param from  the address that mails come from, of a verified identity
   * @param product  name of the product, without markup
   */
  constructor(
    private readonly from: string,
    private readonly product: string,
  ) {}

  /** Sends a code. @throws {Error} when SES does not take the mail in time */
  async send(address: string, code: string): Promise<void> {
    const text = `${code} signs you in to ${this.product}.\n\nIf you asked more than once, the newest code counts. If you did not ask, do nothing: without the code no one signs in.\n`;
    await this.client.send(
      new SendEmailCommand({
        FromEmailAddress: this.from,
        Destination: { ToAddresses: [address] },
        Content: {
          Simple: {
            Subject: { Data: `Your code for ${this.product}`, Charset: "UTF-8" },
            Body: { Text: { Data: text, Charset: "UTF-8" } },
          },
        },
      }),
    );
  }
}
