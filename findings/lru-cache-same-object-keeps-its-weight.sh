#!/usr/bin/env bash
# lru-cache 11.5.3: an entry is weighed anew only where another object comes under its key.
#
# A value that has grown in place and is set again under its key keeps the weight it had, even if the call itself
# gives another `size`: the sum `calculatedSize` stays as it was, and nothing is evicted to make room. Only where the
# new weight alone is beyond `maxSize` the entry goes. Deleting the key first, or setting a copy, weighs it anew.
#
# Seen with lru-cache 11.5.3 on Node 20.20:
#   set {"size":50}: 50
#   same object set again {"size":99}: 50
#   same object deleted and set {"size":99}: 99
#   copy set {"size":60}: 60
#   two of 90 by weight in a cache of 100: 2 entries, sum 20
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund lru-cache@11.5.3
cat >look.mjs <<'JS'
import { LRUCache } from 'lru-cache';

const cache = new LRUCache({ maxSize: 100 });
const value = { n: 1 };
const say = (what) => console.log(`${what}: ${cache.calculatedSize}`);
cache.set('k', value, { size: 50 });
say('set {"size":50}');
cache.set('k', value, { size: 99 });
say('same object set again {"size":99}');
cache.delete('k');
cache.set('k', value, { size: 99 });
say('same object deleted and set {"size":99}');
cache.set('k', { ...value }, { size: 60 });
say('copy set {"size":60}');

const grown = new LRUCache({ maxSize: 100, sizeCalculation: (list) => list.length });
const lists = ['a', 'b'].map((key) => {
  const list = Array(10).fill(0);
  grown.set(key, list);
  return [key, list];
});
for (const [key, list] of lists) {
  list.push(...Array(80).fill(0));
  grown.set(key, list);
}
console.log(`two of 90 by weight in a cache of 100: ${grown.size} entries, sum ${grown.calculatedSize}`);
JS
node look.mjs | tee seen
diff seen - <<'SEEN'
set {"size":50}: 50
same object set again {"size":99}: 50
same object deleted and set {"size":99}: 99
copy set {"size":60}: 60
two of 90 by weight in a cache of 100: 2 entries, sum 20
SEEN
