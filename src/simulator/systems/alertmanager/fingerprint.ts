export type LabelSet = Readonly<Record<string, string>>;

const offset = 0xcbf29ce484222325n;
const prime = 0x100000001b3n;
const separator = 0xff;

/**
 * The fingerprint by which Prometheus and Alertmanager know a label set: FNV-1a, 64 bit, over name and value of each
 * label in the order of the names, a byte 0xff behind each; 16 lower-case hexadecimal letters. Annotations do not
 * count. https://github.com/prometheus/common/blob/v0.61.0/model/signature.go
 */
export function fingerprintOf(labels: LabelSet): string {
  let hash = offset;
  const add = (byte: number): void => {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * prime);
  };
  for (const name of Object.keys(labels).sort()) {
    for (const text of [name, labels[name] ?? '']) {
      for (const byte of Buffer.from(text, 'utf8')) add(byte);
      add(separator);
    }
  }
  return hash.toString(16).padStart(16, '0');
}
