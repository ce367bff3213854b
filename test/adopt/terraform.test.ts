import { ACCOUNT, inventory, license, licenseArn, licenseCalls, REGION } from './samples';
import { adopt, command, imported } from './support';

/*
 * States as Terraform documents them: https://developer.hashicorp.com/terraform/internals/json-format
 */

const IMAGE = `arn:aws:ec2:${REGION}::image/ami-0abcdef1234567890`;
const LICENSE = 'arn:aws:license-manager::111122223333:license:l-0123456789abcdef0123456789abcdef';
const GRANT = 'arn:aws:license-manager::111122223333:grant:g-0123456789abcdef0123456789abcdef';
const RECEIVED = 'arn:aws:license-manager::777788889999:grant:g-0123456789abcdef0123456789abcdef';

const attributes = (number: number, change: object = {}) => ({
  arn: licenseArn(number),
  description: '',
  id: licenseArn(number),
  license_count: 10,
  license_count_hard_limit: true,
  license_counting_type: 'Socket',
  license_rules: ['#minimumSockets=2'],
  name: `license-${number}`,
  owner_account_id: ACCOUNT,
  tags: { foo: 'barr' },
  tags_all: { foo: 'barr', owner: 'default' },
  ...change,
});
const resource = (type: string, name: string, values: object, address = `${type}.${name}`) => ({
  address, mode: 'managed', type, name, provider_name: 'registry.terraform.io/hashicorp/aws', schema_version: 0, values, sensitive_values: {},
});
const association = { id: `${IMAGE},${licenseArn(1)}`, license_configuration_arn: licenseArn(1), resource_arn: IMAGE };

const shown = (...resources: object[]) => JSON.stringify({
  format_version: '1.0',
  terraform_version: '1.9.0',
  values: {
    root_module: {
      resources: [...resources, resource('aws_instance', 'other', { id: 'i-1' }), { ...resource('aws_licensemanager_grants', 'data', {}), mode: 'data' }],
      child_modules: [{
        address: 'module.licenses',
        resources: [
          resource('aws_licensemanager_license_configuration', 'inner', attributes(2, { tags_all: null }), 'module.licenses.aws_licensemanager_license_configuration.inner["a\'b"]'),
        ],
      }],
    },
  },
});

test('licenses of the state, of its modules, too, are adopted with their tags', () => {
  const adopted = adopt(shown(resource('aws_licensemanager_license_configuration', 'outer', attributes(1))));
  expect(imported(adopted, licenseArn(1))).toMatchObject({
    Name: 'license-1',
    LicenseCountingType: 'Socket',
    LicenseCount: 10,
    LicenseCountHardLimit: true,
    LicenseRules: ['#minimumSockets=2'],
    Tags: [{ Key: 'foo', Value: 'barr' }, { Key: 'owner', Value: 'default' }],
  });
  expect(imported(adopted, licenseArn(2))).toMatchObject({ Name: 'license-2', Tags: [{ Key: 'foo', Value: 'barr' }] });
});

test('a number of 0, which states may say where there is none, is not declared: it would refuse every launch', () => {
  const adopted = adopt(shown(resource('aws_licensemanager_license_configuration', 'x', attributes(1, { license_count: 0, license_count_hard_limit: false }))));
  expect(imported(adopted, licenseArn(1))).not.toHaveProperty('LicenseCount');
  expect(adopted.source.replace(/\n *\/\/ /g, ' ')).toContain('The state of Terraform does not hold the product information');
});

test('associations are taken over, of licenses that are not in the state, too', () => {
  const { template, source } = adopt(shown(
    resource('aws_licensemanager_license_configuration', 'x', attributes(1)), resource('aws_licensemanager_association', 'x', association),
    resource('aws_licensemanager_association', 'y', { ...association, license_configuration_arn: licenseArn(9) })));
  template.resourceCountIs('Custom::LicenseManagerLicenseConfigurationAssociation', 2);
  template.hasResourceProperties('Custom::LicenseManagerLicenseConfigurationAssociation', { LicenseConfigurationArn: licenseArn(9) });
  expect(source.replace(/\n *\/\/ /g, ' ')).toContain('is in what was read only as what something is associated with');
  expect(source.replace(/\n *\/\/ /g, ' ').replace(/\n\/\/ /g, ' ')).toContain('does not hold in which accounts launches from an AMI are counted');
});

