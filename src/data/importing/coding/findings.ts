// What the decision about a coding found out besides: files that disagree, names that promise what is not there, masks of one class.
import type { ImportIssue } from '../../../domain/importing.ts';
import { issueOf } from '../importIssues.ts';
import type { Fit } from './fit.ts';
import type { LabelLook } from './look.ts';

/** Files of several codings in one dataset; `parts` in the order of their sizes. */
export function mixedCodings(
  parts: readonly { readonly fit: Fit; readonly looks: readonly LabelLook[] }[],
): ImportIssue {
  const groups = parts.map(
    ({ fit, looks }) => `${fit.coding.label}: ${looks.length} (such as ${looks[0]?.path ?? ''})`,
  );
  const odd = parts[1]?.looks[0]?.path ?? '';
  return issueOf(
    'data.mixed-codings',
    odd,
    `The label files do not agree on what their values mean. ${groups.join('; ')}.`,
    {
      groups: groups.join('; '),
      first: parts[0]?.looks[0]?.path ?? '',
    },
  );
}

/** Files whose names say one coding and whose content another. */
export function brokenPromise(broken: readonly LabelLook[], of: number): ImportIssue {
  const [first] = broken;
  const path = first?.path ?? '';
  const coding = first?.promised ?? '';
  return issueOf(
    'data.mixed-codings',
    path,
    `${path} is named as ${coding}, but much of what it holds is nothing that ${coding} defines (${broken.length} of ${of} files).`,
    { groups: `${coding}: ${broken.length}`, first: path },
  );
}

/** Masks in which only one class has pixels, which is seldom what is meant. */
export function oneClass(leader: Fit, looks: readonly LabelLook[]): ImportIssue[] {
  if (leader.classCount > 1) return [];
  const has255 = looks.some(({ values }) => values?.has(255));
  const path = looks[0]?.path ?? '';
  const ignored = has255 ? ' 255 means "ignore" here.' : '';
  return [
    issueOf(
      'data.one-class',
      path,
      `Only one class has pixels in the ${looks.length} label files looked into.${ignored}`,
      {
        files: looks.length,
        ignored: has255 ? 255 : 'none',
      },
    ),
  ];
}
