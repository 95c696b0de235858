/** How SHA-256 and SM3 divide a message into blocks: both as FIPS 180-4, section 5.1.1, has it. */

export const BLOCK_BYTES = 64;
const LENGTH_BYTES = 8;

/** `bytes`, a one bit, zeros and the length in bits: whole blocks of 64 bytes. */
export function padded(bytes: Uint8Array): DataView {
  const blocks = Math.ceil((bytes.length + 1 + LENGTH_BYTES) / BLOCK_BYTES);
  const block = new Uint8Array(blocks * BLOCK_BYTES);
  block.set(bytes);
  block[bytes.length] = 0x80;
  const view = new DataView(block.buffer);
  view.setBigUint64(block.length - LENGTH_BYTES, BigInt(bytes.length) * 8n);
  return view;
}
