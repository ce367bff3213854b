import { describeLicenseConfiguration } from './license-configuration-cases';
import { Provisioning } from '../../src';

describeLicenseConfiguration(Provisioning.CUSTOM_RESOURCE);
