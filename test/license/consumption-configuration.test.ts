import { RenewType as ApiRenewType } from '@aws-sdk/client-license-manager';
import { App, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { ConsumptionConfiguration, RenewType } from '../../src';

const stack = new Stack(new App(), 'Stack');
const render = (configuration: ConsumptionConfiguration) => stack.resolve(configuration._render(stack));

describe('what is sent', () => {
  test.each<[string, ConsumptionConfiguration, object]>([
    ['provisional', ConsumptionConfiguration.provisional({ maxTimeToLive: Duration.hours(2) }), {
      renewType: 'None', provisionalConfiguration: { maxTimeToLiveInMinutes: 120 },
    }],
    ['borrow', ConsumptionConfiguration.borrow({ maxTimeToLive: Duration.days(1) }), {
      renewType: 'None', borrowConfiguration: { maxTimeToLiveInMinutes: 1440, allowEarlyCheckIn: false },
    }],
    ['borrow with early check-in', ConsumptionConfiguration.borrow({
      maxTimeToLive: Duration.minutes(5), allowEarlyCheckIn: true, renewType: RenewType.WEEKLY,
    }), {
      renewType: 'Weekly', borrowConfiguration: { maxTimeToLiveInMinutes: 5, allowEarlyCheckIn: true },
    }],
    ['both', ConsumptionConfiguration.provisionalAndBorrow({
      provisionalMaxTimeToLive: Duration.minutes(1), borrowMaxTimeToLive: Duration.minutes(2), allowEarlyCheckIn: true, renewType: RenewType.MONTHLY,
    }), {
      renewType: 'Monthly',
      provisionalConfiguration: { maxTimeToLiveInMinutes: 1 },
      borrowConfiguration: { maxTimeToLiveInMinutes: 2, allowEarlyCheckIn: true },
    }],
  ])('%s', (_, configuration, expected) => {
    expect(render(configuration)).toEqual(expected);
  });

  test('the renewals are those of the API', () => {
    expect(Object.values<string>(RenewType).sort()).toEqual(Object.values<string>(ApiRenewType).sort());
  });

  test('it is known whether a license can be borrowed', () => {
    const maxTimeToLive = Duration.hours(1);
    expect(ConsumptionConfiguration.provisional({ maxTimeToLive })._allowsBorrow).toBe(false);
    expect(ConsumptionConfiguration.borrow({ maxTimeToLive })._allowsBorrow).toBe(true);
    const both = ConsumptionConfiguration.provisionalAndBorrow({ provisionalMaxTimeToLive: maxTimeToLive, borrowMaxTimeToLive: maxTimeToLive });
    expect(both._allowsBorrow).toBe(true);
  });
});

test('a renewal that is none of the API is refused', () => {
  const renewType = 'Yearly' as RenewType;
  for (const configuration of [
    ConsumptionConfiguration.provisional({ maxTimeToLive: Duration.hours(1), renewType }),
    ConsumptionConfiguration.borrow({ maxTimeToLive: Duration.hours(1), renewType }),
  ]) {
    expect(() => render(configuration)).toThrow(
      "Stack: renewType is 'Yearly': it has to be 'None', 'Weekly' or 'Monthly'. Correct it, or leave it out.");
  }
});

describe('the time to live', () => {
  const WAYS: [string, (maxTimeToLive: Duration) => ConsumptionConfiguration][] = [
    ['maxTimeToLive', maxTimeToLive => ConsumptionConfiguration.provisional({ maxTimeToLive })],
    ['maxTimeToLive', maxTimeToLive => ConsumptionConfiguration.borrow({ maxTimeToLive })],
    ['provisionalMaxTimeToLive', ttl => ConsumptionConfiguration.provisionalAndBorrow({
      provisionalMaxTimeToLive: ttl, borrowMaxTimeToLive: Duration.hours(1),
    })],
    ['borrowMaxTimeToLive', ttl => ConsumptionConfiguration.provisionalAndBorrow({
      provisionalMaxTimeToLive: Duration.hours(1), borrowMaxTimeToLive: ttl,
    })],
  ];

  test.each(WAYS)('%s from 0 to 2147483647 minutes is taken', (_, make) => {
    for (const minutes of [0, 1, 2147483646, 2147483647]) {
      expect(() => render(make(Duration.minutes(minutes)))).not.toThrow();
    }
    expect(() => render(make(Duration.minutes(Lazy.number({ produce: () => 0 }))))).not.toThrow();
  });

  test.each(WAYS)('%s out of the range, or with parts of minutes, is refused', (property, make) => {
    for (const [duration, minutes] of [[Duration.minutes(2147483648), 2147483648], [Duration.seconds(90), 1.5]] as const) {
      expect(() => render(make(duration))).toThrow(
        `Stack: ${property}, in minutes, is ${minutes}: it has to be a whole number from 0 to 2147483647. Correct it.`);
    }
  });

  test.each(WAYS)('%s that is a token in another unit is refused, as nobody can convert it', (property, make) => {
    expect(() => render(make(Duration.hours(Lazy.number({ produce: () => 1 }))))).toThrow(
      `Stack: ${property} is a token in hours: License Manager counts it in minutes, and a token cannot be converted at synthesis. Use Duration.minutes().`);
  });

  test.each(WAYS)('%s of 0 causes a warning, and one of 1 does not', (property, make) => {
    const warned = (minutes: number) => {
      const own = new Stack(new App(), 'Stack');
      make(Duration.minutes(minutes))._render(own);
      return Annotations.fromStack(own).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data);
    };
    expect(warned(0)).toEqual([`${property} is 0: what is checked out may be used for no time. Say for how long it may. [ack: cdk-license-manager:noTimeToLive]`]);
    expect(warned(1)).toEqual([]);
  });
});
