// Lets Node run the workspace's TypeScript from source: see loader.mjs.
import { register } from 'node:module';

register('./loader.mjs', import.meta.url);
