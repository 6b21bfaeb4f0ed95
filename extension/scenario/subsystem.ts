// A subsystem from its file, `runtime/<name>/subsystem.yaml`.
import { z } from 'zod';
import type { InputProblem } from '../model/problem.js';
import type { SourceTree } from '../model/source.js';
import type { Subsystem } from '../model/subsystem.js';
import { Complaints, plainValue, placeOf } from './located-values.js';
import { readYaml } from './yaml.js';

const text = z.string().min(1);
const path = z.string().regex(/^[\w.-]+(?:\/[\w.-]+)*$/, 'expected a path relative to the root of the tree');
const identifier = z.string().regex(/^[A-Za-z_]\w*$/, 'expected a name of C');

const subsystemSchema = z.strictObject({
  title: text,
  marker: identifier,
  folder: path,
  headers: z.array(path).default([]),
  since: text,
  watched: path,
  actors: z.array(text).min(1),
  examples: z.strictObject({ file: path, function: identifier, option: text, scenario: text, sequence: text }),
});

/** The file that makes a folder of `runtime/` a subsystem. */
const subsystemFile = 'subsystem.yaml';

export interface ReadSubsystems {
  /** By name. */
  readonly subsystems: readonly Subsystem[];
  /** What kept others from being read, each with line and column. */
  readonly problems: readonly InputProblem[];
}

/** The subsystems of the folder `runtime/`. */
export function readSubsystems(folder: SourceTree): ReadSubsystems {
  const subsystems: Subsystem[] = [];
  const problems: InputProblem[] = [];
  for (const entry of folder.list('')) {
    const name = entry.replace(/\/$/, '');
    const read = entry.endsWith('/') ? folder.read(`${name}/${subsystemFile}`) : undefined;
    if (read === undefined) continue;
    const complaints = new Complaints(`runtime/${name}/${subsystemFile}`, read);
    const subsystem = subsystemOf(name, read, complaints);
    if (subsystem !== null) subsystems.push(subsystem);
    problems.push(...complaints.problems);
  }
  return { subsystems, problems };
}

function subsystemOf(name: string, text: string, complaints: Complaints): Subsystem | null {
  const root = readYaml(text, complaints) ?? { kind: 'scalar', value: null, at: 0 };
  const parsed = subsystemSchema.safeParse(plainValue(root));
  for (const issue of parsed.error?.issues ?? []) {
    const at = issue.path.length === 0 ? 'the subsystem' : issue.path.join('.');
    complaints.add(placeOf(root, issue.path), `${at}: ${issue.message}`);
  }
  return parsed.success && complaints.none ? { name, ...parsed.data } : null;
}
