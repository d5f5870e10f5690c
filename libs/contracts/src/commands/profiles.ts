import {
  CalendarDate,
  Email,
  Flag,
  OneOf,
  Pattern,
  Phone,
  Text,
  Uuid,
  WholeNumber,
} from '../fields/fields.ts';
import { ListOf, Nested } from '../fields/objects.ts';
import {
  CUSTOMER_KINDS,
  SOURCE_CHANNELS,
  type CustomerKind,
  type SourceChannel,
} from '../vocabulary/profiles.ts';
import { Money } from './money.ts';

/** */
export class AddContact {
  @Text({ max: 100, example: '张三' })
  fullName!: string;

  @OneOf(['先生', '女士'], { optional: true })
  salutation?: '先生' | '女士';

  @Text({ max: 100, optional: true })
  position?: string;

  @Phone({ optional: true })
  phone?: string;

  @Email({ optional: true })
  email?: string;

  @Text({ max: 64, optional: true })
  wechat?: string;

  @CalendarDate({ optional: true })
  birthday?: string;

  @Flag({ optional: true, description: 'Final decision maker; default false (R-002)' })
  isDecisionMaker?: boolean;
}

/** */
export class RegisterCustomer {
  @Text({ max: 200, example: '科技有限公司' })
  name!: string;

  @OneOf(CUSTOMER_KINDS)
  kind!: CustomerKind;

  @Pattern(/^[A-T]([0-9]{2,4})?$/, 'a GB/T 4754 industry code such as I65 (R-007)', { optional: true })
  industry?: string;

  @Pattern(/^[0-9A-HJ-NP-RT-UW-Y]{18}$/, 'a unified social credit code of 18 characters (R-001)', {
    optional: true,
  })
  creditCode?: string;

  @Text({ max: 80, optional: true })
  region?: string;

  @CalendarDate({ optional: true, description: 'First day of the cooperation (R-003, R-020)' })
  firstCooperationOn?: string;

  @OneOf(SOURCE_CHANNELS, { optional: true, description: 'Where the customer came from (R-011)' })
  source?: SourceChannel;

  @Text({ max: 120, optional: true, description: 'Id in the system that it comes from' })
  externalId?: string;

  @ListOf(() => AddContact, { max: 100, optional: true })
  contacts?: AddContact[];
}

/** a refund has a negative amount and its own date. */
export class RecordPurchase {
  @CalendarDate()
  purchasedOn!: string;

  @Text({ max: 200 })
  product!: string;

  @Nested(() => Money)
  amount!: Money;

  @Pattern(/^\d{1,6}(\.\d{1,8})?$/, 'CNY for one unit of the currency, as text: "7.1205"', {
    optional: true,
    description: 'Rate to CNY on that date (R-003); needed unless the currency is CNY',
  })
  rate?: string;
}

/** */
export class VoidPurchase {
  @Text({ max: 500 })
  reason!: string;
}

/** */
export class RecordContactLeft {
  @CalendarDate()
  leftOn!: string;
}

/** */
export class RequestStrategicDesignation {
  @OneOf(['industry-benchmark', 'growth-potential'])
  ground!: 'industry-benchmark' | 'growth-potential';

  @CalendarDate({ description: 'Expiry, exclusive' })
  validUntil!: string;
}

/** by a manager. */
export class ApproveStrategicDesignation {}

/** ends before its expiry. */
export class EndStrategicDesignation {}

/** Erases what is known of a contact, or of a customer who is an individual. */
export class ErasePerson {}

/** time may have changed tier or segment. */
export class ReviewStanding {
  @Uuid()
  customerId!: string;

  @Uuid()
  deadlineId!: string;

  @WholeNumber({ min: 1, max: Number.MAX_SAFE_INTEGER })
  generation!: number;
}
