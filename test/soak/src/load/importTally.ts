import type { Body, SoakRequest } from '../mix/request.ts';

interface Row {
  readonly line: number;
  readonly values: Readonly<Record<string, string>>;
}

/** Rows that imports have reported as being in, new or there before. */
export class ImportTally {
  /** External ids of the customers. */
  readonly customers = new Set<string>();
  purchases = 0;
  /** Rows that were reported as bad. */
  bad = 0;

  /** Takes in the report of a request. */
  add({ kind, body }: SoakRequest, report: Body): void {
    const bad = new Set((report['bad'] as readonly { readonly line: number }[]).map(({ line }) => line));
    this.bad += bad.size;
    for (const { line, values } of body!['rows'] as readonly Row[]) {
      if (bad.has(line)) continue;
      if (kind === 'importCustomers') this.customers.add(values['externalId']!);
      else this.purchases += 1;
    }
  }
}
