import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  canonicalBytes,
  COUNTED,
  eventId,
  EVENTS,
  SealedValue,
  streamName,
  uuid5,
  versionsOf,
  type Envelope,
  type EventVersion,
  type JsonValue,
} from '@rapport/contracts';
import type { EventData, SealVersion } from '@rapport/privacy';
import { GOLDEN_FOLDER, goldenFiles, type GoldenFile } from './goldenEvents.ts';
import { goldenCodec } from './goldenKeys.ts';
import { goldenId, goldenSample, type Variant } from './goldenSample.ts';
import { EVENT_TIME } from './goldenTime.ts';

/** Forms in which sealed values were ever written; without sealed fields there is nothing to tell apart. */
const FORMS: readonly SealVersion[] = SealedValue.properties.v.anyOf.map(({ const: form }) => form);
const TENANT = 'main';
const COMMANDS = '2f0a7c5e-8a55-5a4e-8a51-60a11de4e4e7';

/** One event that there must be. */
export interface Wanted {
  readonly version: EventVersion;
  readonly variant: Variant;
  readonly form: SealVersion;
  readonly commandId: string;
}

/** Every event that there must be: each version full and minimal, and full in each form of sealed values. */
export function wantedGoldenEvents(): readonly Wanted[] {
  return [...EVENTS.values()].flatMap(versionsOf).flatMap((version) => {
    const wanted = (variant: Variant, form: SealVersion): Wanted => {
      const commandId = uuid5(COMMANDS, `${version.type}@${version.version} ${variant} v${form}`);
      return { version, variant, form, commandId };
    };
    const newest = FORMS.at(-1)!;
    const forms = version.sealedFields.length === 0 ? [newest] : FORMS;
    return [wanted('minimal', newest), ...forms.map((form) => wanted('full', form))];
  });
}

/** Those of them that are not there yet. What is there is known by its command: its bytes may never change. */
export function missingGoldenEvents(): readonly Wanted[] {
  const there = new Set(
    goldenFiles().map(({ data }) => (JSON.parse(data) as { readonly commandId: string }).commandId),
  );
  return wantedGoldenEvents().filter(({ commandId }) => !there.has(commandId));
}

/** Adds a file for each event that is missing, and touches no other. @returns their paths */
export async function addGoldenEvents(): Promise<readonly string[]> {
  const added: string[] = [];
  for (const wanted of missingGoldenEvents()) {
    const { version } = wanted;
    const file = await goldenFile(wanted);
    const path = join(GOLDEN_FOLDER, `${version.type}@${version.version}`, `${file.id}.json`);
    if (existsSync(path)) throw new Error(`${path} is there already`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${JSON.stringify(file, undefined, 2)}\n`);
    added.push(path);
  }
  return added;
}

/** The event as the ledger stores it. */
export async function goldenFile({ version, variant, form, commandId }: Wanted): Promise<GoldenFile> {
  const plain = goldenSample(version, variant);
  const stream = streamOf(version, plain);
  const revision = variant === 'minimal' ? 0 : form;
  const place = { tenant: TENANT, stream, commandId, revision };
  const codec = goldenCodec(commandId, form);
  const customerId = plain['customerId'];
  const envelope: Envelope = {
    specversion: '1',
    type: version.type,
    version: version.version,
    tenant: TENANT,
    stream,
    occurredAt: EVENT_TIME,
    recordedAt: EVENT_TIME,
    origin: 'live',
    actor: 'demo-account-manager',
    via: version.type.split('.')[1]!,
    commandId,
    requestHmac: 'A'.repeat(43),
    correlationId: commandId,
    causationId: commandId,
    ...(typeof customerId === 'string' && { customerId }),
    policies: {},
    data: (await codec.seal(version, plain as EventData, place)) as JsonValue,
  };
  const bytes = canonicalBytes(envelope as unknown as JsonValue);
  const id = eventId(commandId, stream, 0, bytes);
  return { id, stream, revision, type: version.type, data: Buffer.from(bytes).toString('utf8') };
}

function streamOf({ category }: EventVersion, data: Readonly<Record<string, JsonValue>>): string {
  const id = (field: string): string => (typeof data[field] === 'string' ? data[field] : goldenId(field));
  switch (category) {
    case 'log':
    case 'demo':
      return streamName(category, TENANT);
    case 'policy':
      return streamName(category, id('policy'));
    case 'purchases':
      return streamName(category, `${id('customerId')}-2026`);
    case 'standing':
      return streamName(category, id('customerId'));
    case COUNTED:
      // They may stand anywhere; reviews of a standing were the first to have them.
      return streamName('standing', id('customerId'));
    case 'reaction':
      return streamName(category, `${id('reaction')}-1`);
    default:
      return streamName(category, id(`${category}Id`));
  }
}
