import { HttpError } from "./errors";

/** Waits for work. @throws {HttpError} 503 `timeout` when it takes longer; it is not stopped */
export async function withTimeout<T>(seconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    const error = new HttpError(503, "timeout", "The service did not answer in time");
    timer = setTimeout(() => reject(error), seconds * 1_000);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
