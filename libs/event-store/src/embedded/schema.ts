import type Database from 'libsql';
import { StoreError } from '../eventStore.ts';

/** Marks the file as Rapport's (`PRAGMA application_id`): the letters «RaPt». */
export const APPLICATION_ID = 0x52615074;

/** `PRAGMA user_version`. A file of a higher version was written by a newer Rapport and is refused. */
export const SCHEMA_VERSION = 1;

/** One table that any SQLite tool can read; the comments are kept in the file. Why ids have no index: RecentIds. */
const SCHEMA = `
CREATE TABLE events (
  -- Place in the store, in the order of appending.
  position INTEGER PRIMARY KEY,
  -- Place among the counted events: 0,1,2,... without gaps. NULL where the stream's category is not counted.
  idx      INTEGER,
  -- category-id
  stream   TEXT    NOT NULL,
  -- 0 for a stream's first event, then without gaps.
  revision INTEGER NOT NULL,
  -- Event id, a UUID.
  id       TEXT    NOT NULL,
  -- As in crm.tickets.TicketOpened.
  type     TEXT    NOT NULL,
  -- The event's envelope as canonical JSON in UTF-8: the very bytes that are hashed. See readable_events.
  data     BLOB    NOT NULL
);
CREATE UNIQUE INDEX events_by_index ON events (idx) WHERE idx IS NOT NULL;
CREATE UNIQUE INDEX events_by_stream ON events (stream, revision);

-- History is never changed, not by hand either.
CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;

-- For people and tools: data as text, ready for SQLite's JSON functions.
CREATE VIEW readable_events AS
SELECT position, idx AS "index", stream, revision, id, type, CAST(data AS TEXT) AS data FROM events;
`;

/**
 * Whether the file is new. Otherwise it is this version's.
 *
 * @throws StoreError `damaged` for another program's file and for a newer version's
 */
export function isEmpty(db: Database.Database, file: string): boolean {
  const applicationId = pragma(db, 'application_id');
  const version = pragma(db, 'user_version');
  if (applicationId === APPLICATION_ID) {
    if (version === SCHEMA_VERSION) return false;
    throw new StoreError(
      'damaged',
      `${file} has schema version ${version}, this program knows ${SCHEMA_VERSION}: start the version that wrote it`,
    );
  }
  const [objects] = db.prepare('SELECT count(*) FROM sqlite_master').raw().get() as [number];
  if (applicationId === 0 && version === 0 && objects === 0) return true;
  throw new StoreError('damaged', `${file} belongs to another program: choose another data folder`);
}

/** In one transaction: after a crash in between the file is empty still. */
export function createSchema(db: Database.Database): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    db.exec(SCHEMA);
    db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}`);
    db.exec('COMMIT');
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** The value of a one-column PRAGMA. */
export function pragma(db: Database.Database, name: string): unknown {
  return (db.prepare(`PRAGMA ${name}`).raw().get() as [unknown])[0];
}
