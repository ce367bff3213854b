import { createHash } from 'node:crypto';
import { Aws, BootstraplessSynthesizer, FileAssetPackaging, Names, Stack } from 'aws-cdk-lib';
import type { ISynthesisSession } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { lit, refuse } from '../../private/validation/validation';

/**
 * The most bytes that a template may have as the property of another one, and as a file in Amazon S3.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
export const MAXIMUM_BODY = 51_200;
const MAXIMUM_FILE = 1_048_576;

/**
 * What a stack set deploys to other accounts: a template that is the same for all of them, and that none of them deploys by itself.
 *
 * It takes no assets, as its accounts may not read the bucket in which assets of the app are. Its template is a property of the stack set, or, where it is too
 * large for that, a file asset of the stack of the stack set: StackSets reads it there, in that account, and no other account does.
 */
export class MemberStack extends Stack {
  /** Where the template is, if it is too large to be part of another one: known when the app is synthesized. */
  public templateUrl?: string;

  constructor(scope: Construct, id: string) {
    super(scope, id, {
      // Whatever account and Region a stage has: they are those of whom it is deployed to.
      env: { account: Aws.ACCOUNT_ID, region: Aws.REGION },
      synthesizer: new MemberSynthesizer(),
      analyticsReporting: false,
      // What is published is what is counted.
      suppressTemplateIndentation: true,
    });
    this.node.addValidation({
      validate: () => {
        this.checkTemplate();
        return [];
      },
    });
  }

  /** The template as the stack set has it, with the size that counts. */
  public template(): { readonly body: string; readonly bytes: number } {
    const body = JSON.stringify(this.resolve(this._toCloudFormation()));
    return { body, bytes: Buffer.byteLength(body) };
  }

  /** When the app is complete, and aws-cdk-lib has written what goes from one stack to another. */
  private checkTemplate(): void {
    const { body, bytes } = this.template();
    const template: { readonly Resources?: object; readonly Outputs?: { readonly [name: string]: { readonly Export?: unknown } } } = JSON.parse(body);
    if (!template.Resources) {
      refuse(this, lit`OrganizationMemberEmpty`,
        'inventory is false, and there is nothing else that member accounts have: CloudFormation takes no template without resources. Leave organizationalUnitIds '
        + 'out, or add to hub.members what accounts are to have.');
    }
    const reference = ['Fn::ImportValue', 'Fn::GetStackOutput'].find(name => body.includes(`"${name}"`));
    if (reference || Object.values(template.Outputs ?? {}).some(({ Export }) => Export !== undefined)) {
      refuse(this, lit`OrganizationMemberReference`,
        `it ${reference ? 'refers to another stack' : 'is referred to by another stack'}, and is deployed to other accounts, where there is none of that. Give it names and `
        + 'ARNs that are known at synthesis.');
    }
    if (bytes > MAXIMUM_FILE) {
      refuse(this, lit`OrganizationMemberTooLarge`,
        `its template has ${bytes} bytes, and CloudFormation takes at most ${MAXIMUM_FILE}. Put a part of it into a stack set of its own.`);
    }
  }
}

/** Writes the template, for who reads the assembly; there is nothing to deploy. */
class MemberSynthesizer extends BootstraplessSynthesizer {

  public override synthesize(session: ISynthesisSession): void {
    this.synthesizeTemplate(session);
    const stack = this.boundStack as MemberStack;
    const { body, bytes } = stack.template();
    if (bytes > MAXIMUM_BODY) {
      stack.templateUrl = Stack.of(stack.node.scope!).synthesizer.addFileAsset({
        packaging: FileAssetPackaging.FILE,
        sourceHash: createHash('sha256').update(body).digest('hex'),
        fileName: stack.templateFile,
        displayName: `${Names.uniqueId(stack)} Template`,
      }).httpUrl;
    }
  }
}
