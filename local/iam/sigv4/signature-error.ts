/** Why a signature is refused, by AWS's name in JSON protocols and of API Gateway. */
export type SignatureErrorType =
  | "MissingAuthenticationTokenException"
  | "IncompleteSignatureException"
  | "InvalidSignatureException"
  | "UnrecognizedClientException"
  | "ExpiredTokenException";

/** Names of the same errors in the query protocol (STS) and of S3, which answers some of them otherwise. */
const names: Readonly<Record<SignatureErrorType, { readonly query: string; readonly s3: string }>> = {
  MissingAuthenticationTokenException: { query: "MissingAuthenticationToken", s3: "AccessDenied" },
  IncompleteSignatureException: { query: "IncompleteSignature", s3: "AuthorizationHeaderMalformed" },
  InvalidSignatureException: { query: "SignatureDoesNotMatch", s3: "SignatureDoesNotMatch" },
  UnrecognizedClientException: { query: "InvalidClientTokenId", s3: "InvalidAccessKeyId" },
  ExpiredTokenException: { query: "ExpiredToken", s3: "ExpiredToken" },
};

/** A request whose signature is refused. The message is AWS's; it may repeat what was signed, so no log should have it. */
export class SignatureError extends Error {
  constructor(
    readonly type: SignatureErrorType,
    message: string,
    /** Name that S3 has for this case alone. */
    private readonly nameInS3?: string,
  ) {
    super(message);
  }

  /** Returns the error's name in a protocol. */
  nameIn(protocol: "json" | "query" | "s3"): string {
    if (protocol === "json") return this.type;
    return (protocol === "s3" ? this.nameInS3 : undefined) ?? names[this.type][protocol];
  }
}
