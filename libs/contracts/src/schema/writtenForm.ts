import { Problem } from '@rapport/platform';
import { canonicalJson, type JsonValue } from '../wire/canonicalJson.ts';
import type { EventDefinition, EventVersion } from './eventDefinition.ts';
import { upcastData } from './upcastData.ts';

/** `previous`: only what the release before reads as well. `current`: what this release writes. */
export type WriteFormats = 'previous' | 'current';

/** An event as it is proposed to the ledger. */
export interface WrittenForm {
  readonly version: EventVersion;
  /** Plain data of that version. */
  readonly data: JsonValue;
}

/** Seconds after which a command is tried again that the former version cannot say: a release rolls out in minutes. */
const RETRY_AFTER_S = 30;

/**
 * A decided event in the version that is written. Deciders know the newest only; where an older one is written, the data
 * goes down step by step, and must come up again as the same: so nothing is lost in between.
 *
 * @throws Problem `unavailable` where the older version cannot say all of it
 */
export function writtenForm(
  definition: EventDefinition,
  data: JsonValue,
  formats: WriteFormats = 'current',
): WrittenForm {
  const { type, former } = definition;
  const version = formats === 'current' ? definition.written : previousVersion(definition);
  if (version === definition.version) return { version: definition, data };
  const written = former.slice(version - 1).reduceRight((after, { downcast }) => downcast!(after), data);
  if (canonicalJson(upcastData(definition, version, written)) !== canonicalJson(data)) {
    throw new Problem({
      kind: 'unavailable',
      detail:
        `${type} is still written as version ${version}, which cannot say all of this. ` +
        'Repeat the request when the new release runs everywhere, or leave out what is new in it.',
      retryAfter: RETRY_AFTER_S,
    });
  }
  return { version: former[version - 1]!, data: written };
}

/** The version that the release before writes: a step down is kept for as long as it may still be needed, one release. */
function previousVersion({ former, version }: EventDefinition): number {
  const steps = former.toReversed().findIndex(({ downcast }) => downcast === undefined);
  return version - (steps < 0 ? former.length : steps);
}
