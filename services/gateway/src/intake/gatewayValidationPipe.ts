import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { CompiledValidationPipe } from '@rapport/contracts';

/** Validates bodies and query strings; a query string's text is brought into NFC first, as a body's was. */
@Injectable()
export class GatewayValidationPipe implements PipeTransform {
  private readonly validation = new CompiledValidationPipe();

  transform(value: unknown, metadata: ArgumentMetadata): unknown {
    if (metadata.type !== 'query') return this.validation.transform(value, metadata);
    const normalised = Object.fromEntries(
      Object.entries(value as object).map(([name, text]) => [
        name,
        typeof text === 'string' ? text.normalize('NFC') : (text as unknown),
      ]),
    );
    return this.validation.transform(normalised, metadata);
  }
}