test('grants, and those that were accepted', () => {
  const adopted = adopt(shown(
    resource('aws_licensemanager_grant', 'given', {
      arn: GRANT,
      id: GRANT,
      name: 'given',
      license_arn: LICENSE,
      principal: 'arn:aws:iam::444455556666:root',
      home_region: REGION,
      status: 'ACTIVE',
      version: '1',
      allowed_operations: ['CheckoutLicense'],
    }),
    resource('aws_licensemanager_grant_accepter', 'accepted', {
      grant_arn: RECEIVED,
      id: RECEIVED,
      name: 'accepted',
      license_arn: LICENSE,
      principal: 'arn:aws:iam::111122223333:root',
      home_region: REGION,
      status: 'ACTIVE',
      version: '1',
      allowed_operations: ['CheckoutLicense'],
    })));
  expect(imported(adopted, GRANT)).toMatchObject({ GrantName: 'given', LicenseArn: LICENSE });
  adopted.template.hasResourceProperties('Custom::LicenseManagerGrantAcceptance', { Grant: RECEIVED });
});

test('a state file is read like what is shown of it', () => {
  const file = JSON.stringify({
    version: 4,
    terraform_version: '1.9.0',
    serial: 3,
    lineage: 'x',
    outputs: {},
    resources: [
      {
        mode: 'managed',
        type: 'aws_licensemanager_license_configuration',
        name: 'x',
        provider: 'provider["registry.terraform.io/hashicorp/aws"]',
        instances: [
          { schema_version: 0, index_key: 0, attributes: attributes(1) }, { schema_version: 0, index_key: 'b', attributes: attributes(2) },
        ],
      },
      { module: 'module.m', mode: 'managed', type: 'aws_licensemanager_association', name: 'y', instances: [{ schema_version: 0, attributes: association }] },
      { mode: 'data', type: 'aws_licensemanager_grants', name: 'z', instances: [{}] },
    ],
  });
  const { said } = command(['adopt'], { input: file });
  expect(said).toContain('2 to import, 1 to take over in place');
  expect(said).toContain('terraform state rm \'aws_licensemanager_license_configuration.x[0]\'');
  expect(said).toContain('terraform state rm \'aws_licensemanager_license_configuration.x["b"]\'');
  expect(said).toContain('terraform state rm \'module.m.aws_licensemanager_association.y\'');
});

test('it is told how Terraform lets go of what is adopted, with addresses that a shell takes as they are', () => {
  const { said } = command(['adopt'], { input: shown(resource('aws_licensemanager_license_configuration', 'x', attributes(1))) });
  expect(said).toContain('  terraform state rm \'aws_licensemanager_license_configuration.x\'\n');
  expect(said).toContain('  terraform state rm \'module.licenses.aws_licensemanager_license_configuration.inner["a\'\\\'\'b"]\'\n');
});

test('what the account tells counts more than what the state tells', () => {
  const both = `${shown(resource('aws_licensemanager_license_configuration', 'x', attributes(1)))}\n${inventory(...licenseCalls([
    license(1, { LicenseCountingType: 'Socket', LicenseCount: 0, LicenseExpiry: 1893456000, LicenseRules: ['#minimumSockets=2'] }),
  ]))}`;
  expect(imported(adopt(both), licenseArn(1))).toMatchObject({ LicenseCount: 0, LicenseExpiry: 1893456000 });
});

test('a resource of a type that is not known is said', () => {
  const { source } = adopt(shown(resource('aws_licensemanager_something', 'new', {})));
  expect(source.replace(/\n *\/\/ /g, ' ')).toContain('aws_licensemanager_something.new of Terraform is of a type that this command does not know');
});
