// A check or a review as SARIF 2.1.0, for code hosts and editors that show it.
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
import { pathToFileURL } from 'node:url';
import type { CodeFlow, Invocation, Location, Log, Notification, ReportingDescriptor, Result } from 'sarif';
import { ruleIds, type CheckResult, type Finding, type RuleId } from '../model/finding.js';
import { formatProblem, type InputProblem } from '../model/problem.js';
import type { Review } from '../model/review.js';
import type { Span } from '../model/source.js';
import { allProblems } from './problems.js';
import { ruleAddress, ruleTitles } from './rules.js';
import { sideOf, type Side, type Sources } from './sources.js';
import { attribution } from './text.js';

export interface SarifOptions {
  readonly sources: Sources;
  /** The extension's version. */
  readonly version: string;
  /** The address of the folder with the rules' pages. */
  readonly rulePages: string;
  /** The tree's root as an absolute path; results name files relative to it. */
  readonly root: string;
}

const rootId = 'SRCROOT';

/** The log of a plain check; without `baselineState`, since nothing was compared. */
export function checkToSarif(result: CheckResult & { readonly problems?: readonly InputProblem[] }, options: SarifOptions): Log {
  return log(
    result,
    result.problems ?? [],
    result.findings.map((finding) => toResult(finding, options)),
    options,
  );
}

/** The log of a review: introduced findings are `new`, fixed ones `absent` with places in the text before. */
export function reviewToSarif(review: Review, options: SarifOptions): Log {
  const results = review.findings.map((finding): Result => {
    const patch = attribution(review, finding);
    const from = patch === undefined ? undefined : review.patches[patch];
    return {
      ...toResult(finding, options),
      baselineState: finding.status === 'introduced' ? 'new' : finding.status === 'fixed' ? 'absent' : 'unchanged',
      ...(from === undefined || finding.status === 'unchanged' || patch === undefined
        ? {}
        : { properties: { patch: patch + 1, patchSubject: from.subject, patchSource: from.source } }),
    };
  });
  return log(review, allProblems(review), results, options);
}

function log(result: CheckResult, problems: readonly InputProblem[], results: Result[], options: SarifOptions): Log {
  const notifications: Notification[] = [
    ...result.notAnalysed.map((each): Notification => ({
      level: 'warning',
      descriptor: { id: 'not-analysed' },
      message: { text: `${each.function === '' ? each.file : each.function}: not analysed: ${each.reason}` },
      locations: [fileLocation(each.file)],
    })),
    ...problems.map((problem): Notification => ({
      level: problem.severity,
      descriptor: { id: 'input' },
      message: { text: formatProblem(problem) },
    })),
    ...result.stats.assumedCallees.map((each): Notification => ({
      level: 'note',
      descriptor: { id: 'assumed-callee' },
      message: { text: `${each.name}: neither body nor contract, taken to own nothing (${each.calls} calls)` },
    })),
    ...result.stats.assumedOptions.map((each): Notification => ({
      level: 'note',
      descriptor: { id: 'assumed-option' },
      message: { text: `${each.name}: stated by neither Kconfig nor user, taken as ${each.value ? 'y' : 'n'}` },
    })),
  ];
  const invocation: Invocation = { executionSuccessful: true, toolExecutionNotifications: notifications };
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'fuse-review',
            fullName: `FUSE Backing Review ${options.version}`,
            version: options.version,
            semanticVersion: options.version,
            rules: ruleIds.map((id) => ruleDescriptor(id, options.rulePages)),
            notifications: ['not-analysed', 'input', 'assumed-callee', 'assumed-option'].map((id) => ({ id })),
          },
        },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { [rootId]: { uri: `${pathToFileURL(options.root).href.replace(/\/+$/, '')}/` } },
        invocations: [invocation],
        results,
        properties: { stats: result.stats },
      },
    ],
  };
}

function ruleDescriptor(id: RuleId, pages: string): ReportingDescriptor {
  return {
    id,
    shortDescription: { text: `${ruleTitles[id]}.` },
    helpUri: ruleAddress(id, pages),
    defaultConfiguration: { level: 'warning' },
  };
}

function toResult(finding: Finding, options: SarifOptions): Result {
  const side = sideOf(finding.status);
  const place = location(finding.file, finding.line, finding.span, side, options);
  const flow: CodeFlow = {
    threadFlows: [
      {
        locations: finding.trace.map((step, index) => ({
          executionOrder: index + 1,
          location: { ...location(step.file, step.line, step.span, side, options), message: { text: step.message } },
        })),
      },
    ],
  };
  return {
    ruleId: finding.rule,
    ruleIndex: ruleIds.indexOf(finding.rule),
    level: 'warning',
    message: { text: finding.message },
    locations: [{ ...place, logicalLocations: [{ name: finding.function, kind: 'function' }] }],
    partialFingerprints: { 'fuseReviewId/v1': finding.id },
    ...(finding.trace.length === 0 ? {} : { codeFlows: [flow] }),
  };
}

function location(file: string, line: number, span: Span, side: Side, { sources }: SarifOptions): Location {
  const region = sources.region(file, span, side);
  const text = region === undefined ? undefined : sources.line(file, region.line, side);
  return {
    physicalLocation: {
      ...fileLocation(file).physicalLocation,
      region:
        region === undefined
          ? { startLine: line }
          : {
              startLine: region.line,
              startColumn: region.column,
              endLine: region.endLine,
              endColumn: region.endColumn,
              ...(text === undefined ? {} : { snippet: { text } }),
            },
    },
  };
}

function fileLocation(file: string): Location {
  return { physicalLocation: { artifactLocation: { uri: file.split('/').map(encodeURIComponent).join('/'), uriBaseId: rootId } } };
}
