/** What an XML element holds: text, nothing, elements by name, or a list of elements of one name. */
export type XmlValue = string | number | boolean | undefined | XmlElements | XmlList;
export interface XmlElements {
  readonly [name: string]: XmlValue;
}
export interface XmlList {
  readonly each: string;
  readonly of: readonly XmlValue[];
}

/** AWS's Query protocol: an absent value has no element, a list's items have a name of their own. */
export function renderXml(name: string, value: XmlValue): string {
  if (value === undefined) return '';
  if (typeof value !== 'object') return `<${name}>${escapeText(String(value))}</${name}>`;
  const inner = isList(value)
    ? value.of.map((item) => renderXml(value.each, item)).join('')
    : Object.entries(value)
        .map(([key, each]) => renderXml(key, each))
        .join('');
  return inner === '' ? `<${name}/>` : `<${name}>${inner}</${name}>`;
}

const isList = (value: XmlElements | XmlList): value is XmlList => Array.isArray(value['of']);

const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
