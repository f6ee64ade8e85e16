import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { messageOf } from '../../../core/errors.ts';
import type { ApiResult } from '../access/apiFailure.ts';
import { isRecord } from './fieldChanges.ts';
import { refused } from './guardedPatch.ts';
import { parseYamlDocuments } from '../objects/yaml.ts';

/** A manifest larger than what an API server takes is no manifest, bytes. */
const largestFile = 3 * 1024 * 1024;

/** Where a file named in a plan lies; fails `invalid` when the plan's folder is not known. */
function placeOf(cwd: string | undefined, file: string): ApiResult<string> {
  if (isAbsolute(file)) return { ok: true, value: file };
  if (cwd === undefined || !isAbsolute(cwd)) {
    return refused('invalid', `The folder that ${file} is relative to is not known. Nothing was sent.`);
  }
  return { ok: true, value: resolve(cwd, file) };
}

/** The text (UTF-8) of a file that a plan names. */
export async function readPlanFile(cwd: string | undefined, file: string): Promise<ApiResult<string>> {
  const place = placeOf(cwd, file);
  if (!place.ok) return place;
  try {
    const { size } = await stat(place.value);
    if (size > largestFile) {
      return refused('invalid', `${place.value} is larger than 3 MB: an API server takes none of it.`);
    }
    return { ok: true, value: await readFile(place.value, 'utf8') };
  } catch (thrown) {
    return refused('not-found', `${place.value} cannot be read: ${messageOf(thrown)}. Nothing was sent.`);
  }
}

/** One object of a manifest, and where it stood. */
export interface Manifest {
  readonly file: string;
  readonly object: Readonly<Record<string, unknown>> & {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata: {
      readonly name: string;
      readonly namespace?: string;
      readonly annotations?: Readonly<Record<string, string>>;
    };
  };
}

export interface Manifests {
  readonly objects: readonly Manifest[];
  /** Of all the files' names and texts, SHA-256 (hex). */
  readonly sha256: string;
}

/**
 * Reads files and folders as `kubectl -f` does: `.json`, `.yaml` and `.yml` of a folder in the order of their names,
 * below it only with `recursive`; several documents to a file; a `List` stands for its items.
 */
export async function readManifests(
  cwd: string | undefined,
  files: readonly string[],
  recursive: boolean,
): Promise<ApiResult<Manifests>> {
  const hash = createHash('sha256');
  const objects: Manifest[] = [];
  for (const file of files) {
    const place = placeOf(cwd, file);
    if (!place.ok) return place;
    const listed = await filesAt(place.value, recursive);
    if (!listed.ok) return listed;
    for (const path of listed.value) {
      const text = await readPlanFile(cwd, path);
      if (!text.ok) return text;
      hash.update(`${path}\0${text.value}\0`);
      const parsed = manifestsIn(path, text.value);
      if (!parsed.ok) return parsed;
      objects.push(...parsed.value);
    }
  }
  if (objects.length === 0)
    return refused('invalid', `error: no objects in ${files.join(', ')}. Nothing was sent.`);
  return { ok: true, value: { objects, sha256: hash.digest('hex') } };
}

async function filesAt(path: string, recursive: boolean): Promise<ApiResult<readonly string[]>> {
  try {
    if (!(await stat(path)).isDirectory()) return { ok: true, value: [path] };
    const entries = await readdir(path, { recursive, withFileTypes: true });
    const found = entries
      .filter((entry) => !entry.isDirectory() && /\.(?:json|ya?ml)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    return found.length > 0
      ? { ok: true, value: found }
      : refused('not-found', `error: ${path} holds no .json, .yaml or .yml file. Nothing was sent.`);
  } catch (thrown) {
    return refused(
      'not-found',
      `error: the path "${path}" cannot be read: ${messageOf(thrown)}. Nothing was sent.`,
    );
  }
}

function manifestsIn(file: string, text: string): ApiResult<readonly Manifest[]> {
  let documents: readonly unknown[];
  try {
    documents = parseYamlDocuments(text);
  } catch (thrown) {
    const why = messageOf(thrown).split('\n')[0];
    return refused('invalid', `error: error parsing ${file}: ${why}. Nothing was sent; correct the file.`);
  }
  const objects = documents
    .filter((document) => document !== null && document !== undefined)
    .flatMap((document) =>
      isRecord(document) && document['kind'] === 'List' && Array.isArray(document['items'])
        ? (document['items'] as unknown[])
        : [document],
    );
  const wrong = objects.find((object) => !isManifest(object));
  if (wrong !== undefined) {
    return refused(
      'invalid',
      `error: ${file} holds a document without apiVersion, kind or metadata.name. Nothing was sent; correct the file.`,
    );
  }
  return { ok: true, value: objects.map((object) => ({ file, object: object as Manifest['object'] })) };
}

const isManifest = (object: unknown): boolean =>
  isRecord(object) &&
  typeof object['apiVersion'] === 'string' &&
  typeof object['kind'] === 'string' &&
  isRecord(object['metadata']) &&
  typeof object['metadata']['name'] === 'string';
