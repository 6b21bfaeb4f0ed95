// The fields of a scenario and of a step, and what each is for, as readers, editors and the schema tell it.

/** A field by its name, with one sentence. */
export interface Field {
  readonly name: string;
  readonly description: string;
}

/** In the order in which people write them. */
export const scenarioFields: readonly Field[] = [
  { name: 'name', description: 'Names the scenario on the command line: lower-case letters, digits and "-".' },
  { name: 'title', description: 'One line for lists.' },
  { name: 'description', description: 'What the scenario is about.' },
  { name: 'subsystem', description: 'Which vocabulary the steps are of.' },
  { name: 'config', description: "Configuration options that differ from the tree's defaults, with or without CONFIG_." },
  { name: 'setup', description: 'How the file system is set up before the first step.' },
  { name: 'capabilities', description: 'Privileges of all steps.' },
  { name: 'steps', description: 'What is done, in order.' },
];

/** What a step has beside its operation. */
export const stepFields: readonly Field[] = [
  { name: 'as', description: 'A name for what the step answers, for later steps.' },
  { name: 'capabilities', description: 'Privileges while the step runs.' },
  {
    name: 'expect',
    description: 'What the step is to answer: "ok" (0 or more), a number, an error, or a list of these, any of which will do.',
  },
];

/** The step that is several at a time. */
export const parallelField: Field = {
  name: 'parallel',
  description: 'Branches, each a thread of its own; the step ends when all have.',
};

/** Their names. */
export function namesOf(fields: readonly Field[]): readonly string[] {
  return fields.map(({ name }) => name);
}

/** What a field is for; empty for none. */
export function describedIn(fields: readonly Field[], name: string): string {
  return fields.find((field) => field.name === name)?.description ?? '';
}
