import assert from "node:assert/strict";
import { observeCognito } from "../../fidelity/cognito-observe";

const phone = "+4915112345678";
const AccessToken = "(from in body.AuthenticationResult.AccessToken)";
const writes = (Name: string, Value: string) => ({ AccessToken, UserAttributes: [{ Name, Value }] });

describe("a phone number in the local user pool", () => {
  it("is verified by the code of a text message in the mailbox, and by nothing that a person writes", async () => {
    const observed: any = await observeCognito({
      ...{ id: "phone", grade: "documented", source: "", expected: {} },
      given: {
        pool: { autoVerifiedAttributes: ["email"] },
        client: { writeAttributes: ["email", "name", "phone_number"] },
        users: [{ username: "ada" }],
      },
      steps: [
        {
          call: "InitiateAuth",
          input: {
            ClientId: "(client)",
            AuthFlow: "USER_PASSWORD_AUTH",
            AuthParameters: { USERNAME: "ada", PASSWORD: "(password)" },
          },
          as: "in",
        },
        { call: "UpdateUserAttributes", input: writes("phone_number_verified", "true"), as: "claimed" },
        { call: "UpdateUserAttributes", input: writes("phone_number", phone), as: "written" },
        { call: "GetUser", input: { AccessToken }, as: "before" },
        { call: "GetUserAttributeVerificationCode", input: { AccessToken, AttributeName: "phone_number" }, as: "sent" },
        {
          call: "VerifyUserAttribute",
          input: { AccessToken, AttributeName: "phone_number", Code: `(code ${phone})` },
          as: "verified",
        },
        { call: "GetUser", input: { AccessToken }, as: "after" },
      ],
    });
    const { claimed, written, before, sent, verified, after } = observed;
    assert.deepEqual([claimed.status, claimed.body.__type], [400, "NotAuthorizedException"]);
    assert.equal(written.status, 200);
    assert.deepEqual([before.attributes.phone_number, before.attributes.phone_number_verified], [phone, "false"]);
    const { DeliveryMedium, AttributeName } = sent.body.CodeDeliveryDetails;
    assert.deepEqual([DeliveryMedium, AttributeName], ["SMS", "phone_number"]);
    assert.equal(verified.status, 200);
    assert.deepEqual([after.attributes.phone_number_verified, after.attributes.email_verified], ["true", "true"]);
  });
});
