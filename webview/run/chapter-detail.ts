// All there is to know of an operation: what it answered, and the objects that the error is about before and after it, on both trees.
import { html, nothing, type TemplateResult } from 'lit';
import { lastingHolders } from './objects.js';
import { answerText, blameText, courseText, holderChanges } from './story-text.js';
import type { Chapter, Course, Deed, Story } from './story.js';

export function chapterDetail(chapter: Chapter, story: Story): TemplateResult {
  const { operation, text, actor, base, run, fails, blame } = chapter;
  const sides = story.compared
    ? [
        { name: 'On the base', deed: base },
        { name: 'On the patched tree', deed: run },
      ]
    : [{ name: '', deed: run }];
  return html`<section aria-label="Operation ${operation + 1}">
    <h2>Operation ${operation + 1} of ${story.chapters.length}</h2>
    <div class="dim">by the ${actor}${(run ?? base)?.operation.line ? `, line ${(run ?? base)?.operation.line} of the scenario` : ''}</div>
    <div class="statement code">${text}</div>
    ${fails ? html`<div class="fails">${story.failure}</div>` : nothing}
    ${blame === null ? nothing : html`<div class="blamed">${blame.function}() ${blameText(blame)}</div>`}
    ${sides.map(({ name, deed }) => sideDetail(name, deed, story))}
  </section>`;
}

function sideDetail(name: string, deed: Deed | null, { objects }: Story): TemplateResult {
  if (deed === null)
    return html`<h3>${name}</h3>
      <div class="dim">not performed</div>`;
  return html`<h3>${name === '' ? 'Answers' : `${name} answers`} <span class="code">${answerText(deed)}</span></h3>
    ${objects.map(({ name: object }, at) => {
      const course = deed.courses[at];
      return course === undefined
        ? nothing
        : html`<div><b>${object}</b> <span class="code">${courseText(course)}</span></div>
            ${holders(course)}`;
    })}`;
}

/** Who holds it after it, and who no longer does. */
function holders(course: Course): readonly TemplateResult[] {
  const { before, after } = course;
  if (after === undefined) return [];
  if (after.state === 'freed') return holderChanges(course).map((each) => html`<div class="holder">${each}</div>`);
  const [left, right] = [before === undefined ? [] : lastingHolders(before), lastingHolders(after)];
  return [
    ...right.map((holder) => html`<div class="holder">${left.includes(holder) ? '\u2007' : '+'} ${holder}</div>`),
    ...left.filter((holder) => !right.includes(holder)).map((holder) => html`<div class="holder">− ${holder}</div>`),
  ];
}
