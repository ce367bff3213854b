import { describeFaults } from './faults';
import { BundleRuntime } from './support/function';

describeFaults(new BundleRuntime());
