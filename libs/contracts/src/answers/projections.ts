import Type from 'typebox';
import { Count, Id, Index, Instant, ListOfShape, Revision, shape, Words } from './shapes.ts';

/** A key whose event could not be folded: it waits, others go on. */
export const ParkedKey = shape('ParkedKey', {
  projection: Type.String(),
  key: Type.String(),
  index: Index(),
  stream: Type.String(),
  reason: Type.String({ description: 'Type of the error; never its message' }),
});

export const ParkedKeyList = ListOfShape('ParkedKeyList', ParkedKey);

/** A version of a view, how far it is and what it waits for. */
export const ProjectionStatus = shape('ProjectionStatus', {
  projection: Type.String({ examples: ['customers@1000'] }),
  live: Type.Boolean({ description: 'It answers; another one is being built beside it' }),
  state: Words(['stopped', 'standby', 'owner', 'waiting-for-keys', 'failed']),
  epoch: Type.Optional(Type.Integer()),
  checkpoint: Type.Optional(
    shape('Checkpoint', { logId: Id(), index: Index(), position: Type.Integer({ minimum: -1 }) }),
  ),
  lag: Type.Integer({ minimum: 0, description: 'Recorded events that it does not show yet' }),
  sinceProgressSeconds: Type.Optional(
    Type.Integer({
      minimum: 0,
      description: 'Since the replica that answers saw it make progress; 0 where it has nothing to do',
    }),
  ),
  oldestWaitingSeconds: Type.Optional(
    Type.Integer({
      minimum: 0,
      description: 'How long that replica has seen the oldest of those events wait',
    }),
  ),
  standsStill: Type.Optional(
    Type.Boolean({ description: 'It has work to do and has done none of it for 45 s' }),
  ),
  parked: Type.Array(ParkedKey, { description: 'The first ones, as many as fit' }),
  parkedKeys: Count(),
  failure: Type.Optional(Type.String()),
});

export const ProjectionList = shape('ProjectionList', { projections: Type.Array(ProjectionStatus) });

/** What became of a parked key. */
export const Unparked = shape('Unparked', {
  status: Words(['unparked', 'not-parked', 'parked']),
  entry: Type.Optional(ParkedKey),
});

export const BuiltVersion = shape('BuiltVersion', { version: Type.Integer({ minimum: 1 }) });

export const AnsweringVersion = shape('AnsweringVersion', {
  view: Type.String(),
  version: Type.Integer({ minimum: 1 }),
});

/** The live version of a view and the one beside it, document by document. */
export const ProjectionComparison = shape('ProjectionComparison', {
  live: Count(),
  candidate: Count(),
  equal: Count(),
  different: Type.Integer({ minimum: 0, description: 'Other content at the same index' }),
  apart: Type.Integer({ minimum: 0, description: 'Other content at different indexes' }),
  onlyLive: Count(),
  onlyCandidate: Count(),
  differences: Type.Array(
    shape('ProjectionDifference', {
      key: Type.String(),
      kind: Words(['different', 'apart', 'only-live', 'only-candidate']),
      liveIndex: Type.Optional(Index()),
      candidateIndex: Type.Optional(Index()),
      fields: Type.Array(Type.String(), { description: 'Paths at which the two differ' }),
    }),
    { description: 'The first ones in order of key' },
  ),
});

/** A key of a reaction, or a due, that could not go on: it is tried again at its time, others go on. */
export const Parked = shape('Parked', {
  id: Type.String({ description: 'Names it in the path of a retry' }),
  owner: Type.String({ examples: ['reaction/standing-1', 'deadlines/profiles'] }),
  key: Type.String(),
  stream: Type.String({ description: 'Where it failed' }),
  revision: Type.Optional(Revision()),
  reason: Type.String({ description: 'Kind or type of the error; never its message' }),
  attempt: Type.Integer({ minimum: 1, description: 'How often it has failed so far' }),
  retryAt: Instant(),
  since: Instant(),
});

export const ParkedList = ListOfShape('ParkedList', Parked);

/** What goes once through everything of a kind: how far it has come. */
export const Campaign = shape('Campaign', {
  campaign: Type.String({ examples: ['standing-policies'] }),
  cause: Type.String({ description: 'What it was begun for: the id of an event, or a name' }),
  causePosition: Type.Integer({ minimum: -1 }),
  toPosition: Type.Integer({
    minimum: -1,
    description: 'Position up to which the log names what it goes through',
  }),
  throughPosition: Type.Integer({ minimum: -1, description: 'Up to there everything is settled, or parked' }),
  settled: Count(),
  parked: Count(),
  begunAt: Instant(),
  finished: Type.Boolean(),
  by: Type.String({ description: 'The process that is at it' }),
});

export const CampaignList = shape('CampaignList', { items: Type.Array(Campaign) });
