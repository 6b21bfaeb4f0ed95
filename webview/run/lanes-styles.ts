// The look of the lanes.
import { css } from 'lit';

export const lanesStyles = css`
  :host {
    border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder));
  }
  details {
    padding: 2px 12px;
  }
  .scroll {
    display: flex;
    align-items: flex-start;
    max-height: min(34vh, 260px);
    overflow: auto;
    padding: 4px 0;
  }
  .names {
    position: sticky;
    left: 0;
    z-index: 1;
    flex: none;
    width: clamp(110px, 22%, 230px);
    background: var(--vscode-editor-background);
    padding-left: 12px;
  }
  .name {
    display: block;
    width: 100%;
    height: 20px;
    line-height: 20px;
    padding: 0 8px 0 2px;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-size: 0.92em;
  }
  .side {
    float: right;
    color: var(--vscode-descriptionForeground);
    padding-left: 8px;
  }
  .thread,
  .holder {
    color: var(--vscode-descriptionForeground);
  }
  .holder {
    height: 14px;
    line-height: 14px;
    padding-left: 16px;
    font-size: 0.85em;
  }
  button.object {
    border: none;
    background: none;
    color: inherit;
    font-family: inherit;
    text-align: left;
    cursor: pointer;
  }
  button.object:hover {
    background: var(--vscode-list-hoverBackground);
  }
  button.object[aria-pressed='true'] {
    background: var(--vscode-list-inactiveSelectionBackground);
    box-shadow: inset 2px 0 var(--vscode-focusBorder);
    font-weight: 600;
  }
  svg {
    flex: none;
    display: block;
    cursor: crosshair;
  }
  text {
    font-family: var(--vscode-font-family);
    font-size: 11px;
    fill: var(--vscode-foreground);
    pointer-events: none;
  }
  .current {
    fill: var(--vscode-list-inactiveSelectionBackground);
    stroke: var(--vscode-focusBorder);
  }
  .operation rect {
    fill: color-mix(in srgb, var(--vscode-foreground) 9%, transparent);
    stroke: color-mix(in srgb, var(--vscode-foreground) 28%, transparent);
  }
  .running {
    fill: color-mix(in srgb, var(--vscode-foreground) 70%, transparent);
  }
  .live rect {
    fill: color-mix(in srgb, var(--vscode-charts-blue) 24%, transparent);
    stroke: var(--vscode-charts-blue);
  }
  .grace rect {
    fill: url(#grace);
    stroke: var(--vscode-charts-yellow);
  }
  .grace-ground {
    fill: color-mix(in srgb, var(--vscode-charts-yellow) 12%, transparent);
  }
  .grace-line {
    stroke: color-mix(in srgb, var(--vscode-charts-yellow) 55%, transparent);
    stroke-width: 2;
  }
  .freed {
    stroke: var(--vscode-charts-red);
    stroke-dasharray: 2 3;
  }
  text.freed-mark {
    fill: var(--vscode-charts-red);
  }
  .held {
    fill: var(--vscode-charts-green);
  }
  .mark line {
    stroke-width: 1;
    stroke-dasharray: 3 2;
  }
  .error line,
  .error path {
    stroke: var(--vscode-errorForeground);
    fill: var(--vscode-errorForeground);
  }
  .fault line,
  .fault path,
  .warning line,
  .warning path {
    stroke: var(--vscode-charts-orange);
    fill: var(--vscode-charts-orange);
  }
`;
