import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describeStacks, ENV } from './stacks';
import { LicenseConfiguration, LicenseCounting, patterns } from '../../src';

const hubIn = (app: App) => {
  const stack = new Stack(app, 'Licensing', { env: ENV });
  return new patterns.OrganizationHub(stack, 'Hub', {
    organizationalUnitIds: ['r-ab12'], organizationId: 'o-abcde12345', administratorAccountId: '444455556666',
  });
};

describeStacks({
  'what an organization has in its management account, and what the stack set has': {
    define: (app) => Stack.of(hubIn(app)),
    check: (template: Template) => {
      for (const [type, count] of Object.entries({
        'AWS::CloudFormation::StackSet': 1,
        'AWS::SSM::Association': 1,
        'AWS::S3::Bucket': 1,
        'AWS::SNS::Topic': 1,
        'Custom::LicenseManagerServiceSettings': 1,
        'Custom::LicenseManagerOrganizationSharing': 1,
        'Custom::LicenseManagerDelegatedAdministrator': 2,
      })) {
        template.resourceCountIs(type, count);
      }
    },
  },
  'what an organization has in one more Region': {
    define: (app) => {
      const stack = new Stack(app, 'LicensingInIreland', { env: { ...ENV, region: 'eu-west-1' } });
      hubIn(app).addRegion(stack, 'Region');
      return stack;
    },
    check: (template: Template) => {
      template.resourceCountIs('Custom::LicenseManagerServiceSettings', 1);
      template.resourceCountIs('AWS::SSM::Association', 1);
    },
  },
  'what member accounts have': {
    define: (app) => {
      const stack = new Stack(app, 'Member', { env: ENV });
      new patterns.OrganizationMember(stack, 'Member');
      return stack;
    },
    check: (template: Template) => {
      template.resourceCountIs('AWS::SSM::Association', 1);
    },
  },
  'what is shared with the organization': {
    define: (app) => {
      const licenses = new Stack(app, 'Licenses', { env: ENV });
      const shares = new Stack(app, 'Shares', { env: ENV });
      hubIn(app).addShare(shares, 'Share', {
        licenseConfigurations: [new LicenseConfiguration(licenses, 'WindowsServer', { licenseCounting: LicenseCounting.cores() })],
      });
      return shares;
    },
    check: (template: Template) => {
      template.resourceCountIs('AWS::RAM::ResourceShare', 1);
    },
  },
});
