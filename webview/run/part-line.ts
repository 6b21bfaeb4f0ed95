// The line of an operation: who did it, what it answered, and what became of the objects that the error is about.
import { html, nothing, type TemplateResult } from 'lit';
import type { PartLine } from './lines.js';
import { actorText, answerText, blameText, courses, holderChanges, noteTexts } from './story-text.js';
import { answersDiffer, type Chapter, type Deed, type Story } from './story.js';
import { counted } from '../../extension/model/plural.js';

/** The names of the columns. */
export function storyHeads({ objects, compared }: Story): TemplateResult {
  const group = (name: string, kind: string): TemplateResult =>
    compared
      ? html`<span class="group two ${kind}"><span class="name">${name}</span><span>base</span><span>patched</span></span>`
      : html`<span class="group"><span class="name">${name}</span></span>`;
  return html`<span></span><span></span><span>who</span><span>operation</span>${group('answers', '')}${
      objects.length === 0 ? nothing : group(objects.map(({ name }) => name).join('; '), 'courses')
    }<span></span>`;
}

/** The cells of the line; `steps` is how many are folded away. What the columns are called is said to those who can't see them. */
export function partCells({ part, operation, open }: PartLine, story: Story, steps: number): TemplateResult {
  const chevron = html`<span class="codicon codicon-chevron-${open ? 'down' : 'right'}" aria-hidden="true"></span>`;
  const chapter = operation === null ? undefined : story.chapters[operation];
  if (chapter === undefined) {
    const fails = story.failing === part.kind;
    return html`<span></span>${chevron}<span class="apart"
        >${part.kind}${open ? '' : `, ${counted(steps, 'step')}`}${fails ? html`: <span class="fails">${story.failure}</span>` : nothing}</span
      >`;
  }
  const names = story.objects.map(({ name }) => name).join('; ');
  const sides: readonly Side[] = story.compared
    ? [
        { name: 'on the base ', deed: chapter.base },
        { name: 'on the patched tree ', deed: chapter.run },
      ]
    : [{ name: '', deed: chapter.run }];
  return html`<span class="number dim">${chapter.operation + 1}</span>${chevron}<span class="who">${actorText(chapter, story)}</span
    ><span class="text code" title=${chapter.text}>${chapter.text}</span>${sides.map((side) => answerCell(side, answersDiffer(chapter)))}${
      names === ''
        ? nothing
        : sides.map(({ name, deed }) => html`<span class="course code">${visuallyHidden(`${name}${names} `)}${courses(deed)}</span>`)
    }${notes(chapter, story)}`;
}

interface Side {
  readonly name: string;
  readonly deed: Deed | null;
}

function answerCell({ name, deed }: Side, differs: boolean): TemplateResult {
  const words = deed === null ? '' : answerText(deed);
  return html`<span class=${differs ? 'answer code differs' : 'answer code'} title=${words}
    >${visuallyHidden(`${name}answers `)}${words}</span
  >`;
}

function visuallyHidden(words: string): TemplateResult {
  return html`<span class="visually-hidden">${words}</span>`;
}

function notes(chapter: Chapter, story: Story): TemplateResult {
  const { fails, blame, run } = chapter;
  const holders = (run?.courses ?? []).flatMap(holderChanges);
  return html`<span class="notes" title=${noteTexts(chapter, story).join('\n')}
    >${fails ? html`<span class="fails">${story.failure}</span> ` : nothing}${
      blame === null ? nothing : html`<span class="blamed">${blameText(blame)}</span> `
    }<span class="dim">${holders.join('  ')}</span></span
  >`;
}
