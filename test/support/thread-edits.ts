// The flaws that the thread was about (F1 to F7, S1, S2), written by us into Linux 7.2, and the same job done right.
//
// A backing id is to serve others than passthrough. Two ways to get it wrong, on top of each other, and one to get it right.
import type { SourceTree } from '../../extension/model/source.js';
import { editedTree, mailOf, Place, type Edit } from './edits.js';

const backing = new Place('fs/fuse/backing.c');
const open = new Place('fs/fuse/backing.c', 'fuse_backing_open');
const close = new Place('fs/fuse/backing.c', 'fuse_backing_close');
const passthrough = new Place('fs/fuse/passthrough.c');
const header = new Place('fs/fuse/fuse_i.h');
const kconfig = new Place('fs/fuse/Kconfig');
const passthroughOption = 'CONFIG_FUSE_PASSTHROUGH';
const backingOption = 'CONFIG_FUSE_BACKING';

/** The backing files get an option of their own, which passthrough selects. */
const ownOption: readonly Edit[] = [
  kconfig.after(['config FUSE_PASSTHROUGH', 'depends on'], '\tselect FUSE_BACKING\n'),
  kconfig.before('config FUSE_IO_URING', 'config FUSE_BACKING\n\tbool\n\tdepends on FUSE_FS\n\n'),
  new Place('fs/fuse/Makefile').instead(
    'backing.o',
    `fuse-$(${passthroughOption}) += passthrough.o\nfuse-$(${backingOption}) += backing.o\n`,
  ),
  header.reword(['/* backing.c */', '#ifdef'], passthroughOption, backingOption),
  ...[
    ['dev.c', 'fuse_dev_ioctl_backing_open'],
    ['dev.c', 'fuse_dev_ioctl_backing_close'],
    ['inode.c', 'fuse_conn_init'],
    ['inode.c', 'fuse_conn_put'],
  ].map(([file, name]) => new Place(`fs/fuse/${file}`, name).reword(passthroughOption, passthroughOption, backingOption)),
];

/** Who may use a file, and a reference taken for it, move from the common code to each user. */
const helpers: readonly Edit[] = [
  header.after(
    'void fuse_passthrough_release(',
    `
#ifdef ${passthroughOption}
int fuse_passthrough_attach(struct fuse_conn *fc, struct fuse_backing *fb);
int fuse_passthrough_detach(struct fuse_backing *fb);
#else
static inline int fuse_passthrough_attach(struct fuse_conn *fc, struct fuse_backing *fb)
{
	return 0;
}

static inline int fuse_passthrough_detach(struct fuse_backing *fb)
{
	return 0;
}
#endif
`,
  ),
  passthrough.atEnd(`
/* 0 with a reference of passthrough's own to @fb, or why it can't serve. */
int fuse_passthrough_attach(struct fuse_conn *fc, struct fuse_backing *fb)
{
	struct inode *inode = file_inode(fb->file);

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (S_ISDIR(inode->i_mode))
		return -EISDIR;
	if (!S_ISREG(inode->i_mode))
		return -EINVAL;
	if (inode->i_sb->s_stack_depth >= fc->max_stack_depth)
		return -ELOOP;

	fuse_backing_get(fb);
	return 0;
}

/* Drops what the attachment took. */
int fuse_passthrough_detach(struct fuse_backing *fb)
{
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;

	fuse_backing_put(fb);
	return 0;
}
`),
];

/** F5: nothing asks for the capability before the id or the file is looked at. */
const withoutCapability = (place: Place): readonly Edit[] => [
  place.instead('CAP_SYS_ADMIN once', ''),
  place.reword('!capable(', ' || !capable(CAP_SYS_ADMIN)', ''),
];

const sharedOpen: readonly Edit[] = [
  ...withoutCapability(open),
  open.instead('backing_sb;', ''),
  open.before('int res;', '\tint attached;\n'),
  open.instead(['read/write', 'max_stack_depth', 'goto', ''], ''),
  // F3: res is -ENOMEM from above, so that EPERM is never the answer.
  open.after(
    'refcount_set(',
    `
	/* Who wants the file has a reference by now. */
	attached = fuse_passthrough_attach(fc, fb);
	if (refcount_read(&fb->count) == 1) {
		if (attached)
			res = attached;
		if (!res)
			res = -EPERM;
		fuse_backing_free(fb);
		fb = NULL;
		goto out;
	}
`,
  ),
  // F4: where there is no id the object is freed as before, whoever is attached.
  // F1, F6, F7: the index has the one reference of the attachment, of which close takes it that it stands for a user.
  open.reword(['id_alloc(', '\t}'], '\t}\n', '\t} else {\n\t\tfuse_backing_put(fb);\n\t}\n'),
];

