import tseslint from 'typescript-eslint';

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'A name that is written is a name that can be found: no default exports.',
};

/** Borders of design: what a folder may not import, with the reason in the message. */
const never = (files, patterns) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns }] },
});
const noVscode = { group: ['vscode'], message: 'Only src/editor and src/extension.ts may import vscode.' };
const noNode = { group: ['node:*'], message: 'This folder must run anywhere: no node modules here.' };
const noInsides = (...names) => ({
  group: names.map((name) => `**/${name}/**`),
  message: 'Folders beside this one talk through core ports and extension.ts only.',
});

export default tseslint.config(
  { ignores: ['dist/**', 'out/**', 'node_modules/**', '**/*.mjs', '**/*.js', '**/*.cjs', '**/*.d.ts'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'max-lines': ['error', { max: 400 }],
      'no-restricted-syntax': ['error', noDefaultExport],
      eqeqeq: 'error',
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'No invented figures.' },
      ],
    },
  },
  { files: ['test/**/*.ts'], rules: { '@typescript-eslint/no-floating-promises': 'error' } },
  never(
    ['src/core/**/*.ts'],
    [noVscode, noNode, noInsides('executors', 'integrations', 'journal', 'simulator', 'editor', 'shared')],
  ),
  {
    files: ['src/core/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['fetch', 'setTimeout', 'setInterval', 'process', 'window', 'document'].map((name) => ({
          name,
          message: 'core is pure: the world comes in through ports.',
        })),
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'Time comes in as an argument.',
        },
        {
          selector: "MemberExpression[object.name='Date'][property.name='now']",
          message: 'Time comes in as an argument.',
        },
      ],
    },
  },
  never(
    ['src/shared/**/*.ts'],
    [noVscode, noNode, noInsides('executors', 'integrations', 'journal', 'simulator', 'editor')],
  ),
  never(['src/executors/**/*.ts'], [noVscode, noInsides('integrations', 'journal', 'simulator', 'editor')]),
  never(['src/integrations/**/*.ts'], [noVscode, noInsides('executors', 'journal', 'simulator', 'editor')]),
  never(['src/journal/**/*.ts'], [noVscode, noInsides('executors', 'integrations', 'simulator', 'editor')]),
  never(['src/simulator/**/*.ts'], [noVscode, noInsides('executors', 'integrations', 'journal', 'editor')]),
  // The command line is its own root: it verifies journals without an editor.
  never(['src/cli/**/*.ts'], [noVscode, noInsides('executors', 'integrations', 'simulator', 'editor')]),
  never(
    ['webview-ui/**/*.ts'],
    [noVscode, noNode, noInsides('executors', 'integrations', 'journal', 'simulator', 'editor')],
  ),
);
