/** A vault of its own on a clock that the test sets. */
import type { Vault } from "../../src/vault/vault.ts";
import { Clock } from "./clock.ts";
import { withHome } from "./home.ts";
import type { Home } from "./home.ts";

/** Runs `work` with a fresh installation whose one open vault goes by `clock`. */
export async function withVault(
  work: (vault: Vault, clock: Clock, home: Home) => Promise<void>,
): Promise<void> {
  await withHome(async (home) => {
    const clock = new Clock();
    await using vault = await home.open({ now: clock.now });
    await work(vault, clock, home);
  });
}
