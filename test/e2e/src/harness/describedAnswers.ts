import { QUERIES, type QueryAnswer, type QueryName } from '@rapport/contracts';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

type Schema = { readonly [keyword: string]: unknown };

interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >;
}

/** /openapi.json, as far as answers go. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, unknown>> };
}

export interface ReceivedAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: unknown;
}

/**
 * Holds answers against the API's own description, so that it cannot drift from what is answered: every status is
 * described, with its type of content, and the body has the fields that its schema names and no others.
 */
export class DescribedAnswers {
  private readonly ajv = lenientAjv();
  private readonly validators = new Map<string, ValidateFunction>();
  private readonly routes: readonly { readonly pattern: RegExp; readonly path: string }[];

  constructor(private readonly document: ApiDocument) {
    this.ajv.addSchema(closed({ $id: 'openapi', components: document.components }) as Schema);
    this.routes = Object.keys(document.paths)
      .map((path) => ({ path, pattern: new RegExp(`^${path.replace(/\{[^}]+\}/g, '[^/]+')}$`) }))
      // A name in a path is told from an id: /api/imports/commands before /api/imports/{kind}.
      .sort((a, b) => Number(a.path.includes('{')) - Number(b.path.includes('{')));
  }

  /** @throws Error naming operation, status and what is not as described */
  check(method: string, address: string, answer: ReceivedAnswer): void {
    const path = address.split('?', 1)[0]!;
    const route = this.routes.find(({ pattern }) => pattern.test(path))?.path;
    const operation = route === undefined ? undefined : this.document.paths[route]![method.toLowerCase()];
    if (operation === undefined) {
      // An address or a method that there is not: the one answer that no operation can describe.
      if (answer.status >= 400) this.assertFits('#/components/schemas/Problem', answer, `${method} ${path}`);
      return;
    }
    const what = `${operation.operationId} ${answer.status}`;
    const content = operation.responses[answer.status]?.content;
    if (content === undefined) throw new Error(`${what} is not described`);
    const described = content[answer.contentType];
    if (described === undefined) throw new Error(`${what} of type ${answer.contentType} is not described`);
    const { $ref } = described.schema as { readonly $ref?: string };
    if ($ref === undefined) throw new Error(`${what} has no schema of its own`);
    this.assertFits($ref, answer, what);
  }

  private assertFits($ref: string, { body }: ReceivedAnswer, what: string): void {
    let validate = this.validators.get($ref);
    if (validate === undefined) {
      validate = this.ajv.compile({ $ref: `openapi${$ref}` });
      this.validators.set($ref, validate);
    }
    if (validate(body)) return;
    throw new Error(`${what} is not as ${$ref} says: ${complaints(validate)}`);
  }
}

/** @throws Error where the answer to a query of the public language has not the shape that it declares */
export function assertQueryAnswer(query: string, { body, next }: QueryAnswer): void {
  if (!Object.hasOwn(QUERIES, query)) return;
  const validate = validatorOf(query as QueryName);
  if (validate(next === undefined ? body : { ...body, next })) return;
  throw new Error(`${query} is not answered as it declares: ${complaints(validate)}`);
}

/** Compiles every shape at once, for tests whose processes must not stand still later on. */
export function compileQueryAnswers(): void {
  for (const query of Object.keys(QUERIES)) validatorOf(query as QueryName);
}

function validatorOf(query: QueryName): ValidateFunction {
  let validate = validators.get(query);
  if (validate === undefined) {
    validate = (ajv ??= lenientAjv()).compile(closed(QUERIES[query].answer) as Schema);
    validators.set(query, validate);
  }
  return validate;
}

const validators = new Map<QueryName, ValidateFunction>();
let ajv: Ajv2020 | undefined;

function lenientAjv(): Ajv2020 {
  const made = new Ajv2020({ strict: false, allErrors: false });
  (addFormats as unknown as (instance: Ajv2020) => void)(made);
  return made;
}

/** Clients may not rely on a field that is not named, but a test must not overlook one. */
function closed(schema: unknown): unknown {
  if (typeof schema !== 'object' || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map(closed);
  const copy = Object.fromEntries(Object.entries(schema).map(([name, part]) => [name, closed(part)]));
  return copy['type'] === 'object' && 'properties' in copy && !('additionalProperties' in copy)
    ? { ...copy, additionalProperties: false }
    : copy;
}

/** Places and keywords; never the values. */
function complaints({ errors }: ValidateFunction): string {
  return (errors ?? [])
    .map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`)
    .join('; ');
}
