import { describeFaults } from './faults';
import { SourceRuntime } from './support/function';

describeFaults(new SourceRuntime());
