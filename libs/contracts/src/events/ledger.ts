import Type from 'typebox';
import { defineEvent } from '../schema/eventDefinition.ts';
import { Id, InstantText, Line, PlainDateText } from '../schema/types.ts';

/** The first event of every log: its identity. */
export const LogOpened = defineEvent('crm.ledger.LogOpened', 1, 'log', {
  logId: Id(),
});

/**
 * The log was restored from a backup and goes on as another one: what the former log recorded after `forkIndex` is not
 * in it, and the indexes after that are given out again. Its own index is `forkIndex` + 1.
 */
export const LogRestored = defineEvent('crm.ledger.LogRestored', 1, 'log', {
  /** Identity from here on. */
  logId: Id(),
  formerLogId: Id(),
  /** Index of the last event that both logs have. */
  forkIndex: Type.Integer({ minimum: 0 }),
});

/** A policy's new version: `value` as the policy's own schema wants it. */
export const PolicyChanged = defineEvent('crm.ledger.PolicyChanged', 1, 'policy', {
  policy: Line(80),
  version: Type.Integer({ minimum: 2 }),
  effectiveFrom: InstantText(),
  value: Type.Object({}, { additionalProperties: true }),
  reason: Type.Optional(Line(500)),
});

/** How far a reaction has come: the last one is its whole state. Uncounted; its revision is its fence. */
export const ReactionAdvanced = defineEvent('crm.ledger.ReactionAdvanced', 1, 'reaction', {
  reaction: Line(80),
  version: Type.Integer({ minimum: 1 }),
  /** Position of the last event reacted to. */
  throughPosition: Type.Integer({ minimum: -1 }),
  throughIndex: Type.Integer({ minimum: -1 }),
  /** Former records: keys whose event could not be reacted to. Each has a stream of its own now (`KeyParked`). */
  parked: Type.Optional(
    Type.Array(
      Type.Object(
        {
          key: Line(200),
          stream: Line(120),
          revision: Type.Integer({ minimum: 0 }),
          /** Kind or type of the error, never its message. */
          reason: Line(80),
        },
        { additionalProperties: false },
      ),
    ),
  ),
});

/**
 * How far a campaign has come, which goes once through everything of a kind: the last one is its whole state. Uncounted;
 * its revision is its fence.
 */
export const CampaignAdvanced = defineEvent('crm.ledger.CampaignAdvanced', 1, 'campaign', {
  campaign: Line(80),
  /** What it was begun for: the id of an event, or a name. */
  cause: Line(120),
  /** Of two causes the later one counts. */
  causePosition: Type.Integer({ minimum: -1 }),
  /** Position up to which the log names what it goes through. */
  toPosition: Type.Integer({ minimum: -1 }),
  /** Up to there everything is settled, or parked. */
  throughPosition: Type.Integer({ minimum: -1 }),
  settled: Type.Integer({ minimum: 0 }),
  parked: Type.Integer({ minimum: 0 }),
  begunAt: InstantText(),
  finished: Type.Boolean(),
  /** The process that is at it. */
  by: Line(80),
});

/** How far the demo's two years have been lived; uncounted. */
export const DemoAdvanced = defineEvent('crm.ledger.DemoAdvanced', 1, 'demo', {
  seed: Type.Integer(),
  /** Its first day. */
  startsOn: PlainDateText(),
  /** Days completed of how many. */
  day: Type.Integer({ minimum: 0 }),
  days: Type.Integer({ minimum: 1 }),
});
