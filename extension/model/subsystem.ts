// A part of the kernel that can be reviewed, as a value: all that the code knows of it. Read from `runtime/<name>/subsystem.yaml`.

export interface Subsystem {
  /** Its folder in `runtime/` and in `guest/`. */
  readonly name: string;
  /** For people, in a sentence: `the FUSE backing code`. */
  readonly title: string;
  /** The function whose definition says where in a tree it is, whatever the file is called. */
  readonly marker: string;
  /** The folder that it is in, where nobody moved it; relative to the tree's root. */
  readonly folder: string;
  /** Headers elsewhere in the tree whose records and constants its code uses; relative to the tree's root. */
  readonly headers: readonly string[];
  /** The first kernel that has it, for people: `Linux 6.9`. */
  readonly since: string;
  /** A file of its folder whose coming or going says that a tree came or went. */
  readonly watched: string;
  /** Who does the operations of its scenarios. */
  readonly actors: readonly string[];
  /** Words of it for examples. */
  readonly examples: SubsystemExamples;
}

export interface SubsystemExamples {
  /** `fs/fuse/backing.c` */
  readonly file: string;
  /** A function of that file. */
  readonly function: string;
  /** `CONFIG_FUSE_PASSTHROUGH` */
  readonly option: string;
  /** A bundled scenario. */
  readonly scenario: string;
  /** A sequence on one line. */
  readonly sequence: string;
}

/** Where in a tree a subsystem is. */
export interface SubsystemPlace {
  readonly subsystem: Subsystem;
  /** Relative to the tree's root. */
  readonly folder: string;
}

/** `the FUSE backing code (fuse_backing_open())`, of all of them: what a tree has to hold. */
export function subsystemsText(subsystems: readonly Pick<Subsystem, 'title' | 'marker'>[]): string {
  return subsystems.map(({ title, marker }) => `${title} (${marker}())`).join(' or ');
}
