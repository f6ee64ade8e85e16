import type { PhaseKind } from './guide.ts';

/**
 * Words that help where structure alone leaves a choice. Every list holds several languages and none is needed:
 * a guide in a language that is missing here is read by its structure or by markers.
 */
export const words = {
  severity:
    /severit|^sev$|priorit|schwere|stufe|gravedad|prioridad|gravit|niveau|важн|приоритет|серь[её]з|重大度|深刻度|優先|优先|严重|级别/iu,
  time: /time|respon|sla\b|zeit|tiempo|plazo|délai|temps|reaz|время|срок|時間|时间|時限|时限/iu,
  description: /descri|meaning|definition|beschreib|bedeut|beschr|описан|значен|説明|定義|描述|说明/iu,
  examples: /exampl|beispiel|ejempl|exempl|esempi|пример|приклад|例/iu,
  escalation: /escala|eskal|notif|inform|who\b|benachrichtig|avis|эскал|кого|エスカレ|連絡|升级|通知/iu,
  role: /role|rolle|funktion|function|rol\b|cargo|puesto|rôle|fonction|ruolo|роль|должност|役割|担当|角色|职责/iu,
  name: /name|nombre|nom\b|nome|имя|ім.я|person|名前|氏名|姓名/iu,
  contact: /contact|kontakt|phone|telef|téléph|email|e-mail|mail|slack|pager|контакт|連絡先|電話|联系|电话/iu,
  contacts: /contact|kontakt|ansprech|контакт|連絡先|联系/iu,
  phase: /phase|fase|phasé|étape|etapa|stage|фаза|этап|етап|フェーズ|段階|阶段|fázis/iu,
  option: /option|opci|opç|opzion|alternativ|variant|möglichkeit|вариант|варіант|選択|オプション|方案|选项/iu,
  command:
    /^(?:shell\s|cli\s)?(?:commands?|cmd|befehle?|kommando|comandos?|commandes?|команд[аы]|コマンド|命令)(?:\s|$)/iu,
  alerts: /(?:^|\s)alerts?$/iu,
  runbooks:
    /runbook|run book|playbook|handlungsanw|ablaufpl|procedure|procédure|procedimient|ранбук|плейбук|процедур|инструкц|ランブック|手順書|対応手順|运行手册|预案|操作手册/iu,
  update:
    /update|status|aktualis|communicat|kommunik|mitteil|actualiz|comunic|mise à jour|informer|обновл|статус|更新|連絡|通知/iu,
  dashboard:
    /dashboard|tablero|painel|panel\b|paneles\b|tableaux? de bord|cruscott|übersicht|дашборд|панел|ダッシュボード|대시보드|仪表[板盘]|儀表板/iu,
  every:
    /\b(?:every|each|alle|jede[nrs]?|cada|tou(?:te)?s les|chaque|ogni|elke|var)\b|кажд|кожн|ごと|毎|每/iu,
  recurring:
    /recurr|repeat|wiederkehr|wiederholt|reincid|recidiv|récurr|répét|ricorr|повтор|再発|反復|反复|重复/iu,
  within:
    /\b(?:within|in|inside|no later|innerhalb|binnen|spätestens|dentro|en|sous|dans|entro|within)\b|в течение|протягом|以内|之内|内/iu,
} as const;

/** A comment that states when a step is to be done: it begins with "if" in one of these languages. */
export const startsWithIf =
  /^(?:(?:if|when|falls|wenn|sofern|si|cuando|quand|lorsque|se|quando|als|wanneer|om|hvis|jeśli|gdy|если|когда|якщо|коли|ha|eğer)(?=[\s,:])|もし|如果|若|当|如果|إذا|यदि)/iu;

/** "Failover if necessary": whether the step is to be done depends, though the sentence begins with what to do. */
export const endsWithNeed = /\S\s+(?:if|when) (?:necessary|needed|required)[.:]?$/i;

const kindWords: readonly (readonly [PhaseKind, RegExp])[] = [
  [
    'post-mortem',
    /post.?mortem|retrospe|rétrospe|lessons|after.?action|nachbereit|nachbetracht|nachbesprech|rückblick|aufarbeit|posterior|retour d.exp|bilan|разбор|постмортем|ретроспект|振り返り|事後|ポストモーテム|复盘|事后/iu,
  ],
  [
    'triage',
    /triage|triaje|detect|détect|detecc|identif|erkenn|erfass|einstuf|meldung|clasific|выявл|обнаруж|сортировк|виявл|検知|検出|トリアージ|检测|分诊|发现|rileva|wykry/iu,
  ],
  [
    'diagnosis',
    /diagn|investig|analy[sz]|untersuch|ursach|análisis|диагн|расследов|анализ|діагн|診断|調査|诊断|调查|排查|διάγν/iu,
  ],
  [
    'mitigation',
    /mitig|contain|eradic|eindämm|abmilder|gegenmaß|schadensbeg|entschärf|contenci|atténu|смягч|устранен|локализ|пом.якш|緩和|軽減|止血|缓解|止损/iu,
  ],
  [
    'resolution',
    /resol|résol|recover|restor|behebung|lösung|wiederherst|abschluss|rétabl|recuper|cierre|clôture|восстан|решени|разреш|відновл|解決|復旧|恢复|解决|rozwiąz/iu,
  ],
];

