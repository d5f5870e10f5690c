import 'reflect-metadata';
import { runService } from '@rapport/hosting';
import { startLedger } from './process/startLedger.ts';

await runService('ledger', startLedger);
