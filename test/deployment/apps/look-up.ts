/*
 * An app that looks a license up by the name that the context has, and associates it with an image. It says at each run what it has found.
 */
import { App, CliCredentialsStackSynthesizer, Stack } from 'aws-cdk-lib';
import { LicenseConfiguration, LicensedResource } from '../../../src';

const app = new App();
const stack = new Stack(app, 'LookUp', {
  env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION },
  synthesizer: new CliCredentialsStackSynthesizer(),
});
const license = LicenseConfiguration.fromLookup(stack, 'License', {
  licenseConfigurationName: app.node.getContext('licenseConfigurationName'),
});
license.addAssociation('Image', { resource: LicensedResource.fromMachineImageId('ami-0abcdef1234567890') });

console.error(`found ${license.licenseCounting?.licenseCountingType} ${license.licenseConfigurationArn}`);
