import type { Measure } from '../incident/measuredTimes.ts';

/** Sections of a post-mortem, in the order nearly every template has them. */
export const sectionOrder = [
  'summary',
  'timeline',
  'impact',
  'root-cause',
  'resolution',
  'lessons',
  'actions',
] as const;
export type SectionKind = (typeof sectionOrder)[number];

/** What a `Label: value` line asks for. */
export type Field =
  | Measure
  | 'eta'
  | 'hypothesis'
  | 'next'
  | 'status'
  | 'duration'
  | 'impact'
  | 'cause'
  | 'resolution'
  | 'severity'
  | 'service'
  | 'number'
  | 'title'
  | 'declared'
  | 'resolved'
  | 'date';

/**
 * Words headings begin or contain, without accents, in the languages post-mortems are commonly written in. Order
 * decides: a heading such as "Action items from the root cause" is about actions.
 */
const sectionWords: readonly (readonly [SectionKind, string])[] = [
  [
    'actions',
    'action|follow-up|follow up|next step|todo|corrective|massnahme|folgemassnahme|aktion|acciones|acoes|azioni|acties|actiepunt|dzialania|atgarder|handlinger|toimenpite|aksiyon|действия|меры|アクション|再発防止|改进措施|后续|행동|조치',
  ],
  [
    'timeline',
    'timeline|chronology|sequence of events|zeitachse|zeitleiste|zeitverlauf|zeitlicher|ablauf|chronologie|cronologia|linea de tiempo|linea del tiempo|linha do tempo|linea temporale|tijdlijn|os czasu|tidslinje|aikajana|zaman cizelgesi|хронология|таймлайн|タイムライン|時系列|经过|时间线|時間線|타임라인',
  ],
  [
    'lessons',
    'lesson|learning|what went|what worked|lehren|gelernt|erkenntnisse|lecons|enseignements|lecciones|aprendizajes|licoes|aprendizados|lezioni|lessen|geleerd|wnioski|lardomar|laerdom|opit|dersler|выводы|уроки|教訓|学び|经验|教训|교훈',
  ],
  [
    'root-cause',
    'root cause|cause|contributing|why it happened|ursache|grundursache|hauptursache|fehlerursache|causa|oorzaak|grondoorzaak|przyczyn|orsak|grundorsak|arsag|juurisyy|syy|kok neden|neden|причина|原因|根本|원인',
  ],
  [
    'impact',
    'impact|affected|consequences|auswirkung|impacto|impatto|gevolgen|wplyw|skutki|paverkan|konsekvens|vaikutus|etki|влияние|последствия|影響|影响|영향',
  ],
  [
    'resolution',
    'resolution|recovery|fix|mitigation|remediation|losung|behebung|wiederherstellung|resolucion|solucion|resolucao|solucao|risoluzione|oplossing|herstel|rozwiazanie|losning|ratkaisu|cozum|решение|устранение|解決|対応|复旧|解决|해결',
  ],
  [
    'summary',
    'summary|overview|executive|abstract|tl;dr|zusammenfassung|uberblick|ubersicht|kurzfassung|resume|synthese|resumen|resumo|sommario|riepilogo|samenvatting|podsumowanie|streszczenie|sammanfattning|yhteenveto|ozet|сводка|резюме|概要|摘要|サマリ|总结|요약',
  ],
];

