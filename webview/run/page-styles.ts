// The layout of the page: what fits into a panel at once, and what comes below. Of that two lines are seen whole: how far each tree was run.
import { css } from 'lit';

export const pageStyles = css`
  .first {
    display: flex;
    flex-direction: column;
    height: calc(100vh - 2.8em - 6px);
    min-height: 520px;
  }
  .top {
    flex: 0 1 auto;
    max-height: 42vh;
    overflow: auto;
  }
  .body {
    flex: 1 1 0;
    min-height: 240px;
    display: grid;
    grid-template-columns: minmax(0, 1fr) minmax(250px, 27%);
    border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder));
  }
  .note {
    padding: 4px 12px;
  }
  .executed .body {
    flex: none;
    height: max(60vh, 320px);
  }
  h2 {
    font-size: 1em;
    font-weight: 600;
    margin: 0;
    padding: 8px 12px 4px;
    border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder));
  }
  @media (max-width: 820px) {
    .top {
      max-height: 36vh;
    }
    .body {
      grid-template-columns: minmax(0, 1fr);
      grid-template-rows: minmax(160px, 1fr) minmax(80px, 24%);
    }
  }
`;
