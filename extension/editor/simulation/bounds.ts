// How far a simulation goes, from the user's settings.
import { Uri, workspace } from 'vscode';
import type { Bounds } from '../../simulator/bounds.js';
import { section } from '../settings.js';
import { readBounds } from './bounds-values.js';

/** The bounds for runs on the tree at `root`. */
export function boundsOf(root: string): Bounds {
  const settings = workspace.getConfiguration(`${section}.simulation`, Uri.file(root));
  return readBounds((name) => settings.get(name));
}
