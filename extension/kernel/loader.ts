// Programs as the kernel's API makes them: what lowering asks about names of headers is answered from the topics.
import type { Api } from '../program/lowering/api.js';
import { ProgramLoader } from '../program/load.js';
import type { SyntaxParser } from '../syntax/parser.js';
import { topics } from './api/index.js';
import { namesIn } from './topic.js';

const transparent = new Set(topics.flatMap((topic) => namesIn(topic.transparent ?? '')));
const macros = new Map(topics.flatMap((topic) => [...(topic.macros ?? [])]));
const families = topics.flatMap((topic) => topic.families ?? []);
const declares = new Map(topics.flatMap((topic) => Object.entries(topic.declares ?? {})));
const returns = new Map(
  topics.flatMap((topic) => (topic.returns ?? []).flatMap(([type, names]) => namesIn(names).map((name) => [name, type] as const))),
);
const returnArgument = topics.flatMap((topic) => topic.returnsArgument ?? []);
const guards = new Map(topics.flatMap((topic) => Object.entries(topic.guards ?? {})));
const objects = new Map(topics.flatMap((topic) => Object.entries(topic.objects ?? {})));

const kernelApi: Api = {
  isTransparent: (name) => transparent.has(name),
  macro: (name) => macros.get(name) ?? families.find(([names]) => names.test(name))?.[1],
  declares: (name) => declares.get(name),
  returns: (name) => returns.get(name),
  returnsArgument: (name) => returnArgument.some((names) => names.test(name)),
  guardClass: (name) => guards.get(name),
  objectClass: (name) => objects.get(name),
};

/** A loader of programs of the kernel. */
export function kernelLoader(parser: SyntaxParser): ProgramLoader {
  return new ProgramLoader(parser, kernelApi);
}
