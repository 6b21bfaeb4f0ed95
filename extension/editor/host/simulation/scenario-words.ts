// Words of scenario files: offered while they are written, and told what they mean. With the YAML extension, which does both
// from the schema, only what no schema can say.
import {
  CompletionItem,
  CompletionItemKind,
  CompletionList,
  CompletionTriggerKind,
  extensions,
  Hover,
  languages,
  MarkdownString,
  Range,
  SnippetString,
  workspace,
  type ExtensionContext,
  type TextDocument,
} from 'vscode';
import type { Span } from '../../../model/source.js';
import type { Completion } from '../../../scenario/complete.js';
import type { Analyzer } from '../analyzer.js';
import type { Tree } from '../../protocol/messages.js';
import type { WorkspaceTrees } from '../trees/trees.js';
import { scenarioDocuments } from './lenses.js';

/** Where a word may begin. While a word is typed the editor asks by itself. */
const triggers = [' ', ':', '-', '{', '[', ','];

export function activateScenarioWords(context: ExtensionContext, analyzer: Analyzer, trees: WorkspaceTrees): void {
  context.subscriptions.push(
    languages.registerCompletionItemProvider(
      scenarioDocuments,
      {
        async provideCompletionItems(document, position, _, { triggerKind }) {
          const outcome = await analyzer.run({
            t: 'complete-scenario',
            lane: 'complete scenario',
            text: document.getText(),
            offset: document.offsetAt(position),
            tree: treeFor(document, trees),
          });
          if (outcome.kind !== 'done') return [];
          const offered = yamlDoes('completion', document) ? outcome.answer.filter(isReference) : outcome.answer;
          const isTyped = ({ snippet, replaces }: Completion): boolean => document.getText(rangeOf(replaces, document)) === snippet;
          // Whoever has typed a word to its end means the end of the line by Enter: asked at every letter, nothing is offered then.
          if (triggerKind === CompletionTriggerKind.TriggerForIncompleteCompletions && offered.some(isTyped)) return [];
          return new CompletionList(
            offered.map((each, index) => itemOf(each, index, document)),
            true,
          );
        },
      },
      ...triggers,
    ),
    languages.registerHoverProvider(scenarioDocuments, {
      async provideHover(document, position) {
        const offset = document.offsetAt(position);
        const outcome = await analyzer.run({ t: 'describe-scenario-word', lane: 'describe scenario', text: document.getText(), offset });
        const described = outcome.kind === 'done' ? outcome.answer : null;
        if (described === null || (yamlDoes('hover', document) && !isReference(described.word))) return null;
        const { word, detail, description } = described.word;
        const title = new MarkdownString().appendMarkdown(`**${word}**`);
        if (detail !== '') title.appendText(`: ${detail}`);
        return new Hover([title, new MarkdownString(description)], rangeOf(described.span, document));
      },
    }),
  );
}

/** Whether the YAML extension is there and does that for a document, from the schema in the manifest. */
function yamlDoes(what: 'completion' | 'hover', document: TextDocument): boolean {
  if (document.languageId !== 'yaml' || extensions.getExtension('redhat.vscode-yaml') === undefined) return false;
  return workspace.getConfiguration('yaml', document).get(what, true);
}

/** No schema knows which names earlier steps gave. */
function isReference({ kind }: Pick<Completion, 'kind'>): boolean {
  return kind === 'reference';
}

/** The tree that a scenario lies in, or the only one. */
function treeFor({ uri }: TextDocument, trees: WorkspaceTrees): Tree | null {
  const [first, second] = trees.all;
  return trees.of(uri)?.tree ?? (second === undefined ? (first ?? null) : null);
}

const kinds: Readonly<Record<Completion['kind'], CompletionItemKind>> = {
  field: CompletionItemKind.Field,
  operation: CompletionItemKind.Method,
  argument: CompletionItemKind.Property,
  option: CompletionItemKind.Constant,
  value: CompletionItemKind.EnumMember,
  reference: CompletionItemKind.Reference,
};

function itemOf(offered: Completion, index: number, document: TextDocument): CompletionItem {
  const item = new CompletionItem(offered.word, kinds[offered.kind]);
  item.detail = offered.detail;
  item.documentation = new MarkdownString(offered.description);
  item.insertText = new SnippetString(offered.snippet);
  item.range = rangeOf(offered.replaces, document);
  item.sortText = String(index).padStart(4, '0');
  if (offered.goesOn) item.command = { command: 'editor.action.triggerSuggest', title: 'Suggest' };
  return item;
}

function rangeOf({ start, end }: Span, document: TextDocument): Range {
  return new Range(document.positionAt(start), document.positionAt(end));
}
