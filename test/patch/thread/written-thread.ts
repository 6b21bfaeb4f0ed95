// A thread written for tests: a series of three patches in two versions, with a cover letter each and replies of five voices.

export interface WrittenMail {
  readonly id: string;
  readonly from: string;
  readonly subject: string;
  readonly answers?: string;
  readonly body: string;
}

const separator = 'From mboxrd@z Thu Jan  1 00:00:00 1970\n';

export const voices = {
  author: 'Wren Writer <wren@example.com>',
  reviewer: 'Ada Reviewer <ada@example.com>',
  maintainer: 'Grace Maintainer <grace@example.com>',
  tester: 'Tess Tester <tess@example.com>',
  passer: 'Pat Passer-By <pat@example.com>',
} as const;

/** The file that the patches are for. */
export const file = `#include <linux/slab.h>

struct box {
	int count;
	void *lid;
};

static struct box *box_make(void)
{
	struct box *box = kzalloc(sizeof(*box), GFP_KERNEL);

	if (!box)
		return NULL;
	box->count = 1;
	return box;
}

static void box_put(struct box *box)
{
	if (--box->count == 0)
		kfree(box);
}

int box_open(int lid)
{
	struct box *box = box_make();

	if (!box)
		return -ENOMEM;
	box_put(box);
	return 0;
}
`;

export const path = 'fs/box/box.c';

const opened = `From: Wren Writer <wren@example.com>

Open a box with its lid.

Signed-off-by: Wren Writer <wren@example.com>
---
 fs/box/box.c | 4 ++++
 1 file changed, 4 insertions(+)

diff --git a/fs/box/box.c b/fs/box/box.c
index 1111111..2222222 100644
--- a/fs/box/box.c
+++ b/fs/box/box.c
@@ -27,6 +27,10 @@ int box_open(int lid)
 
 	if (!box)
 		return -ENOMEM;
+	if (lid < 0)
+		return -EINVAL;
+
+	box->count = 2;
 	box_put(box);
 	return 0;
 }
-- 
2.43.0
`;

const closed = `Put a box twice.

---
 fs/box/box.c | 1 +
 1 file changed, 1 insertion(+)

diff --git a/fs/box/box.c b/fs/box/box.c
index 2222222..3333333 100644
--- a/fs/box/box.c
+++ b/fs/box/box.c
@@ -18,8 +18,7 @@ static struct box *box_make(void)
 
 static void box_put(struct box *box)
 {
-	if (--box->count == 0)
-		kfree(box);
+	box->count--;
 }
 
 int box_open(int lid)
-- 
2.43.0
`;

function quote(text: string): string {
  return text
    .split('\n')
    .map((line) => (line.startsWith('>') ? `>${line}` : `> ${line}`))
    .join('\n');
}

/** The text with words after its line that has some others. */
function after(text: string, line: string, words: string): string {
  const lines = text.split('\n');
  const at = lines.findIndex((each) => each.includes(line));
  if (at < 0) throw new Error(`no line has '${line}'`);
  return [...lines.slice(0, at + 1), '', words, '', ...lines.slice(at + 1)].join('\n');
}

const firstReply = `On Mon, Jan 5, 2026 at 10:00:00AM +0100, Wren Writer wrote:
${after(quote(opened), 'return -EINVAL;', 'The box is lost here, is it not?')}
Ada
`;

const answer = `On Mon, Jan 5, 2026 at 11:00:00AM +0100, Ada Reviewer wrote:
${after(quote(firstReply), 'The box is lost here', 'Right. I will put it.')}`;

const suggesting = `On Mon, Jan 5, 2026 at 10:00:00AM +0100, Wren Writer wrote:
${after(
  quote(opened),
  'return -EINVAL;',
  `Rather so:

diff --git a/fs/box/box.c b/fs/box/box.c
--- a/fs/box/box.c
+++ b/fs/box/box.c
@@ -28,8 +28,10 @@ int box_open(int lid)
 	if (!box)
 		return -ENOMEM;
-	if (lid < 0)
+	if (lid < 0) {
+		box_put(box);
 		return -EINVAL;
+	}
 
 	box->count = 2;

and all is well.`,
)}`;

/** In an order in which nobody got them. */
export const mails: readonly WrittenMail[] = [
  { id: 'v1-2', from: voices.author, subject: '[PATCH 2/2] box: put twice', answers: 'v1-0', body: closed },
  { id: 'v1-1-ada', from: voices.reviewer, subject: 'Re: [PATCH 1/2] box: open with its lid', answers: 'v1-1', body: firstReply },
  { id: 'v1-0', from: voices.author, subject: '[PATCH 0/2] box: lids', body: 'Boxes get lids.\n' },
  { id: 'v1-1', from: voices.author, subject: '[PATCH 1/2] box: open with its lid', answers: 'v1-0', body: opened },
  { id: 'v1-1-wren', from: voices.author, subject: 'Re: [PATCH 1/2] box: open with its lid', answers: 'v1-1-ada', body: answer },
  { id: 'v1-1-grace', from: voices.maintainer, subject: 'Re: [PATCH 1/2] box: open with its lid', answers: 'v1-1', body: suggesting },
  {
    id: 'v1-0-tess',
    from: voices.tester,
    subject: 'Re: [PATCH 0/2] box: lids',
    answers: 'v1-0',
    body: 'Tested-by: Tess Tester <tess@example.com>\n',
  },
  {
    id: 'v1-2-pat',
    from: voices.passer,
    // Its headers name nothing that is here.
    subject: 'RE: [PATCH 2/2] box: put twice',
    answers: 'lost@elsewhere',
    body: `Wren Writer <wren@example.com> writes:\n${after(quote(closed), 'kfree(box);', 'Who frees it now?')}`,
  },
  { id: 'v2-0', from: voices.author, subject: '[PATCH v2 0/1] box: lids', answers: 'v1-0', body: 'The second patch is gone.\n' },
  {
    id: 'v2-1',
    from: voices.author,
    subject: '[PATCH v2 1/1] box: open with its lid',
    answers: 'v2-0',
    body: opened.replace('+	if (lid < 0)\n', '+	if (lid <= 0)\n'),
  },
];

/** The mailbox of some mails, as archives have them. */
export function mailboxOf(some: readonly WrittenMail[]): string {
  return some
    .map(({ id, from, subject, answers, body }, at) => {
      const date = new Date(Date.UTC(2026, 0, 5, 9, at)).toUTCString();
      const head = [`From: ${from}`, `Subject: ${subject}`, `Date: ${date}`, `Message-ID: <${id}>`];
      return `${separator}${[...head, ...(answers === undefined ? [] : [`In-Reply-To: <${answers}>`])].join('\n')}\n\n${body}\n`;
    })
    .join('');
}
