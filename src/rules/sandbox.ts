/**
 * The sandbox (演练环境): an installation of its own with one tenant of invented data. The tenant's
 * name is reserved for it, and everything that leaves it says what it is.
 */

/** The name of its tenant, which no other installation may have. */
export const SANDBOX_TENANT = "演练 SANDBOX";

/** What its labels say before the carrier's name. */
export const SANDBOX_MARK = "样张 SANDBOX";

/** The head that each of its answers over HTTP has, with the value `true`. */
export const SANDBOX_HEADER = "midan-sandbox";

/** So few that nobody runs a business on it. */
export const SANDBOX_WAYBILLS_MAX = 10_000;

/** Whether what belongs to the tenant is invented. */
export function isSandbox(tenant: { readonly name: string }): boolean {
  return tenant.name === SANDBOX_TENANT;
}
