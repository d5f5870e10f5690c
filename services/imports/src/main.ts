import 'reflect-metadata';
import { runService } from '@rapport/hosting';
import { startImports } from './process/startImports.ts';

await runService('imports', startImports);
