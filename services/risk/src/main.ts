import 'reflect-metadata';
import { runDecidingService } from '@rapport/hosting';
import { RiskModule } from './riskModule.ts';

await runDecidingService('risk', (runtime) => RiskModule.with(runtime));
