export { StreamHeads } from '../embedded/streamHeads.ts';
