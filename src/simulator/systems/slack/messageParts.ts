import type { SlackArguments } from './slackCall.ts';
import { isRecord, SlackRefusal } from './slackCall.ts';
import type { SlackMetadata } from './slackState.ts';

const blockTypes = [
  ...['actions', 'context', 'context_actions', 'divider', 'file', 'header', 'image', 'input', 'markdown'],
  ...['rich_text', 'section', 'table', 'video'],
];
/** Longest text of a block, in characters: https://docs.slack.dev/reference/block-kit/blocks */
const longestText: Readonly<Record<string, number>> = { section: 3000, header: 150 };
/** Bytes of its JSON. */
const longestMetadata = 16_384;

const textObjects = (block: Readonly<Record<string, unknown>>): readonly (readonly [string, unknown])[] => [
  ...(block['text'] === undefined ? [] : [['text', block['text']] as const]),
  ...(Array.isArray(block['fields'])
    ? block['fields'].map((field, n) => [`fields/${n}`, field] as const)
    : []),
];

function problemsOf(block: unknown, index: number): readonly string[] {
  const at = (pointer: string): string => `[json-pointer:/blocks/${index}${pointer}]`;
  if (!isRecord(block)) return [`must be an object ${at('')}`];
  const type = block['type'];
  if (typeof type !== 'string') return [`missing required field: type ${at('')}`];
  if (!blockTypes.includes(type)) return [`unsupported type: ${type} ${at('/type')}`];
  const texts = textObjects(block);
  if (type === 'header' && block['text'] === undefined) return [`missing required field: text ${at('')}`];
  if (type === 'section' && texts.length === 0)
    return [`must define either \`text\` or \`fields\` ${at('')}`];
  return texts.flatMap(([pointer, text]) => {
    const most = pointer === 'text' ? (longestText[type] ?? Infinity) : 2000;
    if (type === 'markdown') return [];
    if (!isRecord(text) || typeof text['text'] !== 'string')
      return [`must provide a text object ${at(`/${pointer}`)}`];
    if (text['type'] !== 'plain_text' && (type === 'header' || text['type'] !== 'mrkdwn'))
      return [`failed to match all allowed schemas ${at(`/${pointer}/type`)}`];
    if (text['text'] === '') return [`must be more than 0 characters ${at(`/${pointer}/text`)}`];
    return text['text'].length > most
      ? [`must be less than ${most + 1} characters ${at(`/${pointer}/text`)}`]
      : [];
  });
}

/** At most 50 blocks of known types; `invalid_blocks` says by JSON pointer what is wrong. */
export function readBlocks(args: SlackArguments): readonly unknown[] | undefined {
  const blocks = args.json('blocks', 'invalid_blocks_format');
  if (blocks === undefined || blocks === null) return undefined;
  if (!Array.isArray(blocks)) throw new SlackRefusal('invalid_blocks_format');
  const problems = [
    ...(blocks.length > 50 ? ['no more than 50 items allowed [json-pointer:/blocks]'] : []),
    ...blocks.flatMap(problemsOf),
  ];
  if (problems.length > 0)
    throw new SlackRefusal('invalid_blocks', {
      errors: problems,
      response_metadata: { messages: problems.map((problem) => `[ERROR] ${problem}`) },
    });
  return blocks.length === 0 ? undefined : (blocks as readonly unknown[]);
}

/** At most 100 attachments. */
export function readAttachments(args: SlackArguments): readonly unknown[] | undefined {
  const attachments = args.json('attachments', 'invalid_attachments');
  if (attachments === undefined || attachments === null) return undefined;
  if (!Array.isArray(attachments)) throw new SlackRefusal('invalid_attachments');
  if (attachments.length > 100) throw new SlackRefusal('too_many_attachments');
  return attachments.length === 0 ? undefined : (attachments as readonly unknown[]);
}

/**
 * `{event_type, event_payload}`; undefined when none was given, `none` for `{}`. Anybody of the workspace can read it:
 * nothing secret goes in. https://docs.slack.dev/messaging/message-metadata
 */
export function readMetadata(args: SlackArguments): SlackMetadata | 'none' | undefined {
  const metadata = args.json('metadata', 'invalid_metadata_format');
  if (metadata === undefined || metadata === null) return undefined;
  if (!isRecord(metadata)) throw new SlackRefusal('invalid_metadata_format');
  if (Object.keys(metadata).length === 0) return 'none';
  const { event_type: type, event_payload: payload } = metadata;
  if (typeof type !== 'string' || type === '' || !isRecord(payload))
    throw new SlackRefusal('invalid_metadata_format');
  if (Object.keys(metadata).some((key) => !['event_type', 'event_payload', 'entities'].includes(key)))
    throw new SlackRefusal('invalid_metadata_schema');
  if (Buffer.byteLength(JSON.stringify(metadata)) > longestMetadata)
    throw new SlackRefusal('metadata_too_large');
  return { event_type: type, event_payload: payload };
}
