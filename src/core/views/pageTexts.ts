import type { EventData } from '../incident/events.ts';
import { utcTime } from '../incident/instants.ts';

/** `PagerDuty incident #12 was resolved there by Bo Silva at 10:50 UTC` */
export const pageResolvedText = ({ name, page, who, at }: EventData['PageResolvedSeen']): string =>
  `PagerDuty incident ${name ?? page} was resolved there${who === undefined ? '' : ` by ${who}`} at ${utcTime(at)} UTC`;
