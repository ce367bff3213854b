#!/usr/bin/env node
import { App, CliCredentialsStackSynthesizer } from 'aws-cdk-lib';
import { LicenseExampleStack } from '../lib/license-example-stack.ts';

const app = new App();

// The defaults are in cdk.json; `cdk deploy --context licenseCount=128` changes one for a deployment.
new LicenseExampleStack(app, 'LicenseExample', {
  licenseCount: Number(app.node.getContext('licenseCount')),
  imageId: app.node.getContext('imageId'),
  organizationArn: app.node.getContext('organizationArn'),
  // A local AWS has no bootstrap roles that assets could be published with.
  synthesizer: app.node.tryGetContext('localAws') ? new CliCredentialsStackSynthesizer() : undefined,
});
