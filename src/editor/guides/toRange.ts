import * as vscode from 'vscode';
import type { TextRange } from '../../core/lint/textEdit.ts';

/** Lines and columns from 1 as VS Code's from 0. */
export const toRange = ({ line, column, endLine, endColumn }: TextRange): vscode.Range =>
  new vscode.Range(line - 1, column - 1, endLine - 1, endColumn - 1);
