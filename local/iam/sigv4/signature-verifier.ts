import { timingSafeEqual } from "node:crypto";
import {
  type Authorization,
  authorizationOfHeader,
  authorizationOfQuery,
  type CredentialScope,
  isPresigned,
  type Query,
  signedQuery,
} from "./authorization";
import {
  canonicalRequest,
  type HeaderValues,
  headerValues,
  queryPairs,
  type SignedRequest,
  sha256,
} from "./canonical-request";
import { SignatureError } from "./signature-error";
import { SigningKeys, signatureOf, stringToSign } from "./signing-keys";
import { refuseWrongTime } from "./signing-time";

/** The secret of an access key. */
export interface Credentials {
  readonly secretAccessKey: string;
  /** Of temporary credentials: requests must have it. */
  readonly sessionToken?: string;
  /** When temporary credentials end, in milliseconds since the epoch. */
  readonly expiresAt?: number;
}

/** What signatures may be for. @default any region, any service */
export interface AcceptedScope {
  readonly regions?: readonly string[];
  readonly services?: readonly string[];
}

/** Who signed a request, and for what. */
export interface VerifiedSignature<Of extends Credentials> {
  readonly accessKeyId: string;
  /** What the lookup returned, with all that it says of the caller. */
  readonly credentials: Of;
  readonly region: string;
  readonly service: string;
}

const wrongSignature =
  "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";
const unsignedPayloads = ["UNSIGNED-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"];

/**
 * Verifies the signature (SigV4) of requests, in the header `Authorization` or in the query. Services refuse a request that
 * was signed more than 5 minutes ago or ahead; within them AWS takes a request twice, and so does this.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
 */
export class SignatureVerifier<Of extends Credentials> {
  private readonly keys = new SigningKeys();

  /**
   * @param credentialsOf  returns the credentials of an access key id; undefined for one that does not exist
   * @param now  milliseconds since the epoch
   */
  constructor(
    private readonly credentialsOf: (accessKeyId: string) => Of | undefined,
    private readonly now: () => number = Date.now,
  ) {}

  /** @throws {SignatureError} when AWS would refuse the request before it asks a policy */
  verify(request: SignedRequest, accepted: AcceptedScope = {}): VerifiedSignature<Of> {
    const mark = request.url.indexOf("?");
    const path = mark < 0 ? request.url : request.url.slice(0, mark);
    const query = mark < 0 ? [] : queryPairs(request.url.slice(mark + 1));
    const headers = headerValues(request.rawHeaders);
    const presigned = isPresigned(query);
    if (presigned && headers.has("authorization")) {
      throw new SignatureError("IncompleteSignatureException", "Only one auth mechanism allowed", "InvalidArgument");
    }
    const given = presigned ? authorizationOfQuery(query) : authorizationOfHeader(headers);
    const { scope } = given;
    const s3 = scope.service === "s3";
    refuseWrongTime(given, this.now());
    refuseUnsigned(given, headers, s3);
    refuseScope(scope, accepted);
    const credentials = this.credentials(given);
    const canonical = canonicalRequest({
      method: request.method,
      path,
      query: presigned ? signedQuery(query) : query,
      headers,
      signedHeaders: given.signedHeaders,
      payloadHash: payloadHash(request, headers, query, s3, presigned),
      s3,
    });
    const text = stringToSign(given.time, scope, sha256(Buffer.from(canonical, "latin1")));
    const key = this.keys.keyOf(credentials.secretAccessKey, scope);
    if (!sameText(signatureOf(key, text), given.signature)) throw mismatch(canonical, text);
    return { accessKeyId: scope.accessKeyId, credentials, region: scope.region, service: scope.service };
  }

  private credentials({ scope: { accessKeyId }, sessionToken }: Authorization): Of {
    const credentials = this.credentialsOf(accessKeyId);
    if (credentials === undefined || !sameText(credentials.sessionToken ?? "", sessionToken ?? "")) {
      throw new SignatureError(
        "UnrecognizedClientException",
        "The security token included in the request is invalid.",
        credentials && "InvalidToken",
      );
    }
    if (credentials.expiresAt !== undefined && credentials.expiresAt <= this.now()) {
      throw new SignatureError("ExpiredTokenException", "The security token included in the request is expired");
    }
    return credentials;
  }
}

/** Everything that says where a request goes or what it does must be signed: the host, and what AWS reads of headers. */
function refuseUnsigned({ signedHeaders }: Authorization, headers: HeaderValues, s3: boolean): void {
  const invalid = (message: string, nameInS3?: string) =>
    new SignatureError("InvalidSignatureException", message, nameInS3);
  if (!signedHeaders.includes("host")) {
    throw invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
  for (const name of headers.keys()) {
    if (!name.startsWith("x-amz-") || signedHeaders.includes(name)) continue;
    const message = s3
      ? "There were headers present in the request which were not signed"
      : `'${name}' must be a 'SignedHeader' in the AWS Authorization.`;
    throw invalid(message, "AccessDenied");
  }
  const absent = signedHeaders.find((name) => !headers.has(name));
  if (absent !== undefined) {
    const message = `'${absent}' is named as a SignedHeader, but it does not exist in the HTTP request.`;
    throw new SignatureError("IncompleteSignatureException", message);
  }
}

function refuseScope({ region, service }: CredentialScope, { regions, services }: AcceptedScope): void {
  let message = "";
  if (regions && !regions.includes(region)) {
    message += `Credential should be scoped to a valid region, not '${region}'. `;
  }
  if (services && !services.includes(service)) {
    message += `Credential should be scoped to correct service: '${services[0] ?? ""}'. `;
  }
  if (message !== "") throw new SignatureError("InvalidSignatureException", message, "AuthorizationHeaderMalformed");
}

/** S3 takes the hash from a header, which may say that the body is not signed; other services hash the body. */
function payloadHash(
  { body }: SignedRequest,
  headers: HeaderValues,
  query: Query,
  s3: boolean,
  presigned: boolean,
): string {
  if (!s3) return sha256(body);
  const parameter = presigned ? query.find(([name]) => /^x-amz-content-sha256$/i.test(name))?.[1] : undefined;
  const declared = headers.get("x-amz-content-sha256")?.join(",") ?? parameter;
  if (declared === undefined) {
    if (presigned) return "UNSIGNED-PAYLOAD";
    throw new SignatureError(
      "IncompleteSignatureException",
      "Missing required header for this request: x-amz-content-sha256",
      "InvalidRequest",
    );
  }
  if (unsignedPayloads.includes(declared)) return declared;
  if (declared !== sha256(body)) {
    throw new SignatureError(
      "InvalidSignatureException",
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
      "XAmzContentSHA256Mismatch",
    );
  }
  return declared;
}

/** Takes the same time for every pair of texts of one length. */
function sameText(expected: string, given: string): boolean {
  const [one, other] = [Buffer.from(expected), Buffer.from(given)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function mismatch(canonical: string, text: string): SignatureError {
  return new SignatureError(
    "InvalidSignatureException",
    `${wrongSignature}\n\nThe Canonical String for this request should have been\n'${canonical}'\n\nThe String-to-Sign should have been\n'${text}'\n`,
  );
}
