import { GitHubRefusal, validationFailed } from './gitHubCall.ts';
import type { GitHubIssue } from './gitHubState.ts';
import type { IndexedIssue } from './gitHubStore.ts';

type Test = (found: IndexedIssue) => boolean;

export interface SearchQuery {
  /** Full names of `repo:`, as written. */
  readonly repositories: readonly string[];
  readonly test: Test;
}

/** Longest query without its qualifiers, in characters. */
const longestQuery = 256;

/** Punctuation is not searched: what is left are words, without case. */
const wordsOf = (text: string): readonly string[] => text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];

function holds(text: string, phrase: string): boolean {
  const [words, wanted] = [wordsOf(text), wordsOf(phrase)];
  return words.some((_, at) => wanted.every((word, n) => words[at + n] === word));
}

interface Term {
  readonly negated: boolean;
  readonly qualifier: string | undefined;
  readonly value: string;
}

/** Words, "quoted phrases" and `qualifier:value`, each with an optional `-` in front. */
function termsOf(query: string): readonly Term[] {
  return [...query.matchAll(/(-)?(?:([a-z-]+):)?(?:"([^"]*)"|([^\s"]+))/gi)].map(
    ([, minus, qualifier, quoted, bare]) => ({
      negated: minus !== undefined,
      qualifier: qualifier?.toLowerCase(),
      value: quoted ?? bare ?? '',
    }),
  );
}

const fieldsOf = ({ title, body, comments }: GitHubIssue, fields: readonly string[]): readonly string[] => [
  ...(fields.includes('title') ? [title] : []),
  ...(fields.includes('body') ? [body ?? ''] : []),
  ...(fields.includes('comments') ? comments.map((comment) => comment.body) : []),
];

const qualifiers: Readonly<Record<string, (value: string) => Test | undefined>> = {
  is: (value) =>
    ({
      issue: ({ issue }: IndexedIssue) => !issue.isPullRequest,
      'pull-request': ({ issue }: IndexedIssue) => issue.isPullRequest,
      pr: ({ issue }: IndexedIssue) => issue.isPullRequest,
      open: ({ issue }: IndexedIssue) => issue.state === 'open',
      closed: ({ issue }: IndexedIssue) => issue.state === 'closed',
    })[value],
  type: (value) => qualifiers['is']?.(value),
  state: (value) => qualifiers['is']?.(value),
  label: (value) => {
    const wanted = value.split(',').map((label) => label.replaceAll('"', '').toLowerCase());
    return ({ issue }) => issue.labels.some((label) => wanted.includes(label.toLowerCase()));
  },
  author:
    (value) =>
    ({ issue }) =>
      issue.login.toLowerCase() === value.toLowerCase(),
};

/**
 * Reads a query as https://docs.github.com/search-github/searching-on-github/searching-issues-and-pull-requests has
 * it. A quoted text is a sequence of words: punctuation in it does not count, so `"key:1-2"` finds `key 1 2` too and
 * the caller must look at the body itself. `is:issue` or `is:pull-request` must be in it.
 */
export function readQuery(text: string): SearchQuery {
  const terms = termsOf(text);
  const words = terms.filter(({ qualifier, value }) => qualifier === undefined && value !== '');
  if (words.map(({ value }) => value).join(' ').length > longestQuery)
    throw validationFailed({
      resource: 'Search',
      field: 'q',
      code: 'invalid',
      message: 'The search is longer than 256 characters.',
    });
  const isKinds = terms.filter(({ qualifier, value }) => ['is', 'type'].includes(qualifier ?? '') && !!value);
  if (!isKinds.some(({ value }) => ['issue', 'pull-request', 'pr'].includes(value)))
    throw new GitHubRefusal(422, "Query must include 'is:issue' or 'is:pull-request'");
  const given = terms.filter(({ qualifier }) => qualifier === 'in').map(({ value }) => value.split(','));
  const fields = given.length === 0 ? ['title', 'body', 'comments'] : given.flat();
  const tests = terms.flatMap(({ qualifier, value, negated }): readonly Test[] => {
    if (qualifier === 'in' || qualifier === 'repo') return [];
    const known = qualifier === undefined ? undefined : qualifiers[qualifier];
    // What is no qualifier is searched as text, colon and all.
    const phrase = qualifier === undefined ? value : `${qualifier} ${value}`;
    const test =
      known?.(value) ?? ((found) => fieldsOf(found.issue, fields).some((field) => holds(field, phrase)));
    return [negated ? (found) => !test(found) : test];
  });
  return {
    repositories: terms.filter(({ qualifier }) => qualifier === 'repo').map(({ value }) => value),
    test: (found) => tests.every((test) => test(found)),
  };
}
