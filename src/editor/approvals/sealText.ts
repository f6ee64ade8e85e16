import { scrypt } from 'node:crypto';

/**
 * A hash (64 hex digits) that takes a tenth of a second and 32 MB for each try, so that a password which is easy to guess
 * cannot be found by trying it against a journal. The same text and salt give the same seal on every machine.
 */
export const sealText = (text: string, salt: string): Promise<string> =>
  new Promise((resolve, reject) => {
    // https://nodejs.org/api/crypto.html#cryptoscryptpassword-salt-keylen-options-callback
    scrypt(text, salt, 32, { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 2 ** 20 }, (error, key) => {
      if (error) reject(error);
      else resolve(key.toString('hex'));
    });
  });
