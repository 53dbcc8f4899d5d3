import { DescribeSecurityGroupsCommand } from '@aws-sdk/client-ec2';
import { GalleyError } from '../../src/core/errors.ts';
import type { Account } from './account.ts';
import type { Ec2Machine } from './record.ts';

/**
 * A machine that AWS does not know is gone, unless it was made with the credentials of another account, where it goes on
 * and costs. Throws `ec2.other_account` then; an account that cannot be told says nothing.
 */
export async function assertSameAccount(account: Account, made: Partial<Ec2Machine>): Promise<void> {
  if (made.account === undefined) return;
  const now = await accountId(account);
  if (now === undefined || now === made.account) return;
  throw new GalleyError({
    code: 'ec2.other_account',
    kind: 'infrastructure',
    message: `the machine ${made.instanceId} was made in the account ${made.account}, and the credentials are now of ${now}`,
    expected: made.account,
    got: now,
    hint: 'take the credentials that it was made with (AWS_PROFILE, AWS_ACCESS_KEY_ID); when it is certainly gone, remove the state file of its instance, .galley/INSTANCE.json',
  });
}

/** Every VPC has a group, and every group tells its owner. */
async function accountId(account: Account): Promise<string | undefined> {
  const found = await account.ask('DescribeSecurityGroups', 'look which account this is', (ec2) =>
    ec2.send(new DescribeSecurityGroupsCommand({ MaxResults: 5 })),
  );
  return found.SecurityGroups?.[0]?.OwnerId;
}
