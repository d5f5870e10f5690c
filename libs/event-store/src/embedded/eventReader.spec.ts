import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type Database from 'libsql';
import { openWriterConnection } from './connection.ts';
import { EventReader } from './eventReader.ts';
import { dataFolder, removeFolder } from './testing/dataFolder.ts';

describe('reading events', () => {
  let directory: string;

  beforeEach(() => {
    directory = dataFolder();
  });
  afterEach(() => removeFolder(directory));

  it('never goes through the whole table: pages and heads cost the same in a store of any size', () => {
    const db = openWriterConnection(join(directory, 'events.sqlite'), 1024 * 1024);
    const statements: string[] = [];
    const recording = {
      prepare: (sql: string) => {
        statements.push(sql);
        return db.prepare(sql);
      },
    };
    new EventReader(recording as unknown as Database.Database);
    expect(statements.length).toBeGreaterThan(5);
    for (const sql of statements) {
      const plan = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).raw().all() as [number, number, number, string][];
      for (const [, , , step] of plan) expect(step).not.toMatch(/SCAN events|TEMP B-TREE/);
    }
    db.close();
  });
});
