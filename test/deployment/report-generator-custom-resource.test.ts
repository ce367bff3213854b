import { describeReportGenerator } from './report-generator-cases';
import { Provisioning } from '../../src';

jest.setTimeout(300_000);

describeReportGenerator(Provisioning.CUSTOM_RESOURCE);
