// What people said of a series: at the lines of its diff, and their suggestions tried.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratch } from './harness.mjs';
import { Workbench } from './workbench.mjs';

const suggestion = `diff --git a/fs/fuse/backing.c b/fs/fuse/backing.c
--- a/fs/fuse/backing.c
+++ b/fs/fuse/backing.c
@@ -129,8 +129,6 @@ int fuse_backing_open(struct fuse_conn *fc, struct fuse_backing_map *map)
 	if (res < 0) {
 		fuse_backing_free(fb);
 		fb = NULL;
-	} else {
-		fuse_backing_put(fb);
 	}
 
 out:
`;

/** A mailbox of the patch and of a reply to it, which quotes all of it: two voices at one line, and a diff at another. */
export function threadMailbox(patch, folder) {
  const mail = readFileSync(patch, 'utf8')
    .replace(/^From .*\n/, '')
    .replace(/^Message-I[Dd]: .*\n/m, '');
  const [head, ...parts] = mail.split('\n\n');
  const body = parts.join('\n\n').trimEnd().split('\n');
  const quoted = body.flatMap((line) => {
    if (line.includes('refcount_read(&fb->count) == 1'))
      return [
        `> > ${line}`,
        '>',
        '> A count is no state: somebody may take one right here.',
        '',
        'It is the only holder that can, is it not?',
        '',
      ];
    if (line === '+\t\tfuse_backing_put(fb);') return [`> > ${line}`, '', 'Why is it put at all?', '', ...suggestion.split('\n')];
    return [`> > ${line}`];
  });
  const separator = 'From mboxrd@z Thu Jan  1 00:00:00 1970\n';
  const subject = /^Subject: (.*)$/m.exec(head)?.[1] ?? 'a patch';
  const reply = [
    'From: Grace Maintainer <grace@example.com>',
    `Subject: Re: ${subject}`,
    'Date: Thu, 21 Aug 2025 12:00:00 -0700',
    'Message-ID: <reply@example.com>',
    'In-Reply-To: <patch@example.com>',
    '',
    'On Thu, Aug 21, 2025 at 11:05:28AM +0200, Ada Reviewer wrote:',
    '> On Wed, Aug 20, 2025 at 2:53 AM A Writer <writer@example.com> wrote:',
    ...quoted,
    '',
  ].join('\n');
  const path = join(folder, 'thread.mbox');
  writeFileSync(path, `${separator}Message-ID: <patch@example.com>\n${head}\n\n${body.join('\n')}\n\n${separator}${reply}`);
  return path;
}

const comments = (workbench) => workbench.page.locator('.review-widget .review-comment');

export const threadTests = [
  {
    name: 'what people said stands at its line, by keyboard, and what they suggest is applied, reviewed and undone',
    async run({ browser, server, copySeriesTree, material, keep }) {
      const tree = copySeriesTree('thread');
      const path = threadMailbox(material.patch, scratch);
      const workbench = keep(await Workbench.open(browser, server, tree));
      await workbench.openSidebar();
      await workbench.command('FUSE Review: Open Patch Series from Files...');
      await workbench.pickFile(path);
      await workbench.seriesIs(
        (rows) => rows.some((row) => /Replies.*3 remarks, 3 at a line; 1 suggestion/.test(row)),
        'the replies are not shown',
      );
      await workbench.command('FUSE Review: Next Remark of the Thread');
      await workbench.until(async () => (await comments(workbench).count()) >= 2, 'no remarks are at the line');
      const said = (await comments(workbench).allInnerTexts()).join(' | ').replace(/\s+/g, ' ');
      for (const words of ['Ada Reviewer', 'A count is no state', 'Grace Maintainer', 'It is the only holder'])
        if (!said.includes(words)) throw new Error(`'${words}' is not said: ${said}`);
      await workbench.command('View: Hide Panel');
      await workbench.screenshot('remarks-dark');
      await workbench.command('FUSE Review: Apply Suggestion');
      await workbench.seriesIs(
        (rows) => rows.some((row) => row.includes('2/2 suggestion 1, by Grace Maintainer nothing introduced')),
        'the suggestion is not reviewed',
        120_000,
      );
      await workbench.screenshot('suggestion-dark');
      await workbench.command('FUSE Review: Undo Suggestion');
      await workbench.seriesIs((rows) => !rows.some((row) => row.includes('2/2')), 'the suggestion stays', 120_000);
    },
  },
];
