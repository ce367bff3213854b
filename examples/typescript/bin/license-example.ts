#!/usr/bin/env node
import { App, CliCredentialsStackSynthesizer, Validations } from 'aws-cdk-lib';
import { LicenseCompliance } from 'cdk-license-manager';
import { LicenseEstateStack } from '../lib/license-estate-stack.ts';
import { LicenseExampleStack } from '../lib/license-example-stack.ts';
import { LicensePatternsStack } from '../lib/license-patterns-stack.ts';
import { LicenseSettingsStack } from '../lib/license-settings-stack.ts';

const app = new App();

// Says at every synthesis what an auditor, or License Manager, would.
Validations.of(app).addPlugins(new LicenseCompliance());

// The defaults are in cdk.json; `cdk deploy LicenseExample --context licenseCount=128` changes one for a deployment.
const settings = {
  licenseCount: Number(app.node.getContext('licenseCount')),
  imageId: app.node.getContext('imageId'),
  organizationArn: app.node.getContext('organizationArn'),
  // A local AWS has no bootstrap roles that assets could be published with.
  synthesizer: app.node.tryGetContext('localAws') ? new CliCredentialsStackSynthesizer() : undefined,
};

// What comes first, in the management account of an organization.
new LicenseSettingsStack(app, 'LicenseSettings', {
  administratorAccountId: app.node.getContext('administratorAccountId'), synthesizer: settings.synthesizer,
});

// One license, to its end.
const example = new LicenseExampleStack(app, 'LicenseExample', settings);
Validations.of(example).acknowledge({
  id: 'License-Compliance::LimitWithoutReport', reason: 'Its auditor reads the usage itself, by the role that the stack makes.',
});

// One of everything that there is.
new LicenseEstateStack(app, 'LicenseEstate', {
  ...settings, directoryId: app.node.getContext('directoryId'), grantArn: app.node.getContext('grantArn'),
});

// Whole jobs, a construct each.
new LicensePatternsStack(app, 'LicensePatterns', { synthesizer: settings.synthesizer });
