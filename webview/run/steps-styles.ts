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
  .sides {
    display: grid;
    grid-template-columns: 4.5ch 1fr 2ch 1fr;
    padding: 0 12px;
    font-weight: 600;
  }
  .sides span:first-child {
    grid-column: 2;
  }
  .sides span:last-child {
    grid-column: 4;
  }
  [role='listbox'] {
    --who: 0;
    --place: 15ch;
    flex: 1;
    min-height: 0;
    overflow: auto;
    overflow-x: hidden;
    outline-offset: -1px;
  }
  [role='listbox'].threads {
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
  @container (max-width: 560px) {
    [role='listbox'] {
      --place: 0;
    }
  }
  [role='listbox'].compared {
    --place: 0;
  }
  .operation {
    font-weight: 600;
    background: var(--vscode-sideBarSectionHeader-background, var(--vscode-editorWidget-background));
    box-shadow: inset 0 1px var(--vscode-panel-border, var(--vscode-contrastBorder));
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
  .current .number,
  .current .cell *,
  .base-only .cell *,
  .run-only .cell *,
  .changed .cell * {
    color: inherit;
  }
  [role='listbox']:focus .current {
    background: var(--vscode-list-activeSelectionBackground);
    outline: 1px solid var(--vscode-list-focusOutline, var(--vscode-focusBorder));
  }
  [role='listbox']:focus .current,
  [role='listbox']:focus .current * {
    color: var(--vscode-list-activeSelectionForeground, inherit);
  }
`;
