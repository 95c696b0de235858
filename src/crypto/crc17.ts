/**
 * CRC-17 with the polynomial of CAN FD (ISO 11898-1:2015):
 * x^17+x^16+x^14+x^13+x^11+x^6+x^4+x^3+x+1.
 *
 * A CRC of degree 17 finds every error that lies within 17 neighbouring bits. A token has five bits
 * in each character, so every wrong character and every two neighbours changed round are found for
 * certain, and anything else with probability 1 - 2^-17. It guards against mistakes, not attackers.
 */

export const CRC_BITS = 17;
const POLYNOMIAL = 0x1685b;
const MASK = 2 ** CRC_BITS - 1;
/** "md1" as three bytes of ASCII, cut to 17 bits: the version takes part in the checksum. */
const INITIAL = 0x6d6431 & MASK;

function tableEntry(byte: number): number {
  let remainder = byte << (CRC_BITS - 8);
  for (let bit = 0; bit < 8; bit += 1) {
    const carry = remainder & (1 << (CRC_BITS - 1));
    remainder = ((remainder << 1) & MASK) ^ (carry === 0 ? 0 : POLYNOMIAL & MASK);
  }
  return remainder;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => tableEntry(byte));

/** The checksum (17 bits) of `bytes`. */
export function crc17(bytes: Uint8Array): number {
  let remainder = INITIAL;
  for (const byte of bytes) {
    const entry = TABLE[((remainder >>> (CRC_BITS - 8)) ^ byte) & 0xff] ?? 0;
    remainder = ((remainder << 8) & MASK) ^ entry;
  }
  return remainder;
}
