/** What class-transformer knows of a class: not part of its public types, but what its `plainToInstance` goes by. */
declare module 'class-transformer/cjs/storage.js' {
  interface TypeMetadata {
    readonly typeFunction: () => unknown;
    readonly options?: { readonly discriminator?: unknown };
  }

  type ByClass = ReadonlyMap<Function, ReadonlyMap<string | undefined, unknown>>;

  export const defaultMetadataStorage: {
    findTypeMetadata(target: Function, property: string): TypeMetadata | undefined;
    readonly _transformMetadatas: ByClass;
    readonly _exposeMetadatas: ByClass;
    readonly _excludeMetadatas: ByClass;
  };
}
