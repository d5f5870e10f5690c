import { canonicalJson, type JsonValue } from '@rapport/contracts';
import type { ViewCollection, ViewDocument } from '@rapport/views';

export interface Comparison {
  /** Documents in the live view. */
  readonly documents: number;
  /** Documents that are in one only, or differ in content or in the index that they reflect. */
  readonly differing: number;
}

/** Compares two versions of a view document by document, in order of key. */
export async function compareViews(live: ViewCollection, rebuilt: ViewCollection): Promise<Comparison> {
  const left = live.scan()[Symbol.asyncIterator]();
  const right = rebuilt.scan()[Symbol.asyncIterator]();
  let documents = 0;
  let differing = 0;
  let [a, b] = [await next(left), await next(right)];
  while (a !== undefined || b !== undefined) {
    const [hasLeft, hasRight] = [
      a !== undefined && !(b && b.key < a.key),
      b !== undefined && !(a && a.key < b.key),
    ];
    if (hasLeft) documents += 1;
    if (!hasLeft || !hasRight || !equal(a!, b!)) differing += 1;
    if (hasLeft) a = await next(left);
    if (hasRight) b = await next(right);
  }
  return { documents, differing };
}

async function next(documents: AsyncIterator<ViewDocument>): Promise<ViewDocument | undefined> {
  const { value, done } = await documents.next();
  return done === true ? undefined : value;
}

function equal(a: ViewDocument, b: ViewDocument): boolean {
  return a.index === b.index && canonicalJson(a.body as JsonValue) === canonicalJson(b.body as JsonValue);
}
