import { vcpusOf } from '../../private/license/instance-types';
import { type ILicenseRule, type LicenseFinding, LicenseRuleSeverity } from '../license-rule';
import { partsOf } from '../private/templates';
import type { SynthesizedApp } from '../synthesized-app';
import type { SynthesizedLaunch } from '../synthesized-launch';
import type { SynthesizedResource } from '../synthesized-resource';

const STATE_MACHINE = 'AWS::StepFunctions::StateMachine';
const INSTANCE = 'AWS::EC2::Instance';

/** The license types of Windows, by their usage operations, and those with SQL Server included among them. */
const WINDOWS_BYOL = 'RunInstances:0800';
const SQL_SERVER_INCLUDED = ['RunInstances:0202', 'RunInstances:0006', 'RunInstances:0102'];
const WINDOWS = [WINDOWS_BYOL, 'RunInstances:0002', ...SQL_SERVER_INCLUDED];

/** Conversions that cannot come to an end. */
export const CONVERSION_TARGET_IMPOSSIBLE: ILicenseRule = {
  ruleId: 'ConversionTargetImpossible',
  description: 'An instance of the app that the app has converted can have the license type that it is to get.',
  severity: LicenseRuleSeverity.ERROR,
  source: 'https://docs.aws.amazon.com/license-manager/latest/userguide/conversion-types.html',
  fix: 'Change the tenancy, the instance type or the image of the instance, or leave the instance out of the conversion.',
  check: app => {
    const conversions = conversionsIn(app);
    return conversions.length === 0 ? [] : conversions.flatMap(({ instance, target }): LicenseFinding[] => {
      const launch = app.launches.find(({ resource }) => resource === instance);
      const reasons = launch ? reasonsAgainst(target, launch) : [];
      return reasons.length === 0 ? [] : [{ resource: instance, message: `It is to be converted to '${target}', and ${reasons.join(', and ')}.` }];
    });
  },
};

/** Why an instance cannot have a license type, as far as that is known. */
function reasonsAgainst(target: string, launch: SynthesizedLaunch): string[] {
  const { tenancies, tenancyElsewhere, customizedVcpus, image } = launch._facts;
  const [tenancy] = tenancies;
  const isShared = tenancy === 'default' && tenancyElsewhere !== 'dedicated' || tenancy === undefined && tenancyElsewhere === 'default';
  const isAmazons = image?.parameter?.startsWith('/aws/service/') || image?.owners?.length === 1 && image.owners[0] === 'amazon';
  const named = image?.parameter ?? image?.name ?? '';
  const isWindows = /^\/aws\/service\/ami-windows-latest\//.test(named) || isAmazons && /^Windows_Server-/.test(named);
  const isLinux = isAmazons && !isWindows && /^\/aws\/service\/(ami-amazon-linux-latest|canonical|debian|suse)\//.test(named);
  const [type] = launch.instanceTypes;
  const vcpus = customizedVcpus ?? (type === undefined ? undefined : vcpusOf(type));
  return [
    ...target === WINDOWS_BYOL && isShared ? ['Windows Server BYOL is not permitted on shared tenancy'] : [],
    ...target === WINDOWS_BYOL && isAmazons && isWindows ? ['it is launched from an image of Amazon\'s, which stays one with the license included'] : [],
    ...SQL_SERVER_INCLUDED.includes(target) && tenancy === 'host' ? ['SQL Server with the license included cannot run on a Dedicated Host'] : [],
    ...SQL_SERVER_INCLUDED.includes(target) && vcpus !== undefined && vcpus < 4
      ? [`SQL Server with the license included needs 4 vCPUs, of which it has ${vcpus}`] : [],
    ...WINDOWS.includes(target) && isLinux || target.startsWith('RunInstances:') && !WINDOWS.includes(target) && isWindows
      ? [`its image, ${named}, is of another system`] : [],
  ];
}

interface Conversion {
  readonly instance: SynthesizedResource;
  /** The usage operation. */
  readonly target: string;
}

/** What an app has converted: by what starts a workflow, by a state machine that names the instance, or by a call while it is deployed. */
function conversionsIn(app: SynthesizedApp): Conversion[] {
  const targets = new Map(app.resourcesOfType(STATE_MACHINE).flatMap(machine => {
    const target = targetIn(textOf(machine.properties.DefinitionString ?? machine.properties.Definition));
    return target === undefined ? [] : [[machine, target] as const];
  }));
  const ofInput = (starter: SynthesizedResource, machine: SynthesizedResource | undefined, input: unknown) => {
    const target = machine && targets.get(machine);
    return target === undefined ? [] : instancesOf(app, starter, input).map(instance => ({ instance, target }));
  };
  return [
    ...app.resourcesOfType('AWS::Scheduler::Schedule').flatMap(it => ofInput(it, it.referred('Target.Arn'), it.properties.Target?.Input)),
    ...app.resourcesOfType('AWS::Events::Rule').flatMap(it => (Array.isArray(it.properties.Targets) ? it.properties.Targets : [])
      .flatMap((target, index) => ofInput(it, it.referred(`Targets.${index}.Arn`), target?.Input))),
    ...[...targets].flatMap(([machine, target]) => namedIn(machine, machine.properties.DefinitionString).map(instance => ({ instance, target }))),
    ...app._ofTypes(['Custom::AWS']).flatMap(it => {
      const call = it.properties.Create ?? it.properties.Update;
      const target = targetIn(textOf(call));
      return target !== undefined ? namedIn(it, call).map(instance => ({ instance, target }))
        : ofInput(it, it._resourcesIn(call).find(({ resourceType }) => resourceType === STATE_MACHINE), call);
    }),
  ];
}

/** The usage operation that a definition, or a call, converts to. */
function targetIn(text: string): string | undefined {
  return /DestinationLicenseContext\\*"\s*:\s*\{[^}]*?\\*"UsageOperation\\*"\s*:\s*\\*"([^"\\]+)/i.exec(text)?.[1];
}

/** What is written in a template, with references left out. */
function textOf(value: unknown): string {
  return typeof value === 'object' && value !== null && !('Fn::Join' in value) && !('Fn::Sub' in value)
    ? JSON.stringify(value) : partsOf(value).map(part => typeof part === 'string' ? part : '').join('');
}

/** The instances of an input: by their ids, or by a tag. */
function instancesOf(app: SynthesizedApp, starter: SynthesizedResource, input: unknown): SynthesizedResource[] {
  const text = textOf(input);
  const [, key, value] = /\\*"tag\\*"\s*:\s*\{\s*\\*"key\\*"\s*:\s*\\*"([^"\\]+)\\*"\s*,\s*\\*"value\\*"\s*:\s*\\*"([^"\\]+)/.exec(text) ?? [];
  const tagged = key === undefined ? [] : app.resourcesOfType(INSTANCE).filter(instance => instance._isNear(starter)
    && (instance.known('Tags') ?? []).some((tag: { readonly [name: string]: unknown } | undefined) => tag?.Key === key && tag?.Value === value));
  return [...namedIn(starter, input), ...tagged];
}

function namedIn(resource: SynthesizedResource, value: unknown): SynthesizedResource[] {
  return [...new Set(resource._resourcesIn(value).filter(({ resourceType }) => resourceType === INSTANCE))];
}
