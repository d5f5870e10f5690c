import { fork } from 'node:child_process';
import { FROM_SOURCE, sourceFile } from '../places.ts';
import type { LoadJob, LoadResult } from './loadJob.ts';

/** Runs one job in a fresh generator process. Rejects when the generator fails. */
export function runLoad(job: LoadJob): Promise<LoadResult> {
  return new Promise((resolve, reject) => {
    const generator = fork(sourceFile('load/generator.ts'), [], { execArgv: [...FROM_SOURCE] });
    let result: LoadResult | undefined;
    generator.once('message', (message) => {
      result = message as LoadResult;
    });
    generator.once('error', reject);
    generator.once('exit', (code) => {
      if (result === undefined) reject(new Error(`the load generator ended with exit code ${code}`));
      else resolve(result);
    });
    generator.send(job);
  });
}