/** The kind a phase's or section's name says, by the word that stands first in it; undefined when none does. */
export function kindOfName(name: string): PhaseKind | undefined {
  let best: PhaseKind | undefined;
  let at = Infinity;
  for (const [kind, pattern] of kindWords) {
    const found = name.search(pattern);
    if (found < 0) continue;
    // "Post-mortem analysis" is no diagnosis: the post-mortem word wins wherever it stands.
    if (kind === 'post-mortem') return kind;
    if (found < at) [best, at] = [kind, found];
  }
  return best;
}

export type AlertPart = 'meaning' | 'impact' | 'diagnosis' | 'mitigation';

const alertParts = new Map<string, AlertPart>();
/** Headings that stand for these in other collections; too common to make a file an alert runbook by themselves. */
const alertPartsElsewhere = new Map<string, AlertPart>();
for (const [part, names, elsewhere] of [
  [
    'meaning',
    'meaning bedeutung significado signification significato значение значення 意味 含义',
    'symptoms,symptom,description,alert description,alert details,what it means,what does this mean,what happened,explanation,symptome,síntomas,symptômes,симптомы,症状',
  ],
  [
    'impact',
    'impact auswirkung auswirkungen impacto conséquences impatto влияние вплив 影響 影响',
    'user impact,customer impact,business impact,consequences',
  ],
  [
    'diagnosis',
    'diagnosis diagnose diagnóstico diagnostic diagnosi диагностика діагностика 診断 诊断',
    'diagnostics,diagnosing,diagnostic steps,troubleshooting,troubleshooting steps,troubleshoot,investigation,how to investigate,investigate,debugging,debug,checks,possible checks,pre-checks,initial checks,first checks,verification,fehlersuche,untersuchung,solución de problemas,dépannage,поиск причины,調査,排查',
  ],
  [
    'mitigation',
    'mitigation behebung gegenmaßnahmen mitigación atténuation mitigazione устранение 緩和 缓解',
    'resolution,possible resolutions,resolutions,remediation,remedy,remediation steps,fix,how to fix,how to fix it,how to resolve,recovery,recommended response,recommended action,recommended actions,action,actions,immediate actions,response,solution,solutions,workaround,next steps,procedure,maßnahmen,resolución,résolution,решение,対処,处理',
  ],
] as const) {
  for (const name of names.split(' ')) alertParts.set(name, part);
  for (const name of elsewhere.split(',')) alertPartsElsewhere.set(name, part);
}

/** `2. Symptoms:` → `symptoms`. */
const plainHeading = (heading: string): string => {
  const text = heading.toLowerCase();
  return /^[\d(]/.test(text) || /[\s:：]$/.test(text.slice(-1))
    ? text.replace(/^[\d.()\s]{0,8}/, '').replace(/[\s:：]{0,4}$/, '')
    : text;
};

/** Which heading of the alert-runbook convention (Meaning, Impact, Diagnosis, Mitigation) a heading is. */
export const alertPartOf = (heading: string): AlertPart | undefined =>
  heading.length < 30 ? alertParts.get(heading.trim().toLowerCase()) : undefined;

/** The same, with what other collections call these parts: Symptoms, Troubleshooting, Resolution. */
export function alertPartLike(heading: string): AlertPart | undefined {
  if (heading.length >= 40) return undefined;
  const plain = plainHeading(heading);
  return alertParts.get(plain) ?? alertPartsElsewhere.get(plain);
}

const explaining = new Set(
  (
    'overview,background,introduction,summary,about,context,full context,references,reference,links,useful links,' +
    'related links,related,see also,further reading,additional resources,resources,glossary,definitions,changelog,' +
    'how it works,architecture,severity,table of contents,contents,owner,owners,history,' +
    'überblick,hintergrund,einleitung,zusammenfassung,resumen,introducción,contexto,aperçu,contexte,обзор,概要,背景'
  ).split(','),
);

/** A heading above explanations: meaning, impact, background, links. `part` is what `alertPartLike` says of it. */
export const isExplaining = (heading: string, part: AlertPart | undefined): boolean =>
  part === 'meaning' || part === 'impact' || (heading.length <= 40 && explaining.has(plainHeading(heading)));

/** A sentence that asks, in any script that has a question mark. */
export const isQuestion = (text: string): boolean => /[?？؟\u037e՞]["'”»)\s]*$/.test(text.slice(-8));
