import { isCounted } from '@rapport/contracts';
import type { StreamWrite } from '../eventStore.ts';
import type { AppendGroup } from './appendGroup.ts';

/** Flattens appends for the writer thread. Apart from its counterpart, so that the thread loads no contracts. */
export function encodeAppends(appends: readonly (readonly StreamWrite[])[]): AppendGroup {
  let size = 0;
  for (const writes of appends)
    for (const { events } of writes) for (const { data } of events) size += data.byteLength;
  const bytes = new Uint8Array(size);
  const fields: (string | number)[] = [];
  let at = 0;
  for (const writes of appends) {
    fields.push(writes.length);
    for (const { stream, expectedRevision, events } of writes) {
      fields.push(stream, expectedRevision, isCounted(stream) ? 1 : 0, events.length);
      for (const { id, type, data } of events) {
        fields.push(id, type, data.byteLength);
        bytes.set(data, at);
        at += data.byteLength;
      }
    }
  }
  return { kind: 'append', appends: appends.length, fields, data: bytes };
}
