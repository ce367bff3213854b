/*
 * An app that looks a host resource group up by the name that the context has. It says at each run what it has found.
 */
import { App, CfnOutput, CliCredentialsStackSynthesizer, Stack } from 'aws-cdk-lib';
import { HostResourceGroup } from '../../../src';

const app = new App();
const stack = new Stack(app, 'LookUp', {
  env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION },
  synthesizer: new CliCredentialsStackSynthesizer(),
});
const group = HostResourceGroup.fromLookup(stack, 'Group', { hostResourceGroupName: app.node.getContext('hostResourceGroupName') });
new CfnOutput(stack, 'Arn', { value: group.hostResourceGroupArn });

console.error(`found ${group.hostResourceGroupName}`);
