export { decodeEvent } from '@rapport/contracts';
