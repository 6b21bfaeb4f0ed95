// A cause in the sidebar: what is wrong, with the findings, the runs and the answers that show it.
import { basename } from 'node:path';
import { alsoShowsAs, causeKind, causePlace, causeText, changeLines } from '../../../review/report/text/cause-text.js';
import type { Cause } from '../../../review/causes.js';
import { storySize } from '../../../review/report/text/story-text.js';
import type { ShownFinding } from '../../protocol/messages.js';
import { findingNode } from './file-nodes.js';
import type { ComparedTrees, SeriesNode } from './node.js';

/** `shown` is the finding with an id as some patch shows it, and which. */
export function causeNode(
  series: string,
  parent: string,
  cause: Cause,
  shown: (id: string) => { readonly finding: ShownFinding; readonly scope: ComparedTrees } | undefined,
): SeriesNode {
  const id = `${parent} cause ${cause.id}`;
  const kind = causeKind(cause);
  const text = causeText(cause);
  const place = causePlace(cause);
  const also = alsoShowsAs(cause);
  const findings = cause.findings.flatMap((finding) => shown(finding.id) ?? []);
  const [first] = findings;
  const at = cause.blame?.at ?? cause.errors[0]?.counterexample.error.at ?? null;
  return {
    kind: 'cause',
    id,
    series,
    severity: cause.severity,
    place:
      first === undefined && at === null ? null : { scope: first?.scope ?? cause.patch ?? 'series', finding: first?.finding ?? null, at },
    text: [
      `${place === null ? '' : `${place}: `}${text} [${kind}]`,
      ...(also.length > 0 ? [`  also shows as ${also.join(', ')}`] : []),
    ].join('\n'),
    // Kind and place first: they are what is left of it in a narrow sidebar.
    label: place === null ? `${kind}: ${text}` : `${kind}, ${basename(place)}: ${text}`,
    description: '',
    tooltip: [
      `${kind}: ${text}`,
      ...(place === null ? [] : [place]),
      ...(also.length > 0 ? [`Also shows as ${also.join(', ')}`] : []),
    ].join('\n'),
    open: false,
    children: [
      ...runNodes(series, id, cause),
      ...findings.map(({ finding, scope }) => findingNode(series, id, scope, finding)),
      ...answerNodes(series, id, cause),
    ],
  };
}

function runNodes(series: string, parent: string, { errors }: Cause): SeriesNode[] {
  return errors.map(({ counterexample, scenario }): SeriesNode => {
    const { error } = counterexample;
    const where = error.at === null ? '' : `, in ${error.at.function}()`;
    return {
      kind: 'run',
      id: `${parent} run ${error.id}`,
      series,
      scenario,
      error: error.id,
      label: `${error.message}${where}`,
      description: storySize(counterexample, scenario),
      tooltip: `${error.message}${where}\n${counterexample.trace.operations.map(({ text, answer }, at) => `${at + 1}. ${text}${answer === null ? '' : ` = ${answer}`}`).join('\n')}`,
      open: false,
      children: [],
    };
  });
}

function answerNodes(series: string, parent: string, { changes, severity }: Cause): SeriesNode[] {
  if (changes.length === 0) return [];
  const rows = changes.map((change, index): SeriesNode => {
    const lines = changeLines(change);
    return {
      kind: 'run',
      id: `${parent} answer ${index} ${change.operation}`,
      series,
      scenario: change.scenario,
      error: null,
      label: lines.join('; '),
      description: change.scenario,
      tooltip: lines.join('\n'),
      open: false,
      children: [],
    };
  });
  if (severity === 'behaviour') return rows;
  const id = `${parent} answers`;
  const description = `${changes.length} changed`;
  return [{ kind: 'answers', id, series, label: 'Before and after', description, tooltip: description, open: false, children: rows }];
}
