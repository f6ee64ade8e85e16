const offset = { high: 0xcbf29ce4, low: 0x84222325 };
/** The prime is 2^40 + 0x1b3: multiplying is a shift and a product that a double holds exactly. */
const primeLow = 0x1b3;
const separator = 0xff;

/**
 * Alertmanager's own fingerprint of an alert: 64-bit FNV-1a over its labels in order of their names, each name and value
 * followed by a byte 0xFF; 16 hex digits. The same as in its API and in its templates' `.Fingerprint`
 * (prometheus/common, model.LabelSet.Fingerprint).
 */
export function alertFingerprint(labels: Readonly<Record<string, string>>): string {
  const hash = { ...offset };
  for (const name of Object.keys(labels).sort()) {
    addText(hash, name);
    addByte(hash, separator);
    addText(hash, labels[name] ?? '');
    addByte(hash, separator);
  }
  return hex(hash.high) + hex(hash.low);
}

/** The id of the alert with these labels, whichever system tells of it. */
export const alertId = (labels: Readonly<Record<string, string>>): string =>
  alertIdOfFingerprint(alertFingerprint(labels));

export const alertIdOfFingerprint = (fingerprint: string): string => `alert/${fingerprint.toLowerCase()}`;

const hex = (half: number): string => half.toString(16).padStart(8, '0');

function addByte(hash: { high: number; low: number }, byte: number): void {
  const low = (hash.low ^ byte) >>> 0;
  const product = low * primeLow;
  hash.high = (hash.high * primeLow + Math.floor(product / 2 ** 32) + ((low << 8) >>> 0)) % 2 ** 32;
  hash.low = product % 2 ** 32;
}

/** In UTF-8, as Go keeps text. */
function addText(hash: { high: number; low: number }, text: string): void {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) addByte(hash, code);
    else {
      const bytes = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
      addByte(hash, ((0xff00 >> bytes) & 0xff) | (code >> (6 * (bytes - 1))));
      for (let rest = bytes - 2; rest >= 0; rest--) addByte(hash, 0x80 | ((code >> (6 * rest)) & 0x3f));
    }
  }
}
