/** One complaint about one field of the input, addressed to whoever sent it. */
export interface FieldError {
  /** Path of the field as the sender wrote it: `contacts[0].phone`. Never its value. */
  readonly field: string;
  /** What is wrong and what to do. Never contains the value: it may be personal. */
  readonly message: string;
}

/** The kinds of failure that cross a process boundary, with the HTTP status each becomes (RFC 9457). */
export const PROBLEM_STATUS = {
  'invalid-input': 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'rule-violated': 409,
  'revision-conflict': 409,
  parked: 409,
  'precondition-failed': 412,
  'too-large': 413,
  'unsupported-media-type': 415,
  'idempotency-key-reused': 422,
  'too-many-requests': 429,
  internal: 500,
  unavailable: 503,
} as const;

export type ProblemKind = keyof typeof PROBLEM_STATUS;

export interface ProblemDetails {
  readonly kind: ProblemKind;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  /** Id of the handbook rule that refused, such as `R-074`. */
  readonly rule?: string;
  /** Seconds after which trying again makes sense. */
  readonly retryAfter?: number;
  /** What stands in the way: an event of the log. */
  readonly recorded?: RecordedPlace;
}

/** Where an event stands in the log. */
export interface RecordedPlace {
  readonly stream: string;
  readonly revision: number;
}

/** A failure with a meaning for the sender. Anything else that is thrown is a defect and becomes `internal`. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly details: ProblemDetails,
    options?: ErrorOptions,
  ) {
    super(details.detail, options);
  }

  get kind(): ProblemKind {
    return this.details.kind;
  }

  get status(): number {
    return PROBLEM_STATUS[this.details.kind];
  }
}

export function invalidInput(field: string, message: string): Problem {
  return new Problem({
    kind: 'invalid-input',
    detail: `The field ${field} is not acceptable.`,
    errors: [{ field, message }],
  });
}

/** @param field that named it; default: the id of that kind of record */
export function notFound(what: string, field = `${what}Id`): Problem {
  return new Problem({
    kind: 'not-found',
    detail: `There is no such ${what}.`,
    errors: [{ field, message: `names no ${what} that exists` }],
  });
}

/** A handbook rule says no. `rule` is its id in domain.md. */
export function ruleViolated(rule: string, detail: string): Problem {
  return new Problem({ kind: 'rule-violated', detail, rule });
}
