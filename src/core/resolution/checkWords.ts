import type { CheckKind } from './check.ts';

/** What only a person can do, whatever else the item names: "Inform support that alerts are quiet" is no alert check. */
const byPerson =
  /\bmanual|by hand|smoke[ -]?test|\btests?\b.*\bpass|\b(?:inform|notify|tell|communicate|announce|document|write|schedule|thank)\b|stakeholder|\bmanuell|von hand|\bmanual(?:es|mente)?\b|\bmanuel|вручную|ручн|手動|手动|人工/iu;

/** Words by which an item asks for a check, in several languages; none is needed, an item without one is a person's. */
const asks: readonly (readonly [Exclude<CheckKind, 'manual'>, RegExp])[] = [
  [
    'metrics',
    /\bmetrics?\b|error[ -]?rates?|\blatenc|response times?|\bp9\d\b|\bslos?\b|throughput|metrik|fehlerrate|latenz|métri|tasa de error|taxa de erro|taux d.erreur|метрик|задержк|指標|指标|メトリク|エラー率/iu,
  ],
  [
    'logs',
    /\blogs\b|\blog[ -]?(?:files?|lines?|errors?|entries)\b|protokolle|registros|journaux|\bлог(?:и|ах|ов)?\b|журнал|ログ|日志/iu,
  ],
  [
    'alerts',
    /\balerts?\b|\balarms?\b|\balarme?n?\b|\bpages?\b.*\b(?:open|active|firing)|pagerduty|alertas?|alarmas?|alertes?|алерт|оповещен|アラート|告警|警报/iu,
  ],
  [
    'pods',
    /\bpods?\b|\breplicas?\b.*\b(?:ready|available|up)|\bdeployments?\b.*\b(?:ready|available|healthy)|ポッド/iu,
  ],
  ['argocd', /argo ?cd|\bin[ -]sync\b|\bsynced\b|\bgitops\b/iu],
  [
    'debts',
    /auto-?sync|feature[ -]?flags?|\bflags?\b|scaled?[ -](?:back|down)|temporary (?:change|measure|fix|scal|workaround)|\bworkarounds?\b/iu,
  ],
];

/** What an item of a checklist asks to be looked at, by its words; `manual` when nothing of it can be. */
export function kindsOf(text: string): readonly CheckKind[] {
  if (byPerson.test(text)) return ['manual'];
  const kinds = asks.filter(([, words]) => words.test(text)).map(([kind]) => kind);
  return kinds.length > 0 ? kinds : ['manual'];
}
