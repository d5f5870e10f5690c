import { IsIn, IsOptional, IsString, IsUUID, Length } from 'class-validator';

export class RegisterCustomerBody {
  @IsString()
  @Length(1, 200)
  name!: string;

  @IsIn(['company', 'individual'])
  kind!: string;

  @IsOptional()
  @IsString()
  firstCooperationOn?: string;
}

export class OpenTicketBody {
  @IsUUID()
  customerId!: string;

  @IsIn(['inquiry', 'complaint', 'suggestion', 'support'])
  kind!: string;

  @IsIn(['L1', 'L2', 'L3'])
  level!: string;

  @IsString()
  @Length(1, 40)
  channel!: string;

  @IsString()
  @Length(1, 200)
  subject!: string;
}

export class RespondBody {
  @IsString()
  @Length(1, 4000)
  text!: string;
}
