import { describeLicenseConfiguration } from './license-configuration-cases';
import { Provisioning } from '../../src';

jest.setTimeout(300_000);

describeLicenseConfiguration(Provisioning.CUSTOM_RESOURCE);
