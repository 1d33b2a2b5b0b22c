import type { Issue } from "@basin/contracts";

/** What was sent cannot be used; answered with 400 and every issue that was found. */
export class InputError extends Error {
  constructor(readonly issues: readonly Issue[]) {
    super(issues.map(sentenceOf).join("; "));
    this.name = "InputError";
  }
}

/** Where it is and what is wrong; a message that begins with its place says it once. */
function sentenceOf({ path, message }: Issue): string {
  return path === "" || message.startsWith(path) ? message : `${path}: ${message}`;
}

/** What was asked for does not exist; answered with 404. */
export class NotFoundError extends Error {
  constructor(what: string, id: string) {
    super(`there is no ${what} ${id}`);
    this.name = "NotFoundError";
  }
}

/** Something is here, but it does not answer the method; answered with 405 and those that it does. */
export class MethodNotAllowedError extends Error {
  constructor(
    method: string,
    path: string,
    readonly allowed: readonly string[],
  ) {
    super(`${path} does not answer ${method}; it answers ${allowed.join(", ")}`);
    this.name = "MethodNotAllowedError";
  }
}

/** A key that stands for another request; answered with 422. */
export class KeyReusedError extends Error {
  constructor(key: string) {
    super(
      `the Idempotency-Key "${key}" was sent with another request before: one key is for one request and its repetitions, so send a new one`,
    );
    this.name = "KeyReusedError";
  }
}

/** The body is not JSON at all; answered with 400 and the code `malformed`. */
export class MalformedBodyError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "MalformedBodyError";
  }
}

/** No token, or not a good one, where one is asked for; answered with 401. The message says what to do about it. */
export class UnauthorizedError extends Error {
  constructor(what: string) {
    super(
      `${what}: send "Authorization: Bearer <token>" (the basin command takes it from BASIN_TOKEN; the dashboard asks for it and keeps it in a cookie, with which the same browser may open this address too). A person with a token makes others under Settings; the first one lies in the file that \`basin up\` and the API's log name at the first start`,
    );
    this.name = "UnauthorizedError";
  }
}

/** The token does not allow it; answered with 403. */
export class ForbiddenError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ForbiddenError";
  }
}

/** Too many tokens that do not count came from an address; answered with 429. */
export class TooManyFailuresError extends Error {
  constructor(readonly seconds: number) {
    super(`too many tokens that do not count came from this address: wait ${seconds} s`);
    this.name = "TooManyFailuresError";
  }
}

/** A request is addressed to another host, or comes from a page that is none of ours; answered with 403. */
export class ForeignSiteError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ForeignSiteError";
  }
}

/** What was sent is above a limit of its own, which the message states; answered with 413. */
export class TooLargeError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "TooLargeError";
  }
}

/** A body of another type than its route takes; answered with 415. */
export class MediaTypeError extends Error {
  constructor(expected: string, got: string | undefined) {
    const what = expected === "application/json" ? "JSON" : "the file's bytes";
    super(
      `the body must be ${what}, sent with content-type: ${expected}${got === undefined ? "" : `, not ${got.slice(0, 100)}`}`,
    );
    this.name = "MediaTypeError";
  }
}

/** A part of a file was asked for that begins behind its end; answered with 416 and the file's length. */
export class RangeNotSatisfiableError extends Error {
  constructor(readonly bytes: number) {
    super(`the range begins behind the end: there are ${bytes} bytes`);
    this.name = "RangeNotSatisfiableError";
  }
}

/** Something cannot be served now, for a reason of ours; answered with 503. */
export class BusyError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "BusyError";
  }
}
