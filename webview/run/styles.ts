// What elements of the page share: fonts, colours of the theme, links, tables, the look of a section.
import { css } from 'lit';

export const shared = css`
  :host {
    display: block;
    color: var(--vscode-foreground);
    font-family: var(--vscode-font-family);
    font-size: var(--vscode-font-size, 13px);
    line-height: 1.4;
  }
  * {
    box-sizing: border-box;
  }
  .code {
    font-family: var(--vscode-editor-font-family);
    font-size: var(--vscode-editor-font-size, 12px);
  }
  .dim {
    color: var(--vscode-descriptionForeground);
  }
  button.link {
    background: none;
    border: none;
    padding: 0;
    font: inherit;
    text-align: left;
    color: var(--vscode-textLink-foreground);
    cursor: pointer;
    text-decoration: underline;
    text-decoration-color: transparent;
    text-underline-offset: 2px;
  }
  button.link:hover {
    color: var(--vscode-textLink-activeForeground);
    text-decoration-color: currentColor;
  }
  :focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: -1px;
  }
  summary {
    cursor: pointer;
    width: fit-content;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  ul {
    margin: 2px 0;
    padding-left: 18px;
  }
  table {
    border-collapse: collapse;
  }
  th {
    text-align: left;
    font-weight: normal;
    color: var(--vscode-descriptionForeground);
    padding: 1px 14px 1px 0;
    white-space: nowrap;
  }
  td {
    padding: 1px 14px 1px 0;
    vertical-align: top;
  }
`;

/** A part of the page under a line, with a small heading. */
export const sectionStyles = css`
  :host {
    border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder));
    padding: 8px 12px;
  }
  h2 {
    font-size: 1em;
    font-weight: 600;
    margin: 0 0 2px;
  }
`;
