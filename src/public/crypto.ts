/**
 * `midan/crypto`: what can be read of a token and of an envelope without any key. Sealing and
 * opening are verbs of the vault and are not exported.
 */
export { ENVELOPE_VERSION, readHeader } from "../crypto/envelope.ts";
export type { EnvelopeHeader } from "../crypto/envelope.ts";
export { parseToken, TOKEN_CHARACTERS } from "../crypto/token.ts";
export type { Token } from "../crypto/token.ts";
