// What an HTML mail says, as plain text: quotations become marks of quoting, and nothing else of its layout is left.

const breaks = /^<\/?(?:br|p|div|tr|li|ul|ol|pre|table|h[1-6]|hr)\b/i;
const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'", nbsp: ' ' };

export function htmlText(html: string): string {
  const lines: string[] = [''];
  let depth = 0;
  /** Of an element whose text nobody sees. */
  let hidden: string | null = null;
  const open = (): void => {
    if ((lines.at(-1) ?? '').replace(/[> ]/g, '') !== '' || lines.length === 1) lines.push('');
    lines[lines.length - 1] = '> '.repeat(Math.min(depth, 50));
  };
  for (const [part] of html.matchAll(/<!--[^]*?-->|<[^>]*>|[^<]+|</g)) {
    const name = /^<\/?(\w+)/.exec(part)?.[1]?.toLowerCase();
    if (name !== undefined && ['style', 'script', 'head', 'title'].includes(name)) {
      hidden = part.startsWith('</') ? null : name;
      continue;
    }
    if (hidden !== null || part.startsWith('<!')) continue;
    if (name === 'blockquote') {
      depth = Math.max(0, depth + (part.startsWith('</') ? -1 : 1));
      open();
    } else if (name !== undefined) {
      if (breaks.test(part)) open();
    } else
      for (const [at, text] of decoded(part).split('\n').entries()) {
        if (at > 0) open();
        lines[lines.length - 1] = `${lines.at(-1) ?? ''}${text}`;
      }
  }
  return `${lines.join('\n').trim()}\n`;
}

function decoded(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w+));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return entities[name.toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
