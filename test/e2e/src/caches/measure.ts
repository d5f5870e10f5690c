// Run with --expose-gc as a process of its own: fills the named cache and prints what it takes.
import 'reflect-metadata';
import { CacheBudget } from '@rapport/platform';
import { heapGrowth } from '@rapport/platform/testing';
import { FILLINGS } from './fillings.ts';

const name = process.argv[2] as keyof typeof FILLINGS;
const ample = () => new CacheBudget('standalone', 1024 ** 4);
// Once for nothing: compiled code and tables that are made once are not the cache's.
await FILLINGS[name](ample());
const growth = await heapGrowth(async () => {
  const caches = ample();
  const filled = await FILLINGS[name](caches);
  const use = caches.use.find((one) => one.name === name);
  return { ...filled, held: [caches, filled.held], estimated: filled.estimated ?? use!.bytes! };
});
process.stdout.write(JSON.stringify(growth));
process.exit(0);
