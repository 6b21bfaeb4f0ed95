// The look of the list of steps.
import { css } from 'lit';

export const stepsStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 0;
    min-width: 0;
    container-type: inline-size;
  }
  .list {
    flex: 1;
    min-height: 0;
    position: relative;
  }
  .pinned {
    position: absolute;
    z-index: 1;
    top: 0;
    left: 0;
    right: 14px;
    background: var(--vscode-editor-background);
    border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder));
    box-shadow: 0 2px 4px var(--vscode-widget-shadow, transparent);
  }
  [role='tree'] {
    --who: 0;
    --place: 15ch;
    height: 100%;
    overflow: auto;
    overflow-x: hidden;
    outline-offset: -1px;
  }
  [role='tree'].threads {
    --who: 3.2ch;
  }
  .all {
    overflow: hidden;
  }
  .none {
    padding: 8px 12px;
  }
  .row {
    display: grid;
    grid-template-columns: 4.5ch minmax(0, 1fr);
    height: 20px;
    line-height: 20px;
    padding: 0 12px;
    cursor: pointer;
    white-space: nowrap;
  }
  .compared .row {
    grid-template-columns: 4.5ch minmax(0, 1fr) 2ch minmax(0, 1fr);
  }
  .row:hover {
    background: var(--vscode-list-hoverBackground);
  }
  .number {
    font-variant-numeric: tabular-nums;
    text-align: right;
    padding-right: 8px;
    font-size: 0.9em;
  }
  .cell {
    display: grid;
    grid-template-columns: var(--who) minmax(0, 1fr) minmax(0, 42%) var(--place);
    min-width: 0;
  }
  .unchanged .text {
    grid-column: 2 / 4;
  }
  .unchanged .changes {
    display: none;
  }
  .answered {
    font-weight: normal;
  }
  .cell > * {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .changes {
    font-family: var(--vscode-editor-font-family);
    font-size: 0.92em;
    padding-left: 12px;
    color: var(--vscode-textLink-foreground);
  }
  .place {
    text-align: right;
    padding-left: 10px;
    font-size: 0.9em;
  }
  [role='tree'].compared {
    --place: 0;
  }
  .part {
    --operation: minmax(8em, 13em);
    --answer: 5.4em;
    --course: 6.6em;
    display: grid;
    position: relative;
    grid-template-columns: 2.2em 18px 4.2em var(--operation) var(--answer) minmax(0, 1fr);
    height: 20px;
    line-height: 20px;
    padding: 0 12px 0 8px;
    cursor: pointer;
    white-space: nowrap;
    font-weight: 600;
  }
  .part.objects {
    grid-template-columns: 2.2em 18px 4.2em var(--operation) var(--answer) var(--course) minmax(0, 1fr);
  }
  .part.both {
    grid-template-columns: 2.2em 18px 4.2em var(--operation) var(--answer) var(--answer) minmax(0, 1fr);
  }
  .part.both.objects {
    grid-template-columns: 2.2em 18px 4.2em var(--operation) var(--answer) var(--answer) var(--course) var(--course) minmax(0, 1fr);
  }
  .part > * {
    overflow: hidden;
    text-overflow: ellipsis;
    padding-right: 8px;
  }
  .part:not(.heads):hover {
    background: var(--vscode-list-hoverBackground);
  }
  .part:not(.heads) {
    box-shadow: inset 0 1px color-mix(in srgb, var(--vscode-foreground) 12%, transparent);
  }
  .part .number {
    padding-right: 4px;
  }
  .part .who,
  .part .notes,
  .part .course,
  .apart {
    font-weight: normal;
  }
  .apart {
    grid-column: 3 / -1;
    font-style: italic;
  }
  .part .codicon {
    overflow: visible;
    padding: 0;
    font-family: codicon;
    font-size: 14px;
    line-height: 20px;
    font-weight: normal;
  }
  .codicon-chevron-right::before {
    content: '\\eab6';
  }
  .codicon-chevron-down::before {
    content: '\\eab4';
  }
  .part .course:has(+ .course) {
    color: var(--vscode-descriptionForeground);
  }
  .part .answer + .differs {
    background: color-mix(in srgb, var(--vscode-charts-yellow) 22%, transparent);
  }
  .fails {
    color: var(--vscode-errorForeground);
    font-weight: 600;
  }
  .blamed {
    color: var(--vscode-editorWarning-foreground);
    font-weight: 600;
  }
  .heads,
  .part.heads {
    height: auto;
    cursor: default;
    font-weight: normal;
    line-height: 16px;
    padding-top: 3px;
    align-items: end;
    color: var(--vscode-descriptionForeground);
  }
  .group.two {
    grid-column: span 2;
    display: grid;
    grid-template-columns: subgrid;
    padding-right: 0;
  }
  .group .name {
    grid-column: 1 / -1;
  }
  .heads > * {
    overflow: visible;
  }
  .call .text,
  .return .text,
  .answer .text {
    font-weight: normal;
  }
  .print .text,
  .switch .text {
    color: var(--vscode-descriptionForeground);
    font-style: italic;
  }
  .fault .text,
  .warning .text {
    color: var(--vscode-editorWarning-foreground);
  }
  .error .text {
    color: var(--vscode-errorForeground);
    font-weight: 600;
  }
  .touched .number {
    box-shadow: inset 3px 0 var(--vscode-charts-green);
  }
  .absent {
    background: color-mix(in srgb, var(--vscode-foreground) 4%, transparent);
  }
  .sign {
    text-align: center;
    font-weight: 600;
  }
  .base-only .cell:nth-of-type(2) {
    background: var(--vscode-diffEditor-removedLineBackground);
  }
  .run-only .cell:last-child {
    background: var(--vscode-diffEditor-insertedLineBackground);
  }
  .changed .cell {
    background: color-mix(in srgb, var(--vscode-charts-yellow) 10%, transparent);
  }
  .current,
  .current:hover {
    background: var(--vscode-list-inactiveSelectionBackground);
    outline: 1px solid var(--vscode-contrastActiveBorder, transparent);
    outline-offset: -1px;
  }
  .part.current *,
  .current .number,
  .current .cell *,
  .base-only .cell *,
  .run-only .cell *,
  .changed .cell * {
    color: inherit;
  }
  [role='tree']:focus .current {
    background: var(--vscode-list-activeSelectionBackground);
    outline: 1px solid var(--vscode-list-focusOutline, var(--vscode-focusBorder));
  }
  [role='tree']:focus .current,
  [role='tree']:focus .current * {
    color: var(--vscode-list-activeSelectionForeground, inherit);
  }
  @container (max-width: 900px) {
    .part.both.objects {
      grid-template-columns: 2.2em 18px 4.2em var(--operation) var(--answer) var(--answer) var(--course) minmax(0, 1fr);
    }
    .course:has(+ .course),
    .group.courses > :nth-child(2) {
      display: none;
    }
    .group.courses {
      grid-column: span 1;
    }
  }
  @container (max-width: 560px) {
    [role='tree'] {
      --place: 0;
    }
    .part {
      --operation: minmax(5em, 10em);
      --answer: 4.6em;
      --course: 5.4em;
    }
  }
`;
