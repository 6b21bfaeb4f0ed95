// A check or a review as SARIF 2.1.0, for code hosts and editors that show it.
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
import { pathToFileURL } from 'node:url';
import type { CodeFlow, Invocation, Location, Log, Notification, ReportingDescriptor, Result, ThreadFlow, ThreadFlowLocation } from 'sarif';
import { ruleIds, type CheckResult, type Finding, type RuleId } from '../../../model/finding.js';
import { simulationErrorKinds, type CodePlace, type SimulationErrorKind } from '../../../model/simulation.js';
import { formatProblem, type InputProblem } from '../../../model/problem.js';
import type { Review } from '../../../model/review.js';
import type { Span } from '../../../model/source.js';
import { allProblems } from '../../review-problems.js';
import { ruleAddress, rules } from '../../rules.js';
import { sideOf, type Side, type Sources } from '../../sources.js';
import { attribution } from '../../attribution.js';
import type { ChangedBehaviour } from '../../behaviour.js';
import { causeKind, causeText, changeLines } from '../text/cause-text.js';
import type { Cause } from '../../causes.js';
import type { ShortestError } from '../../shortest.js';
import { shortSteps } from '../text/trace-text.js';
import type { Gap, Verdict } from '../../verdict.js';
import { gapText } from '../text/verdict-text.js';

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

/** Of results that tell a changed answer and no error. */
const behaviourRule = 'changed-behaviour';

/** The checker has rules of some of these names, too. */
function simulatedRule(kind: SimulationErrorKind): string {
  return `simulated-${kind}`;
}

/** What only a run shows. */
const simulatedRules: readonly ReportingDescriptor[] = [
  ...simulationErrorKinds.map((kind): ReportingDescriptor => ({
    id: simulatedRule(kind),
    shortDescription: { text: `A simulated run ends in: ${kind}.` },
    defaultConfiguration: { level: 'error' },
  })),
  { id: behaviourRule, shortDescription: { text: 'A step answers otherwise than before.' }, defaultConfiguration: { level: 'note' } },
];

/** The log of a plain check; without `baselineState`, since nothing was compared. */
export function checkToSarif(result: CheckResult & { readonly problems?: readonly InputProblem[] }, options: SarifOptions): Log {
  return log(
    result,
    result.problems ?? [],
    result.findings.map((finding) => toResult(finding, options)),
    options,
    result.notAnalysed.length === 0,
  );
}

/**
 * The log of a review: introduced findings are `new`, fixed ones `absent` with places in the text before. Each simulated error
 * is a result with a flow for each thread; what changes of the answers stands with the first result of its cause, or is a
 * result by itself where nothing else shows it. `properties.cause` says what belongs together.
 */
export function reviewToSarif(review: Review, verdict: Verdict, options: SarifOptions): Log {
  const causes = verdict.patches.flatMap((patch) => patch.causes);
  const properties = (cause: Cause | undefined, patch: number | null): Pick<Result, 'properties'> => {
    const from = patch === null ? undefined : review.patches[patch];
    return {
      properties: {
        ...(cause === undefined ? {} : { cause: cause.id, causeKind: causeKind(cause), causeMessage: causeText(cause) }),
        ...(from === undefined || patch === null ? {} : { patch: patch + 1, patchSubject: from.subject, patchSource: from.source }),
      },
    };
  };
  const findings = review.findings.map((finding): Result => {
    const cause = finding.status === 'introduced' ? causes.find((each) => each.findings.includes(finding)) : undefined;
    const patch = finding.status === 'unchanged' ? null : (attribution(review, finding) ?? null);
    return {
      ...toResult(finding, options),
      ...(cause?.errors.length === 0 && cause.findings[0] === finding ? relatedChanges(cause.changes) : {}),
      baselineState: finding.status === 'introduced' ? 'new' : finding.status === 'fixed' ? 'absent' : 'unchanged',
      ...(cause === undefined && patch === null ? {} : properties(cause, patch)),
    };
  });
  const simulated = causes.flatMap((cause) => [
    ...cause.errors.map((error, index): Result => ({
      ...errorResult(error, cause, options),
      ...(index === 0 ? relatedChanges(cause.changes) : {}),
      baselineState: 'new',
      ...properties(cause, cause.patch),
    })),
    ...(cause.severity === 'behaviour'
      ? [{ ...behaviourResult(cause, review), baselineState: 'new' as const, ...properties(cause, cause.patch) }]
      : []),
  ]);
  const gaps = [...verdict.gaps, ...verdict.patches.flatMap((patch) => patch.gaps)];
  return log(review, allProblems(review), [...findings, ...simulated], options, gaps.length === 0, gaps);
}

