import type { LocalProcess } from '@rapport/local';

/** A process of the product, or an engine that it runs on. */
export interface FormProcess {
  readonly name: string;
  readonly process: LocalProcess;
  /** Where it tells metrics; engines do not. */
  readonly metricsUrl?: string;
}

/** The product as it runs: what the soak loads, kills and looks at. */
export interface Form {
  readonly name: 'standalone' | 'services';
  /** Of the API. */
  readonly url: string;
  readonly processes: readonly FormProcess[];
  /** Share of what it answers in the beginning that it still bears in the end, twice over. */
  readonly bears: number;
  /** Everything that is stored. */
  readonly folder: string;
  /** Ends every process; the folder stays. */
  stop(): Promise<void>;
}
