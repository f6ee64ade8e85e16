// The empty module that `vscode` becomes inside core: importing anything from it fails to compile.
export {};
