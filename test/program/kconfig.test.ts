import { describe, expect, test } from 'vitest';
import { Options } from '../../extension/program/kconfig.js';
import { excludedFiles } from '../../extension/program/makefile.js';

const fuse = `
config FUSE_FS
	tristate "FUSE support"
	select FS_POSIX_ACL
	help
	  config LOOKS_LIKE_ONE
	  if you want it, say Y.

config FUSE_PASSTHROUGH
	bool "FUSE passthrough operations support"
	default y
	depends on FUSE_FS
	select FUSE_BACKING

config FUSE_BACKING
	bool

config FUSE_RARE
	bool "Rare"
	default n

if FUSE_FS
menuconfig FUSE_MENU
	bool "Menu"
	depends on (FS_DAX && !FUSE_RARE) || FUSE_RARE = y
config FUSE_IN_MENU
	def_bool FUSE_MENU
endif
`;

function answers(user: Record<string, boolean>, ...names: string[]): boolean[] {
  const options = new Options(fuse, new Map(Object.entries(user)));
  return names.map((name) => options.get(name));
}

describe('options', () => {
  test('take the defaults of the Kconfig, and yes where it asks without one', () => {
    expect(answers({}, 'CONFIG_FUSE_FS', 'FUSE_PASSTHROUGH', 'FUSE_BACKING', 'FUSE_RARE', 'FUSE_MENU', 'FUSE_IN_MENU')).toEqual([
      true,
      true,
      true,
      false,
      true,
      true,
    ]);
  });

  test('without a prompt are set by select alone', () => {
    expect(answers({ FUSE_PASSTHROUGH: false }, 'FUSE_BACKING')).toEqual([false]);
    expect(answers({ CONFIG_FUSE_BACKING: true, FUSE_PASSTHROUGH: false }, 'FUSE_BACKING')).toEqual([true]);
  });

  test('fall with what they depend on', () => {
    expect(answers({ FUSE_FS: false }, 'FUSE_PASSTHROUGH', 'FUSE_BACKING', 'FUSE_MENU', 'FUSE_IN_MENU')).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(answers({ FS_DAX: false }, 'FUSE_MENU')).toEqual([false]);
    expect(answers({ FS_DAX: false, FUSE_RARE: true }, 'FUSE_MENU')).toEqual([true]);
  });

  test('of other folders are guessed, and the guess is told', () => {
    const options = new Options(fuse, new Map([['CONFIG_BLOCK', false]]));
    expect(
      ['CONFIG_BLOCK', 'CONFIG_SYSCTL', 'CONFIG_KASAN', 'CONFIG_PROVE_LOCKING', 'CONFIG_64BIT', 'CONFIG_32BIT', 'LOOKS_LIKE_ONE'].map(
        (name) => options.get(name),
      ),
    ).toEqual([false, true, false, false, true, false, true]);
    expect(options.assumed).toContainEqual({ name: 'CONFIG_KASAN', value: false });
    expect(options.assumed.map((each) => each.name)).not.toContain('CONFIG_BLOCK');
  });

  test('that depend on each other in a circle have an answer', () => {
    expect(new Options('config A\n\tbool "a"\n\tdepends on B\nconfig B\n\tbool "b"\n\tdepends on A\n', new Map()).get('A')).toBe(false);
  });
});

describe('the Makefile', () => {
  test('leaves out what only options that are off would build', () => {
    const makefile =
      'obj-$(CONFIG_FUSE_FS) += fuse.o\nfuse-y := dev.o \\\n\tdir.o\nfuse-$(CONFIG_A) += a.o both.o # no\nfuse-$(CONFIG_B) += both.o\n';
    expect([...excludedFiles(makefile, (name) => name !== 'CONFIG_A')]).toEqual(['a.c']);
  });
});
