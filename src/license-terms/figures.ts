import { givenAs, NUMBER } from '../private/validation/given';
import { checkKnown, checkWholeNumber, lit } from '../private/validation/validation';
import type { Who } from '../private/validation/validation';

/** A virtual machine, as terms reckon with it. */
export interface VirtualMachine {
  readonly vcpus: number;
  readonly threadsPerCore: number;
}

/** Few enough for products to be whole numbers, and more than there is. */
export const MOST = 1_000_000;

/** A figure of a machine, or of what was bought. */
export function wholeFigure(who: Who, property: string, value: number, minimum: number): number {
  const figure = givenAs(who, property, value, NUMBER);
  checkKnown(who, lit`LicenseFigureToken`, { property, value: figure, decides: 'how many licenses are needed, or covered' });
  checkWholeNumber(who, lit`LicenseFigure`, { property, value: figure, minimum, maximum: MOST, wayOut: 'Correct it.' });
  return figure;
}

/** How many threads a core runs. */
export function threadsOf(who: Who, threadsPerCore = 2): number {
  checkKnown(who, lit`MachineThreadsToken`, { property: 'threadsPerCore', value: threadsPerCore, decides: 'how many vCPUs a license covers' });
  checkWholeNumber(who, lit`MachineThreads`, { property: 'threadsPerCore', value: threadsPerCore, minimum: 1, maximum: 2 });
  return threadsPerCore;
}
