import 'reflect-metadata';
import { runService } from '@rapport/hosting';
import { startGatewayProcess } from './process/startGatewayProcess.ts';

await runService('gateway', startGatewayProcess);
