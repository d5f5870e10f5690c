import type { EventVersion } from '@rapport/contracts';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

// Compiled once per process: services in one process share what they check.
const compiled = new WeakMap<EventVersion, ValidateFunction>();
let ajv: Ajv2020 | undefined;

/** Checks decided data against its plain schema before it is sealed: a decider's mistake must not reach the log. */
export class PlainEventGate {
  /** @throws TypeError naming type and place, never the value */
  check(definition: EventVersion, data: unknown): void {
    let validate = compiled.get(definition);
    if (validate === undefined) {
      validate = (ajv ??= eventAjv()).compile(definition.plain);
      compiled.set(definition, validate);
    }
    if (validate(data)) return;
    const { instancePath, message } = validate.errors![0]!;
    throw new TypeError(`${definition.type} ${instancePath === '' ? '/' : instancePath} ${message}`);
  }
}

/** Ajv as events are checked with: JSON Schema 2020-12, with the keyword that carries field classes. */
export function eventAjv(): Ajv2020 {
  const ajv = new Ajv2020({ allErrors: false, strict: true, strictTypes: false, strictRequired: false });
  ajv.addKeyword({ keyword: 'x-field-class', valid: true });
  (addFormats as unknown as (instance: Ajv2020) => void)(ajv);
  return ajv;
}
