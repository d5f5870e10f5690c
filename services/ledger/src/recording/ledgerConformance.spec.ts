import { ledgerConformance, WRONG_LEDGERS, type MakeLedger } from '@rapport/event-sourcing/conformance';
import { MemoryEventStore } from '@rapport/event-store';
import { rejectsWrong } from '@rapport/platform/conformance';
import { ledgerOn } from '../testing/ledgerOnStore.ts';

const onMemory: MakeLedger = async () => {
  const store = new MemoryEventStore();
  return {
    ...(await ledgerOn(store)),
    closeStore: () => store.close(),
    dispose: () => store.close(),
  };
};

rejectsWrong('a ledger', (make) => ledgerConformance('a ledger', make), onMemory, WRONG_LEDGERS);