const fieldWords: readonly (readonly [Field, string])[] = [
  [
    'detect',
    'time to detect|time to detection|detection time|ttd|mttd|zeit bis zur erkennung|temps de detection|tiempo de deteccion',
  ],
  [
    'acknowledge',
    'time to acknowledge|time to acknowledgement|tta|mtta|reaktionszeit|temps de prise en charge|tiempo de respuesta',
  ],
  ['mitigate', 'time to mitigate|time to mitigation|ttm|mttm|zeit bis zur entscharfung|tiempo de mitigacion'],
  [
    'resolve',
    'time to resolve|time to resolution|time to recover|time to recovery|ttr|mttr|zeit bis zur behebung|temps de resolution|tiempo de resolucion',
  ],
  [
    'eta',
    'eta|estimated|expected|prognose|voraussichtlich|estimation|prevision|previsao|estimado|estimada|previsto|stima|verwacht|przewidywan*|beraknad|ожида*|予定|预计',
  ],
  [
    'hypothesis',
    'hypothesis|hypothesen|hypothese|vermutung|suspected|theory|hipotesis|hipotese|ipotesi|hipoteza|hypotes*|гипотеза|仮説|假设|가설',
  ],
  [
    'next',
    'next|nachste|prochaine|proximos|proximo|prossimi|prossime|siguientes|volgende|nastepne|kolejne|nasta|neste|seuraava|следующ*|次の|下一步|다음',
  ],
  [
    'duration',
    'duration|dauer|duree|duracion|duracao|durata|duur|czas trwania|varaktighet|varighed|kesto|sure|длительность|продолжительность|期間|持续|기간',
  ],
  [
    'severity',
    'severity|priority|sev|schweregrad|prioritat|gravite|severite|severidad|gravedad|severidade|gravita|ernst|priorytet|allvarlighet|серьезность|приоритет|重大度|严重|심각도',
  ],
  [
    'service',
    'service|component|system|dienst|komponente|servicio|servico|servizio|usluga|tjanst|palvelu|сервис|サービス|服务|서비스',
  ],
  ['number', 'incident id|incident number|id|ticket|number|nummer|vorfallnummer|numero|номер|番号|编号'],
  ['title', 'title|incident title|titel|titre|titulo|titolo|tytul|название|タイトル|标题'],
  [
    'resolved',
    'resolved|ended|end time|end|gelost|behoben|resolu|resuelto|resolvido|risolto|opgelost|rozwiazano|решено|解決時刻',
  ],
  [
    'declared',
    'declared|started|start time|start|begin|began|gemeldet|beginn|debut|inicio|inizio|declarado|начало|開始|开始',
  ],
  ['date', 'date|datum|fecha|data|дата|日付|日期'],
  ['cause', 'cause|root cause|ursache|grundursache|causa|oorzaak|przyczyna|orsak|причина|原因|원인'],
  ['impact', 'impact|auswirkung|impacto|impatto|gevolgen|wplyw|paverkan|влияние|影響|影响|영향'],
  [
    'resolution',
    'resolution|fix|mitigation|losung|behebung|resolucion|solucion|resolucao|solucao|risoluzione|oplossing|rozwiazanie|losning|решение|対応|解決|解决|해결',
  ],
  [
    'status',
    'status|state|stand|lage|statut|etat|estado|stato|stan|lage|tila|durum|статус|состояние|状況|状态|상태',
  ],
];

/** Letters that do not fall apart into a letter and an accent. */
const plainLetters: Readonly<Record<string, string>> = { ß: 'ss', ł: 'l', ø: 'o', ı: 'i', æ: 'ae' };

const normalise = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .replace(/[ßłøıæ]/g, (letter) => plainLetters[letter] ?? letter);

const unspaced = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/;

/** Scripts written without spaces count anywhere; the others from a word's beginning, up to its `ending`. */
function matcher(words: string, ending: string): RegExp {
  const parts = words.split('|').map((word) => {
    const escaped = normalise(word.replace(/\*$/, '')).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    if (unspaced.test(word)) return escaped;
    return `(?<![\\p{L}\\p{N}])${escaped}${word.endsWith('*') ? '' : ending}`;
  });
  return new RegExp(parts.join('|'), 'u');
}

interface Matcher<K> {
  readonly kind: K;
  readonly test: RegExp;
}

/** Compiled on first use: these expressions take longer to compile than the whole extension may take to activate. */
let compiled:
  | { readonly sections: readonly Matcher<SectionKind>[]; readonly fields: readonly Matcher<Field>[] }
  | undefined;

// Headings are inflected freely; a label's word must be whole but for a plural, or "Resolution" would be "résolu".
const getMatchers = () =>
  (compiled ??= {
    sections: sectionWords.map(([kind, words]) => ({ kind, test: matcher(words, '') })),
    fields: fieldWords.map(([kind, words]) => ({
      kind,
      test: matcher(words, '(?:s|es|n|en|e)?(?![\\p{L}\\p{N}])'),
    })),
  });

/** What a heading is about, by its words; undefined when none is known. */
export function sectionKindOf(heading: string): SectionKind | undefined {
  const text = normalise(heading);
  return getMatchers().sections.find(({ test }) => test.test(text))?.kind;
}

/** What a label asks for, by its words; undefined when none is known. */
export function fieldOf(label: string): Field | undefined {
  const text = normalise(label);
  return getMatchers().fields.find(({ test }) => test.test(text))?.kind;
}
