/** An error of the user-pool API, by the name and with the text that Cognito has. */
export class CognitoError extends Error {
  constructor(
    override readonly name: string,
    message: string,
  ) {
    super(message);
  }
}

/** Errors that several operations answer, with the same text. */
export const failures = {
  wrongPassword: () => new CognitoError("NotAuthorizedException", "Incorrect username or password."),
  disabled: () => new CognitoError("NotAuthorizedException", "User is disabled."),
  noUser: () => new CognitoError("UserNotFoundException", "User does not exist."),
  expiredCode: () => new CognitoError("ExpiredCodeException", "Invalid code provided, please request a code again."),
  wrongCode: () => new CognitoError("CodeMismatchException", "Invalid verification code provided, please try again."),
  tooOften: () => new CognitoError("LimitExceededException", "Attempt limit exceeded, please try after some time."),
  session: () => new CognitoError("NotAuthorizedException", "Invalid session for the user."),
  parameter: (message: string) => new CognitoError("InvalidParameterException", message),
} as const;
