import { Module, type DynamicModule } from '@nestjs/common';
import { ImportController } from './importController.ts';
import { IMPORT_RUNTIME, type ImportRuntime } from './importRuntime.ts';

@Module({})
export class ImportsModule {
  static with(runtime: ImportRuntime): DynamicModule {
    return {
      module: ImportsModule,
      controllers: [ImportController],
      providers: [{ provide: IMPORT_RUNTIME, useValue: runtime }],
    };
  }
}
