import type { IConstruct } from 'constructs';
import { brand } from '../private/identity/copies';
import { fits } from '../private/validation/format';
import { givenAs, TEXT } from '../private/validation/given';
import { lit, refuse } from '../private/validation/validation';

/**
 * What a launch policy is attached to.
 *
 * Ids are checked when a guardrail takes them: a `ValidationError` is thrown for one of another form than CloudFormation takes.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-organizations-policy.html
 */
export class GuardrailTarget {
  /**
   * An account of the organization.
   *
   * @param accountId 12 digits; tokens are taken
   */
  public static account(accountId: string): GuardrailTarget {
    return new GuardrailTarget('account', accountId);
  }

  /**
   * An organizational unit, with all accounts in it and in the units below it.
   *
   * @param organizationalUnitId such as `ou-ab12-cdef3456`; tokens are taken
   */
  public static organizationalUnit(organizationalUnitId: string): GuardrailTarget {
    return new GuardrailTarget('organizationalUnit', organizationalUnitId);
  }

  /**
   * The root, which is **every account of the organization** but the management account, also those that join it later.
   *
   * @param rootId such as `r-ab12`; tokens are taken
   */
  public static rootOfAllAccounts(rootId: string): GuardrailTarget {
    return new GuardrailTarget('rootOfAllAccounts', rootId);
  }

  private constructor(private readonly kind: keyof typeof FORMS, private readonly id: string) {
    brand(this, 'GuardrailTarget');
  }

  /**
   * The id, which is checked.
   *
   * @internal
   */
  public _read(scope: IConstruct): string {
    const { pattern, expected } = FORMS[this.kind];
    const property = `the id of GuardrailTarget.${this.kind}()`;
    const id = givenAs(scope, property, this.id, TEXT);
    if (!fits(pattern, id)) {
      refuse(scope, lit`GuardrailTargetForm`, `${property} is '${id}': it has to be ${expected}. Correct it.`);
    }
    return id;
  }
}

/** Those of the CloudFormation schema, each by itself: so nothing is attached to the root that is not called so. */
const FORMS = {
  account: { pattern: /^\d{12}$/, expected: 'the id of an account, of 12 digits' },
  organizationalUnit: { pattern: /^ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}$/, expected: 'the id of an organizational unit, such as \'ou-ab12-cdef3456\'' },
  rootOfAllAccounts: { pattern: /^r-[0-9a-z]{4,32}$/, expected: 'the id of the root, such as \'r-ab12\'' },
};
