/** Scopes of authorities as rows, for tests that are about something else. */
import { randomUUID } from "node:crypto";
import type { AuthorityScope } from "../../src/rules/authority-scope.ts";
import { insertScope } from "../../src/store/authority-scope.ts";
import type { Connection } from "../../src/store/query.ts";
import { day } from "../keystore/fresh-store.ts";

/** Lets the authority be shown these of the tenant, whatever the test's clock says. */
export async function showTo(
  connection: Connection,
  { authority, tenantId }: { readonly authority: string; readonly tenantId: string },
  scopes: readonly AuthorityScope[],
): Promise<void> {
  for (const scope of scopes) {
    await insertScope(connection, {
      id: randomUUID(),
      tenantId,
      authority,
      grantedAt: new Date("2020-01-01T00:00:00Z"),
      fromDay: day("2020-01-01"),
      untilDay: day("2099-12-31"),
      needsApproval: false,
      scope,
      source: "tenant",
      basis: "依据",
      document: "文号",
      grantedBy: "st-0000000000000000",
    });
  }
}
