/** Ids of rows as they are written: RFC 9562, section 4, in lower case. */

/** What a UUID looks like; a text of another shape is looked up nowhere. */
export const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
