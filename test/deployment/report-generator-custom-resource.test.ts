import { describeReportGenerator } from './report-generator-cases';
import { Provisioning } from '../../src';

describeReportGenerator(Provisioning.CUSTOM_RESOURCE);
