// The document around a page: what it may load is only its own script and style.

export interface PageParts {
  readonly title: string;
  /** Addresses that the page can load. */
  readonly script: string;
  readonly style: string;
  /** Where style and font come from, as a source of a content security policy. */
  readonly source: string;
  /** Fresh for each page, of letters and digits. */
  readonly nonce: string;
}

/** The HTML of a page whose script puts itself into the body. */
export function pageHtml({ title, script, style, source, nonce }: PageParts): string {
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${source}; font-src ${source};`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escape(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<link rel="stylesheet" href="${escape(style)}" id="vscode-codicon-stylesheet">
</head>
<body>
<script type="module" nonce="${nonce}" src="${escape(script)}"></script>
</body>
</html>
`;
}

function escape(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
