import { describeLicenseConfiguration } from './license-configuration-cases';
import { Provisioning } from '../../src';

describeLicenseConfiguration(Provisioning.NATIVE);
