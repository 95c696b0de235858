/**
 * Bounds of a warrant (调取函). PIPL article 13(1)(3) lets a carrier disclose what a law obliges it
 * to; that it takes a document with its number and two of the carrier's officers is a house rule.
 */

export const WARRANT_DAYS_MAX = 30;
/** A warrant that nobody confirmed for so long is void, and the document is looked at anew. */
export const WARRANT_PENDING_DAYS_MAX = 7;
/** Waybills and real-name records that one warrant may name. */
export const WARRANT_SUBJECTS_MAX = 200;
export const WARRANT_TEXT_CHARACTERS_MAX = 100;
