/** The rows of a table with a header in capitals, as kubectl and argocd print them, each by its columns' names. */
export function tableRows(text: string): readonly Readonly<Record<string, string>>[] {
  const [head, ...rows] = text.split('\n').filter((line) => line.trim() !== '');
  if (head === undefined || !/^[A-Z]/.test(head)) return [];
  const columns = [...head.matchAll(/\S+(?: \S+)*/g)].map(([name], at, all) => ({
    name,
    from: all[at]?.index ?? 0,
    to: all[at + 1]?.index,
  }));
  return rows.map((row) =>
    Object.fromEntries(columns.map(({ name, from, to }) => [name, row.slice(from, to).trim()])),
  );
}