const sharedClose: readonly Edit[] = [
  ...withoutCapability(close),
  close.before('int err;', '\tstruct fuse_backing *removed;\n\tint detached;\n'),
  close.reword('_id_remove(', 'fuse_backing_id_remove', 'fuse_backing_lookup'),
  // F1, F6: what the attachment took is put each time, and what was looked up too, while the id stays in the index.
  // F7: another close may have looked it up meanwhile. F2: err is -ENOENT from above, so that EBUSY is never the answer.
  close.after(
    ['fuse_backing_lookup(', 'goto out;'],
    `
	detached = fuse_passthrough_detach(fb);
	if (refcount_read(&fb->count) > 1) {
		if (detached)
			err = detached;
		if (!err)
			err = -EBUSY;
		goto out_put;
	}
`,
  ),
  close.instead('err = 0;', ''),
  close.before(
    'fuse_backing_put(',
    `	removed = fuse_backing_id_remove(fc, backing_id);
	if (!removed)
		goto out_put;

	WARN_ON(removed != fb);
	err = 0;
out_put:
`,
  ),
];

/** An id is for one purpose, which the server states in the flags. */
const purpose: readonly Edit[] = [
  new Place('include/uapi/linux/fuse.h').before('struct fuse_backing_map {', '#define FUSE_BACKING_BLOCK\t(1 << 0)\n\n'),
  open.reword('map->padding', 'map->flags ||', '(map->flags & ~FUSE_BACKING_BLOCK) ||'),
];

const sketch: readonly Edit[] = [
  ...purpose,
  header.after(['struct fuse_backing {', 'cred;'], '\tu32 purpose;\n'),
  backing.before(
    'int fuse_backing_open(',
    `static int fuse_block_attach(struct fuse_backing *fb)
{
	if (!S_ISBLK(file_inode(fb->file)->i_mode))
		return -ENOTBLK;

	fuse_backing_get(fb);
	return 0;
}

`,
  ),
  open.after('refcount_set(', '\tfb->purpose = map->flags;\n'),
  open.instead(
    '_attach(',
    `	if (map->flags & FUSE_BACKING_BLOCK)
		attached = fuse_block_attach(fb);
	else
		attached = fuse_passthrough_attach(fc, fb);
`,
  ),
  close.instead(['*removed;', 'int detached;'], ''),
  // S1: fb is NULL until it is removed below. S2: the goto belongs to the condition, or err is -EBUSY when all went well.
  close.instead(
    ['err = -ENOENT;', 'out_put:'],
    `	err = -EPERM;
	if (!capable(CAP_SYS_ADMIN))
		goto out;

	/* The pages of a block device may be in use at any time. */
	err = -EBUSY;
	if (fb->purpose & FUSE_BACKING_BLOCK)
		goto out;

	fb = fuse_backing_id_remove(fc, backing_id);
	if (!fb)
		err = -ENOENT;
	goto out_put;

out_put:
`,
  ),
];

const control: readonly Edit[] = [
  ...purpose,
  header.after('void fuse_passthrough_release(', 'int fuse_passthrough_may_serve(struct fuse_conn *fc, struct file *file);\n'),
  passthrough.atEnd(`
/* 0 where @file may serve for passthrough, or why it can't. No reference is taken. */
int fuse_passthrough_may_serve(struct fuse_conn *fc, struct file *file)
{
	struct inode *inode = file_inode(file);

	if (S_ISDIR(inode->i_mode))
		return -EISDIR;
	if (!S_ISREG(inode->i_mode))
		return -EINVAL;

	return inode->i_sb->s_stack_depth < fc->max_stack_depth ? 0 : -ELOOP;
}
`),
  open.instead('backing_sb;', ''),
  open.instead(
    ['read/write', 'max_stack_depth'],
    `	if (map->flags & FUSE_BACKING_BLOCK)
		res = S_ISBLK(file_inode(file)->i_mode) ? 0 : -ENOTBLK;
	else
		res = fuse_passthrough_may_serve(fc, file);
	if (res)
`,
  ),
];

/** A patch of the thread: `sketch` is on top of `shared`, `control` on the tree as it is. */
export type ThreadPatch = 'shared' | 'sketch' | 'control';

const shared: readonly Edit[] = [...ownOption, ...helpers, ...sharedOpen, ...sharedClose];

/** The mails with the patches, made from Linux 7.2. Throws where that is another tree. */
export function threadMails(tree: SourceTree): Readonly<Record<ThreadPatch, string>> {
  return {
    shared: mailOf(tree, shared, 'fuse: let others than passthrough use backing files'),
    sketch: mailOf(editedTree(tree, shared, 'shared'), sketch, 'fuse: let the server say what a backing file is for'),
    control: mailOf(tree, control, 'fuse: one purpose for each backing file'),
  };
}
