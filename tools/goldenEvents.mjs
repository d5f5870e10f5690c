// Adds a golden event for every version of every event that has none yet: npm run generate:golden
// Never changes one that is there: logs hold its like for ever (docs/how-to.md, «A second version»).
import { addGoldenEvents } from '@rapport/event-sourcing/golden';

const added = await addGoldenEvents();
for (const path of added) console.log(path);
console.log(`${added.length} golden events added`);