/** A simulated error: its short path, a flow for each thread, in the order in which the steps happened. */
function errorResult({ counterexample, scenario, times }: ShortestError, { blame }: Cause, options: SarifOptions): Result {
  const { error, trace, faults, preemptions } = counterexample;
  const steps = shortSteps(counterexample);
  const flows = trace.threads.flatMap((name, thread): ThreadFlow[] => {
    const locations = steps.flatMap((step, index): ThreadFlowLocation[] =>
      step.thread === thread
        ? [
            {
              executionOrder: index + 1,
              location: { ...(step.at === null ? {} : codeLocation(step.at, options)), message: { text: step.text } },
            },
          ]
        : [],
    );
    return locations.length === 0 ? [] : [{ id: name, locations }];
  });
  // An error at the end stands where its references go wrong.
  const at = error.at ?? blame?.at ?? error.related[0]?.at ?? null;
  return {
    ruleId: simulatedRule(error.kind),
    ruleIndex: ruleIds.length + simulationErrorKinds.indexOf(error.kind),
    level: 'error',
    message: { text: `${error.message}${error.at === null ? '' : `, in ${error.at.function}()`}` },
    locations: at === null ? [] : [{ ...codeLocation(at, options), logicalLocations: [{ name: at.function, kind: 'function' }] }],
    partialFingerprints: { 'fuseReviewId/v1': error.id },
    ...(flows.length === 0
      ? {}
      : {
          codeFlows: [
            { message: { text: `${scenario}, ${faults} faults, ${preemptions} preemptions, in ${times} scenarios` }, threadFlows: flows },
          ],
        }),
  };
}

/** Answers that change and no error or finding explains, at the first file of the patch: no line of code stands for them. */
function behaviourResult(cause: Cause, review: Review): Result {
  const [file] = cause.patch === null ? [] : (review.patches[cause.patch]?.files ?? []);
  const path = file?.path ?? review.files[0]?.path;
  return {
    ruleId: behaviourRule,
    ruleIndex: ruleIds.length + simulationErrorKinds.length,
    level: 'note',
    message: { text: causeText(cause) },
    locations: path === undefined ? [] : [fileLocation(path)],
    partialFingerprints: { 'fuseReviewId/v1': cause.id },
    ...relatedChanges(cause.changes),
  };
}

function relatedChanges(changes: readonly ChangedBehaviour[]): Pick<Result, 'relatedLocations'> {
  if (changes.length === 0) return {};
  return { relatedLocations: changes.flatMap(changeLines).map((text, id) => ({ id, message: { text } })) };
}

function codeLocation({ file, span, line }: CodePlace, options: SarifOptions): Location {
  return location(file, line, span, 'after', options);
}

function notificationsOf(result: CheckResult, problems: readonly InputProblem[], gaps: readonly Gap[]): Notification[] {
  return [
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
    ...gaps.map((gap): Notification => ({ level: 'warning', descriptor: { id: 'gap' }, message: { text: gapText(gap) } })),
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
}

function log(
  result: CheckResult,
  problems: readonly InputProblem[],
  results: Result[],
  options: SarifOptions,
  whole: boolean,
  gaps: readonly Gap[] = [],
): Log {
  const invocation: Invocation = {
    executionSuccessful: true,
    toolExecutionNotifications: notificationsOf(result, problems, gaps),
    properties: { whole },
  };
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
            rules: [...ruleIds.map((id) => ruleDescriptor(id, options.rulePages)), ...simulatedRules],
            notifications: ['not-analysed', 'input', 'gap', 'assumed-callee', 'assumed-option'].map((id) => ({ id })),
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
    shortDescription: { text: `${rules[id].title}.` },
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
