/** An error as AWS answers it: the SDK makes the exception of its class from the name. */
export class AwsError extends Error {
  /** @param status  HTTP status of the answer */
  constructor(
    override readonly name: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}
